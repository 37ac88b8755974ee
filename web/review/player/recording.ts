import type { Replay } from "../../../server/sessions/protocol/index.ts";

/** A terminal that can be drawn on. What is written comes in order. */
export interface Target {
  /** Empties it, makes it so large, and draws this. */
  reset(cols: number, rows: number, text: string): void;
  resize(cols: number, rows: number): void;
  write(text: string): void;
}

/** A recording on a terminal: shows what stood there at any moment, from the keyframe before it. */
export class Recording {
  readonly #replay: Replay;
  readonly #target: Target;
  /** The first event that is not drawn; -1 while nothing is. */
  #next = -1;

  constructor(replay: Replay, target: Target) {
    this.#replay = replay;
    this.#target = target;
  }

  /** Draws the terminal as it was at a moment, in milliseconds since 1970. */
  show(at: number): void {
    const { keyframes, cols, rows } = this.#replay;
    const end = countUntil(this.#replay, at);
    const keyframe = keyframes.findLast(({ event }) => event <= end);
    if (this.#next < 0 || end < this.#next || (keyframe && keyframe.event > this.#next)) {
      this.#target.reset(keyframe?.cols ?? cols, keyframe?.rows ?? rows, keyframe?.text ?? "");
      this.#next = keyframe?.event ?? 0;
    }
    this.#draw(end);
  }

  #draw(end: number): void {
    const { events } = this.#replay;
    let text = "";
    for (; this.#next < end; this.#next++) {
      const [, what, rows] = events[this.#next]!;
      if (typeof what === "string") text += what;
      else {
        if (text !== "") this.#target.write(text);
        text = "";
        this.#target.resize(what, rows!);
      }
    }
    if (text !== "") this.#target.write(text);
  }
}

/** How many events of a recording had happened. */
function countUntil({ events, startedAt }: Replay, at: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]![0] + startedAt <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
