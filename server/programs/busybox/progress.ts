import type { Process } from "../../sim/host/index.ts";
import { SECOND, type Time } from "../../sim/kernel/index.ts";
import type { BusyboxVersion } from "./version.ts";

/** The bar of a download (libbb/progress.c): drawn at most once a second, and at the end. */
export class ProgressBar {
  readonly #process: Process;
  readonly #name: string;
  readonly #version: BusyboxVersion;
  readonly #started: Time;
  #drawn: Time;

  constructor(process: Process, name: string, version: BusyboxVersion) {
    this.#process = process;
    this.#name = name;
    this.#version = version;
    this.#started = this.#drawn = process.kernel.now;
  }

  async update(done: number, total: number): Promise<void> {
    if (this.#process.kernel.now - this.#drawn >= SECOND) await this.#draw(done, total);
  }

  async end(done: number, total: number): Promise<void> {
    await this.#draw(done, total);
    if (this.#process.isTty(2)) await this.#process.error("\n");
  }

  async #draw(done: number, total: number): Promise<void> {
    this.#drawn = this.#process.kernel.now;
    const tty = this.#process.fds.find(2)?.tty;
    let line = `${tty ? "\r" : ""}${this.#name.slice(0, 20).padEnd(20)}`;
    if (total > 0) {
      const newer = this.#version.isAtLeast("1.31");
      const width = (tty?.cols ?? 80) - (newer ? 48 : 49);
      const stars = Math.floor((Math.max(width, 0) * done) / total);
      line += `${String(Math.floor((100 * done) / total)).padStart(4)}% `;
      if (width > 0) line += `|${"*".repeat(stars).padEnd(width)}|`;
    }
    const elapsed = Math.floor((this.#process.kernel.now - this.#started) / SECOND);
    line += ` ${fiveColumns(done)}${this.#version.isAtLeast("1.31") ? "" : " "}${eta(done, total, elapsed)}`;
    await this.#process.error(`${line}${tty ? "" : "\n"}`);
  }
}

function eta(done: number, total: number, elapsed: number): string {
  if (total === 0 || done === 0) return " --:--:-- ETA";
  const left = Math.max(0, Math.floor(((total - done) * Math.max(elapsed, 1)) / done));
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${String(Math.floor(left / 3600)).padStart(3)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)} ETA`;
}

/** smart_ulltoa5 in libbb/human_readable.c: `  615`, `97.6k`, ` 123M`. */
function fiveColumns(bytes: number): string {
  if (bytes <= 99_999) return String(bytes).padStart(5);
  let tenths = bytes * 10;
  let scale = 0;
  do {
    tenths = Math.floor(tenths / 1024);
    scale++;
  } while (tenths >= 100_000);
  const unit = " kMGTPEZY"[scale]!;
  const whole = Math.floor(tenths / 10);
  return whole >= 100 ? `${String(whole).padStart(4)}${unit}` : `${String(whole).padStart(2)}.${tenths % 10}${unit}`;
}
