import { HOUR, type Duration, type Time } from "../../../kernel/index.ts";

/** A sync that comes so long after the last full one is full, and at the latest then one comes (proxyutil.FullSyncPeriod). */
export const FULL_SYNC_PERIOD: Duration = HOUR;

/** How often a sync may run: a bucket of tokens, one more every `minSyncPeriod` (pkg/util/async BoundedFrequencyRunner). */
export interface RunnerState {
  readonly tokens: number;
  readonly filledAt: Time;
  readonly lastRun: Time;
}

const BURST = 2;

export function newRunner(now: Time): RunnerState {
  return { tokens: BURST, filledAt: now, lastRun: now };
}

/** Takes a token; undefined if there is none. */
export function tryAccept(state: RunnerState, now: Time, minInterval: Duration): RunnerState | undefined {
  if (minInterval === 0) return { ...state, lastRun: now };
  const tokens = Math.min(BURST, state.tokens + (now - state.filledAt) / minInterval);
  return tokens >= 1 ? { tokens: tokens - 1, filledAt: now, lastRun: now } : undefined;
}

/** When a run that got no token may be tried again. */
export function nextPossible({ lastRun }: RunnerState, now: Time, minInterval: Duration): Time {
  return Math.max(now, lastRun + minInterval);
}
