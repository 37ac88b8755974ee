import type { Random } from "./opening.ts";

const MAX_SEED = 2_147_483_647;

/** Seeds for attempts whose learner wants none: drawn before they are needed, so that a lab can be made ahead. */
export class Seeds {
  readonly #random: Random;
  readonly #next = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** The seed of the next attempt at a lab. */
  next(lab: string): number {
    let seed = this.#next.get(lab);
    if (seed === undefined) this.#next.set(lab, (seed = this.#draw()));
    return seed;
  }

  take(lab: string): number {
    const seed = this.next(lab);
    this.#next.delete(lab);
    return seed;
  }

  #draw(): number {
    return (Buffer.from(this.#random(4)).readUInt32BE() % MAX_SEED) + 1;
  }
}

/** The seed of an exam's part, if the exam was given one: they follow each other. */
export function partSeed(seed: number, part: number): number {
  return ((seed - 1 + part) % MAX_SEED) + 1;
}
