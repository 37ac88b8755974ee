import { DAY, HOUR, MILLISECOND, MINUTE, SECOND, type Duration } from "../../kernel/index.ts";

const YEAR = 365 * DAY;

/** The age that a Table cell shows, as apimachinery/pkg/util/duration HumanDuration. */
export function humanDuration(span: Duration): string {
  const seconds = Math.trunc(span / SECOND);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (span < 2 * MINUTE) return `${seconds}s`;
  const minutes = Math.floor(span / MINUTE);
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(span / HOUR);
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(span / DAY);
  if (days < 8) return withRest(days, "d", hours % 24, "h");
  if (span < 2 * YEAR) return `${days}d`;
  const years = Math.floor(span / YEAR);
  return years < 8 ? withRest(years, "y", days % 365, "d") : `${years}y`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`;
}

/** As Go's time.Duration prints itself: `1h0m5s`, `1.5s`, `250ms`, `10µs`, `0s`. */
export function goDuration(span: Duration): string {
  if (span === 0) return "0s";
  const sign = span < 0 ? "-" : "";
  const micros = Math.abs(span);
  if (micros < MILLISECOND) return `${sign}${micros}µs`;
  if (micros < SECOND) return `${sign}${fraction(micros, MILLISECOND)}ms`;
  const hours = Math.floor(micros / HOUR);
  const minutes = Math.floor((micros % HOUR) / MINUTE);
  const seconds = `${fraction(micros % MINUTE, SECOND)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function fraction(span: Duration, unit: Duration): string {
  const whole = Math.floor(span / unit);
  const rest = span % unit;
  const digits = String(unit).length - 1;
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(digits, "0").replace(/0+$/, "")}`;
}

const UNITS: Record<string, number> = {
  ns: 0.001,
  us: 1,
  µs: 1,
  μs: 1,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

/** Reads what Go's time.ParseDuration reads (`1h30m`, `1.5s`, `-2ms`, `0`); undefined for anything else. */
export function parseGoDuration(text: string): Duration | undefined {
  const match =
    /^([-+]?)((?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h)(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*|0)$/.exec(
      text,
    );
  if (!match) return undefined;
  let span = 0;
  for (const part of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    span += Number(part[1]) * UNITS[part[2]!]!;
  return Math.round(match[1] === "-" ? -span : span);
}
