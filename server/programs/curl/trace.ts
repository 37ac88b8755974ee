import { open, OpenFile, type Process } from "../../sim/host/index.ts";
import { calendar, pad, type Bytes } from "../../sim/kernel/index.ts";
import type { CurlArguments } from "./options.ts";
import type { Stdout } from "./stdout.ts";

/** `--trace FILE`, `--trace-ascii FILE`: everything that goes over the wire, in columns (dump in src/tool_cb_dbg.c). */
export class Trace {
  readonly #process: Process;
  readonly #ascii: boolean;
  readonly #timed: boolean;
  readonly #out: Stdout | OpenFile;

  private constructor(process: Process, ascii: boolean, timed: boolean, out: Stdout | OpenFile) {
    this.#process = process;
    this.#ascii = ascii;
    this.#timed = timed;
    this.#out = out;
  }

  /** Undefined if none is wanted. */
  static open(process: Process, args: CurlArguments, stdout: Stdout): Trace | undefined {
    const last = args.given.findLast(({ name }) => name === "trace" || name === "trace-ascii");
    if (!last) return undefined;
    const out =
      last.value === "-"
        ? stdout
        : last.value === "%"
          ? process.fds.get(2)
          : open(process.host, last.value, { write: true, truncate: true }, process);
    if (out instanceof OpenFile) out.retain();
    return new Trace(process, last.name === "trace-ascii", args.has("trace-time"), out);
  }

  close(): void {
    if (this.#out instanceof OpenFile) this.#out.drop();
  }

  info(text: string): Promise<void> {
    return this.#write(`${this.#time()}== Info: ${text}\n`);
  }

  /** `what`: `=> Send header` and its like. */
  dump(what: string, bytes: Bytes): Promise<void> {
    const size = bytes.length;
    return this.#write(
      `${this.#time()}${what}, ${size} bytes (0x${size.toString(16)})\n${this.#ascii ? asText(bytes) : asHex(bytes)}`,
    );
  }

  #time(): string {
    return this.#timed ? timeOfDay(this.#process) : "";
  }

  async #write(text: Bytes): Promise<void> {
    if (this.#out instanceof OpenFile) await this.#out.write(this.#process, text);
    else await this.#out.put(text);
  }
}

/** `10:00:00.000123 ` */
export function timeOfDay(process: Process): string {
  const { now } = process.kernel;
  const { hour, minute, second } = calendar(now);
  return `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(now % 1_000_000, 6)} `;
}

function shown(bytes: Bytes): string {
  return bytes.replace(/[^\x20-\x7e]/g, ".");
}

function offset(at: number): string {
  return `${at.toString(16).padStart(4, "0")}: `;
}

function asHex(bytes: Bytes): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.slice(at, at + 16);
    const hex = Array.from(row, (char) => `${char.charCodeAt(0).toString(16).padStart(2, "0")} `).join("");
    text += `${offset(at)}${hex.padEnd(48)}${shown(row)}\n`;
  }
  return text;
}

/** 64 characters a line; a line end in the bytes begins a new one. */
function asText(bytes: Bytes): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf("\r\n", at);
    const short = end >= 0 && end - at <= 64;
    const row = bytes.slice(at, short ? end : at + 64);
    text += `${offset(at)}${shown(row)}\n`;
    at += row.length + (short ? 2 : 0);
  }
  return text;
}
