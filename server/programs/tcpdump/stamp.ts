import { calendar, SECOND, type Time } from "../../sim/kernel/index.ts";

/** The time in front of a packet, by how often -t was given (ts_print). */
export class Stamp {
  readonly #kind: number;
  #first: Time | undefined;
  #last: Time | undefined;

  constructor(kind: number) {
    this.#kind = kind;
  }

  text(time: Time): string {
    const whole = Math.floor(time);
    const micros = String(whole % SECOND).padStart(6, "0");
    switch (this.#kind) {
      case 0:
        return `${clock(whole)}.${micros} `;
      case 1:
        return "";
      case 2:
        return `${Math.floor(whole / SECOND)}.${micros} `;
      case 4:
        return `${day(whole)} ${clock(whole)}.${micros} `;
      default: {
        this.#first ??= whole;
        const since = whole - (this.#kind === 3 ? (this.#last ?? whole) : this.#first);
        this.#last = whole;
        const seconds = Math.floor(Math.abs(since) / SECOND);
        const two = (value: number): string => String(value).padStart(2, "0");
        const sign = since < 0 ? "-" : " ";
        return `${sign}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(Math.abs(since) % SECOND).padStart(6, "0")} `;
      }
    }
  }
}

function clock(time: Time): string {
  const seconds = Math.floor(time / SECOND) % 86_400;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function day(time: Time): string {
  const { year, month, day: number } = calendar(time);
  return `${year}-${String(month).padStart(2, "0")}-${String(number).padStart(2, "0")}`;
}
