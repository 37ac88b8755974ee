import { attempt, Errno, open, type OpenFile } from "../sim/host/index.ts";
import { SECOND, type Bytes } from "../sim/kernel/index.ts";
import { worked } from "./gnu/input.ts";
import { formatFloat } from "./gnu/c-format.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { parseSize } from "./gnu/size.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const dd = tool({
  name: "dd",
  package: "coreutils",
  summary: "convert and copy a file",
  usage: ["[OPERAND]...", "OPTION"],
  about:
    "Copy a file, converting and formatting according to the operands.\n\n  bs= cbs= count= ibs= obs= if= of= seek= skip= status=LEVEL\n  conv=: lcase ucase swab notrunc nocreat excl noerror sync fsync fdatasync",
  flags: {},
  async run(call) {
    const settings = readOperands(call);
    if ("problem" in settings) return settings.usage ? call.usage(settings.problem) : call.fail(settings.problem);
    return new Copy(call, settings).run();
  },
});

interface Settings {
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly inBlock: number;
  readonly outBlock: number;
  readonly count: number;
  readonly skip: number;
  readonly seek: number;
  readonly conversions: ReadonlySet<string>;
  readonly status: "default" | "none" | "noxfer" | "progress";
}

const CONVERSIONS = ["lcase", "ucase", "swab", "notrunc", "nocreat", "excl", "noerror", "sync", "fsync", "fdatasync"];
const ABSENT = ["ascii", "ebcdic", "ibm", "block", "unblock", "sparse"];

function readOperands(call: Call<string>): Settings | { readonly problem: string; readonly usage: boolean } {
  const values = new Map<string, string>();
  for (const operand of call.operands) {
    const equals = operand.indexOf("=");
    const name = operand.slice(0, Math.max(0, equals));
    if (
      ![
        "if",
        "of",
        "bs",
        "ibs",
        "obs",
        "count",
        "skip",
        "iseek",
        "seek",
        "oseek",
        "conv",
        "status",
        "iflag",
        "oflag",
        "cbs",
      ].includes(name)
    )
      return { problem: `unrecognized operand ${call.quote(operand)}`, usage: true };
    values.set(name, operand.slice(equals + 1));
  }
  const numbers: Record<string, number> = {};
  for (const name of ["bs", "ibs", "obs", "count", "skip", "iseek", "seek", "oseek"]) {
    const text = values.get(name);
    if (text === undefined) continue;
    const product = text.split("x").reduce<number | undefined>((sum, part) => {
      const size = part.endsWith("c")
        ? parseSize(part.slice(0, -1))
        : part.endsWith("w")
          ? (parseSize(part.slice(0, -1)) ?? Number.NaN) * 2
          : part.endsWith("B") && /^\d+B$/.test(part)
            ? Number(part.slice(0, -1))
            : parseSize(part);
      return sum === undefined || size === undefined || Number.isNaN(size) ? undefined : sum * size;
    }, 1);
    if (product === undefined || (name.endsWith("bs") && product === 0))
      return { problem: `invalid number: ${call.quote(text)}`, usage: false };
    numbers[name] = product;
  }
  const conversions = (values.get("conv") ?? "").split(",").filter((word) => word !== "");
  const unknown = conversions.find((word) => !CONVERSIONS.includes(word));
  if (unknown !== undefined)
    return ABSENT.includes(unknown)
      ? { problem: `drydock: conversion ${unknown} is not simulated`, usage: false }
      : { problem: `invalid conversion: ${call.quote(unknown)}`, usage: true };
  const status = values.get("status") ?? "default";
  if (!["default", "none", "noxfer", "progress"].includes(status))
    return { problem: `invalid status level: ${call.quote(status)}`, usage: true };
  return {
    input: values.get("if"),
    output: values.get("of"),
    inBlock: numbers["bs"] ?? numbers["ibs"] ?? 512,
    outBlock: numbers["bs"] ?? numbers["obs"] ?? 512,
    count: numbers["count"] ?? Infinity,
    skip: numbers["skip"] ?? numbers["iseek"] ?? 0,
    seek: numbers["seek"] ?? numbers["oseek"] ?? 0,
    conversions: new Set(conversions),
    status: status as Settings["status"],
  };
}

class Copy {
  readonly #call: Call<string>;
  readonly #settings: Settings;
  #whole = 0;
  #partial = 0;
  #wroteWhole = 0;
  #wrotePartial = 0;
  #bytes = 0;
  #pending = "";

  constructor(call: Call<string>, settings: Settings) {
    this.#call = call;
    this.#settings = settings;
  }

