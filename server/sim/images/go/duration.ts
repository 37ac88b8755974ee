import { HOUR, MINUTE, SECOND, type Duration } from "../../kernel/index.ts";

const UNITS: Readonly<Record<string, number>> = {
  ns: 0.001,
  us: 1,
  "\u00b5s": 1,
  "\u03bcs": 1,
  ms: 1000,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

/** time.ParseDuration: `1h15m30.918s`; undefined if it is none. */
export function parseGoDuration(text: string): Duration | undefined {
  const [, sign, rest] = /^([-+]?)(.*)$/s.exec(text) as unknown as [string, string, string];
  if (rest === "0") return 0;
  let sum = 0;
  const read = rest.replaceAll(
    /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g,
    (_, number: string, unit: string) => {
      sum += Number(number) * UNITS[unit]!;
      return "";
    },
  );
  if (rest === "" || read !== "") return undefined;
  return sign === "-" ? -sum : sum;
}

/** Duration.String of whole nanoseconds given in microseconds: `12.3µs`, `1.5s`, `1m0.25s`. */
export function goDuration(span: Duration): string {
  const ns = Math.round(Math.abs(span) * 1000);
  const sign = span < 0 ? "-" : "";
  if (ns === 0) return "0s";
  if (ns < 1000) return `${sign}${ns}ns`;
  if (ns < 1_000_000) return `${sign}${ns / 1000}\u00b5s`;
  if (ns < 1_000_000_000) return `${sign}${ns / 1_000_000}ms`;
  const minutes = Math.floor(ns / 60_000_000_000);
  const seconds = `${(ns % 60_000_000_000) / 1_000_000_000}s`;
  if (minutes === 0) return sign + seconds;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60}m${seconds}`;
}
