/** So many tries of one key within a time. */
export interface Allowance {
  readonly tries: number;
  /** Milliseconds. */
  readonly within: number;
}

/** Counts tries by key, such as an address or a name. What is too long ago is forgotten when something is asked. */
export class Throttle {
  readonly #allowance: Allowance;
  readonly #tries = new Map<string, number[]>();

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Counts a try. Zero: it may be made; else it is too many, and another one may be made after so many milliseconds. */
  take(key: string, now: number): number {
    this.#forgetOld(now);
    const { tries, within } = this.#allowance;
    const made = this.#tries.get(key) ?? [];
    if (made.length >= tries) return made[0]! + within - now;
    this.#tries.set(key, [...made, now]);
    return 0;
  }

  /** The last try does not count. */
  giveBack(key: string): void {
    const made = this.#tries.get(key);
    if (made !== undefined) this.#tries.set(key, made.slice(0, -1));
  }

  /** Somebody proved to be who they say: no try under this key counts any more. */
  forgive(key: string): void {
    this.#tries.delete(key);
  }

  #forgetOld(now: number): void {
    const since = now - this.#allowance.within;
    for (const [key, made] of this.#tries) {
      const recent = made.filter((at) => at > since);
      if (recent.length === 0) this.#tries.delete(key);
      else if (recent.length < made.length) this.#tries.set(key, recent);
    }
  }
}
