import type { Process } from "../../sim/host/index.ts";
import { SECOND, type Time } from "../../sim/kernel/index.ts";

const HEADING = `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
`;

/** What a transfer has moved so far. */
export interface Amounts {
  downloaded: number;
  downloadSize: number | undefined;
  uploaded: number;
  /** Undefined: nobody knows it beforehand. */
  uploadSize: number | undefined;
}

/** curl's progress meter (lib/progress.c), or the bar of `-#` (src/tool_cb_prg.c). Goes on each second. */
export class Progress {
  readonly #process: Process;
  readonly #bar: boolean;
  readonly #started: Time;
  readonly #amounts: Amounts;
  #cancel: () => void = () => {};
  #shown = false;
  #finished = false;

  constructor(process: Process, bar: boolean, started: Time, amounts: Amounts, heading: boolean, resumeFrom = 0) {
    this.#process = process;
    this.#bar = bar;
    this.#started = started;
    this.#amounts = amounts;
    if (!heading || bar) return;
    if (resumeFrom > 0) this.#write(`** Resuming transfer from byte position ${resumeFrom}\n`);
    this.#write(HEADING);
  }

  /** The first line; from here on it is drawn anew every second. */
  start(): void {
    if (!this.#shown) {
      this.#shown = true;
      if (!this.#bar) this.#draw();
    }
    this.#cancel = this.#process.kernel.timer(SECOND, () => {
      this.#draw();
      this.start();
    });
  }

  /** Another request of the same transfer begins. */
  resume(): void {
    if (!this.#finished) return;
    this.#finished = false;
    this.start();
  }

  /** The last line, which stays. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.stop();
    this.#draw();
    this.#write("\n");
  }

  stop(): void {
    this.#cancel();
  }

  #write(text: string): void {
    this.#process.fds.find(2)?.writeNow(text);
  }

  #draw(): void {
    this.#write(this.#bar ? this.#barLine() : this.#meterLine());
  }

  #meterLine(): string {
    const { downloaded, downloadSize, uploaded, uploadSize } = this.#amounts;
    const elapsed = (this.#process.kernel.now - this.#started) / SECOND;
    const speed = (bytes: number): number => (bytes === 0 ? 0 : Math.floor(bytes / Math.max(elapsed, 0.000_001)));
    const total = (downloadSize ?? downloaded) + (uploadSize ?? uploaded);
    const percent = (part: number, whole: number): string => String(whole > 0 ? Math.floor((part * 100) / whole) : 0).padStart(3); // prettier-ignore
    const moved = downloaded + uploaded;
    const rate = speed(moved);
    const needed = downloadSize !== undefined && rate > 0 ? Math.floor(total / rate) : 0;
    const known = downloadSize !== undefined || uploadSize !== 0;
    const columns = [
      `${percent(moved, known ? total : 0)} ${max5(total)} `,
      `${percent(downloaded, downloadSize ?? 0)} ${max5(downloaded)} `,
      `${percent(uploaded, uploadSize ?? 0)} ${max5(uploaded)} `,
      `${max5(speed(downloaded))} `,
      max5(speed(uploaded)),
      clock(needed),
      clock(Math.floor(elapsed)),
      clock(Math.max(0, needed - Math.floor(elapsed))),
      max5(rate),
    ];
    return `\r${columns.join(" ")}`;
  }

  #barLine(): string {
    const { downloaded, downloadSize, uploaded, uploadSize } = this.#amounts;
    const columns = this.#process.fds.find(2)?.tty?.cols ?? 79;
    const width = columns - 7;
    const total = (downloadSize ?? 0) + (uploadSize ?? 0);
    if (total === 0) return "";
    const part = Math.min(1, (downloaded + uploaded) / total);
    return `\r${"#".repeat(Math.floor(width * part)).padEnd(width)} ${(part * 100).toFixed(1).padStart(5)}%`;
  }
}

/** A number of bytes in five columns. */
function max5(bytes: number): string {
  if (bytes < 100_000) return String(bytes).padStart(5);
  if (bytes < 10_000 * 1024) return `${Math.floor(bytes / 1024)}k`.padStart(5);
  const mega = 1024 * 1024;
  if (bytes < 100 * mega) return `${Math.floor(bytes / mega)}.${Math.floor((bytes % mega) / (mega / 10))}M`.padStart(5);
  return `${Math.floor(bytes / mega)}M`.padStart(5);
}

function clock(seconds: number): string {
  if (seconds <= 0) return "--:--:--";
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${String(hours).padStart(2)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
