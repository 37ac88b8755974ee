/** A point of simulated time: whole microseconds since 1970-01-01T00:00:00Z. Exact in a double until the year 2255. */
export type Time = number;

/** A span of simulated time in microseconds. */
export type Duration = number;

export const MICROSECOND: Duration = 1;
export const MILLISECOND: Duration = 1_000;
export const SECOND: Duration = 1_000_000;
export const MINUTE: Duration = 60 * SECOND;
export const HOUR: Duration = 60 * MINUTE;
export const DAY: Duration = 24 * HOUR;
