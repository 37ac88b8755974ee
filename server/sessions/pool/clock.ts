/** The time of people, in milliseconds since 1970, and timers. Tests move it by hand. */
export interface Clock {
  now(): number;
  set(action: () => void, ms: number): Timer;
  clear(timer: Timer): void;
}

/** What `set` returned; only `clear` looks at it. */
export type Timer = object;

export const wallClock: Clock = {
  now: () => Date.now(),
  set: (action, ms) => setTimeout(action, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