  async run(): Promise<number> {
    const { process } = this.#call;
    const { input, output, inBlock, outBlock, skip, seek, count, conversions } = this.#settings;
    const source =
      input === undefined ? process.fds.get(0) : attempt(() => open(process.host, input, { read: true }, process));
    if (source instanceof Errno) return this.#call.fail(`failed to open ${shellQuote(input!)}: ${source.message}`);
    const truncate = !conversions.has("notrunc") && seek === 0;
    const flags = { write: true, truncate, existing: conversions.has("nocreat"), exclusive: conversions.has("excl") };
    const target =
      output === undefined ? process.fds.get(1) : attempt(() => open(process.host, output, flags, process));
    if (target instanceof Errno) return this.#call.fail(`failed to open ${shellQuote(output!)}: ${target.message}`);
    if (input !== undefined) process.fds.add(source, 3);
    if (output !== undefined) process.fds.add(target, 3);
    const started = process.now;
    let code = 0;
    try {
      if (skip > 0) await this.#skip(source, skip * inBlock);
      if (seek > 0 && target.position) target.seek(seek * outBlock);
      for (let done = 0; done < count; done++) {
        let block = await this.#block(source, inBlock);
        if (block === "") break;
        if (block.length === inBlock) this.#whole++;
        else this.#partial++;
        if (conversions.has("sync")) block = block.padEnd(inBlock, "\0");
        await this.#write(target, this.#converted(block));
      }
      await this.#flush(target);
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EPIPE") throw error;
      await this.#call.say(
        error.code === "EISDIR"
          ? `error reading ${shellQuote(input ?? "standard input")}: ${error.message}`
          : `error writing ${shellQuote(output ?? "standard output")}: ${error.message}`,
      );
      code = 1;
    }
    await this.#summary(process.now - started);
    return code;
  }

  /** One read: what a pipe gives at once may be less than a block. */
  async #block(source: OpenFile, size: number): Promise<Bytes> {
    const { process } = this.#call;
    let block = "";
    while (block.length < size) {
      const piece = await source.read(process, Math.min(65_536, size - block.length));
      await worked(process, piece.length);
      block += piece;
      // Devices and files fill the block; a pipe or terminal gives what it has.
      if (piece === "" || (source.name.startsWith("pipe:") && source.name !== "pipe:[0]") || source.tty) break;
    }
    return block;
  }

  async #skip(source: OpenFile, bytes: number): Promise<void> {
    if (source.position) {
      source.seek(Math.min(source.position.size, source.position.offset + bytes));
      return;
    }
    for (let left = bytes; left > 0;) {
      const piece = await source.read(this.#call.process, Math.min(65_536, left));
      if (piece === "") return;
      left -= piece.length;
    }
  }

  #converted(block: Bytes): Bytes {
    const { conversions } = this.#settings;
    let out = block;
    if (conversions.has("lcase")) out = out.replace(/[A-Z]+/g, (text) => text.toLowerCase());
    if (conversions.has("ucase")) out = out.replace(/[a-z]+/g, (text) => text.toUpperCase());
    return conversions.has("swab") ? out.replace(/([^])([^])/g, "$2$1") : out;
  }

  async #write(target: OpenFile, data: Bytes): Promise<void> {
    const { inBlock, outBlock } = this.#settings;
    if (inBlock === outBlock) {
      await this.#put(target, data);
      return;
    }
    this.#pending += data;
    while (this.#pending.length >= outBlock) {
      await this.#put(target, this.#pending.slice(0, outBlock));
      this.#pending = this.#pending.slice(outBlock);
    }
  }

  async #put(target: OpenFile, data: Bytes): Promise<void> {
    await target.write(this.#call.process, data);
    if (data.length === this.#settings.outBlock) this.#wroteWhole++;
    else this.#wrotePartial++;
    this.#bytes += data.length;
  }

  async #flush(target: OpenFile): Promise<void> {
    if (this.#pending !== "") await this.#put(target, this.#pending);
    this.#pending = "";
  }

  /** The records and how fast they went, by the simulated clock. */
  async #summary(span: number): Promise<void> {
    const { status } = this.#settings;
    if (status === "none") return;
    const { process } = this.#call;
    await process.error(
      `${this.#whole}+${this.#partial} records in\n${this.#wroteWhole}+${this.#wrotePartial} records out\n`,
    );
    if (status === "noxfer") return;
    const seconds = Math.max(1, span) / SECOND;
    const bytes = this.#bytes;
    const human = bytes >= 1000 ? ` (${scaled(bytes, 1000)}${bytes >= 1024 ? `, ${scaled(bytes, 1024)}` : ""})` : "";
    await process.error(
      `${bytes} ${bytes === 1 ? "byte" : "bytes"}${human} copied, ${formatFloat(seconds, "g", { flags: "" })} s, ${scaled(bytes / seconds, 1000)}/s\n`,
    );
  }
}

/** `1.0 kB`, `1.0 KiB`, `14 MB`. */
function scaled(amount: number, base: 1000 | 1024): string {
  const units = base === 1000 ? ["B", "kB", "MB", "GB", "TB"] : ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = amount;
  let unit = 0;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  const text = unit > 0 && value < 10 ? value.toFixed(1) : String(Math.round(value));
  return `${text} ${units[unit]!}`;
}
