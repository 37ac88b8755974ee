import { SECOND, type Time } from "../../../sim/kernel/index.ts";
import type { Process } from "../../../sim/host/index.ts";
import { basename } from "../../../sim/host/index.ts";

const UNITS = " KMGT";
/** A name of a line of 80 columns has 44 of them. */
const BESIDE = 36;

/** The line that tells how far a copy is (OpenSSH progressmeter.c), on a terminal. */
export class Progress {
  readonly #process: Process;
  readonly #name: string;
  readonly #size: number;
  readonly #since: Time;
  #drawn: Time;
  #drawnAt = 0;
  #done = 0;
  /** Bytes in a second, smoothed. */
  #rate = 0;

  private constructor(process: Process, path: string, size: number) {
    this.#process = process;
    this.#name = basename(path);
    this.#size = size;
    this.#since = this.#drawn = process.now;
  }

  static async of(process: Process, path: string, size: number): Promise<Progress> {
    const progress = new Progress(process, path, size);
    await progress.#draw();
    return progress;
  }

  /** So many bytes more are there. The line is drawn once a second. */
  async add(bytes: number): Promise<void> {
    this.#done += bytes;
    if (this.#process.now - this.#drawn >= SECOND && this.#done < this.#size) await this.#draw();
  }

  async end(): Promise<void> {
    if (this.#drawnAt !== this.#size) await this.#draw();
    await this.#process.print("\n");
  }

  async #draw(): Promise<void> {
    const cols = this.#process.fds.find(1)?.tty?.cols ?? 80;
    const width = Math.max(cols - BESIDE, 0);
    const left = this.#size - this.#done;
    const { now } = this.#process;
    // At the end the rate is that of the whole; before, that of the last second.
    const span = left > 0 ? now - this.#drawn : now - this.#since;
    const bytes = left > 0 ? this.#done - this.#drawnAt : this.#size;
    const here = span > 0 ? Math.floor((bytes * SECOND) / span) : bytes;
    this.#rate = left > 0 && this.#rate > 0 ? Math.floor(this.#rate * 0.9 + here * 0.1) : here;
    const percent = left === 0 || this.#size === 0 ? 100 : Math.floor((this.#done / this.#size) * 100);
    const name = this.#name.slice(0, width).padEnd(width);
    const size = `${formatSize(this.#done)} ${formatRate(this.#rate)}/s `;
    await this.#process.print(`\r${name} ${`${percent}`.padStart(3)}% ${size}${this.#eta(left)}`);
    this.#drawn = now;
    this.#drawnAt = this.#done;
  }

  #eta(left: number): string {
    if (left <= 0) return "  00:00    ";
    if (this.#rate === 0) return "  --:-- ETA";
    const seconds = Math.floor(left / this.#rate);
    const two = (value: number): string => `${value}`.padStart(2, "0");
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    const clock =
      hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `  ${two(minutes)}:${two(seconds % 60)}`;
    return `${clock} ETA`;
  }
}

function formatSize(bytes: number): string {
  let [left, unit] = [bytes, 0];
  for (; left >= 10_000 && unit < UNITS.length - 1; unit++) left = Math.floor((left + 512) / 1024);
  return `${`${left}`.padStart(4)}${UNITS[unit]}${unit > 0 ? "B" : " "}`;
}

function formatRate(bytes: number): string {
  let [hundredths, unit] = [bytes * 100, 0];
  for (; (hundredths >= 100_000 && unit < UNITS.length - 1) || unit === 0; unit++)
    hundredths = Math.floor((hundredths + 512) / 1024);
  const whole = `${Math.floor(hundredths / 100)}`.padStart(3);
  return `${whole}.${Math.floor((hundredths + 5) / 10) % 10}${UNITS[unit]}B`;
}
