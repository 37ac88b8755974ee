/** How many requests a session may be sent: `burst` at once, `perSecond` over time. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** A bucket of tokens for each session that was asked lately. `now` in milliseconds. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Whether one more may come. */
  takes(key: string): boolean {
    const now = this.#now();
    const { burst, perSecond } = this.#rate;
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= 1000) this.#forgetFull(now);
      this.#buckets.set(key, (bucket = { left: burst, at: now }));
    }
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }

  #forgetFull(now: number): void {
    const { burst, perSecond } = this.#rate;
    for (const [key, { left, at }] of this.#buckets)
      if (left + ((now - at) / 1000) * perSecond >= burst) this.#buckets.delete(key);
  }
}
