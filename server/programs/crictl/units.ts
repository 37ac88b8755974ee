import { SECOND, type Duration } from "../../sim/kernel/index.ts";

/** docker/go-units HumanDuration: `Less than a second`, `8 seconds`, `About a minute`, `3 hours`. */
export function humanDuration(duration: Duration): string {
  const seconds = Math.floor(duration / SECOND);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.floor(seconds / 3600 + 0.5);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}

const SUFFIXES = ["B", "kB", "MB", "GB", "TB", "PB"];

/** docker/go-units HumanSizeWithPrecision: decimal units, so many significant digits as Go's `%.*g`. */
export function humanSize(bytes: number, precision = 4): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < SUFFIXES.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${Number(size.toPrecision(precision))}${SUFFIXES[unit]!}`;
}
