/** Parts of a second in which periods are counted: xt_limit, and xt_hashlimit since revision 2. */
export const TENTH_MILLI_SCALE = 10_000;
export const MICRO_SCALE = 1_000_000;

const SECONDS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["min", 60],
  ["sec", 1],
] as const;

const UNITS = [
  ["second", 1],
  ["minute", 60],
  ["hour", 3_600],
  ["day", 86_400],
] as const;

export function perSecond(scale: number, period: number): number {
  return scale / period;
}

/** `5/min`, `3/h`, `7`: the time for one packet; undefined for what is no rate, `fast` for what is more than can be counted. */
export function readPeriod(scale: number, text: string): number | "fast" | undefined {
  const match = /^(\d+)(?:\/(\w+))?$/.exec(text);
  const unit = match?.[2]?.toLowerCase() ?? "second";
  const seconds = UNITS.find(([name]) => name.startsWith(unit))?.[1];
  const count = Number(match?.[1] ?? 0);
  if (seconds === undefined || count === 0) return undefined;
  const per = scale * seconds;
  return count > per ? "fast" : Math.floor(per / count);
}

/** In the smallest unit in which the rate still is a whole number, or nearly (print_rate). */
export function rateText(scale: number, period: number): string {
  let at = 1;
  for (; at < SECONDS.length; at++) {
    const per = SECONDS[at]![1] * scale;
    if (period > per || Math.floor(per / period) < per % period) break;
  }
  const [name, seconds] = SECONDS[at - 1]!;
  return `${Math.floor((seconds * scale) / period)}/${name}`;
}
