import { DAY, HOUR, MINUTE, SECOND, type Duration } from "../../sim/kernel/index.ts";
import type { TabWriterOptions } from "../kubectl/output/tabwriter.ts";

/** `tabwriter.NewWriter(out, 10, 4, 3, ' ', 0)` */
export const TABLE: TabWriterOptions = { minWidth: 10, tabWidth: 4, padding: 3, padChar: " " };

/** apimachinery's duration.ShortHumanDuration: one unit, cut down. */
export function shortDuration(duration: Duration): string {
  const seconds = Math.trunc(duration / SECOND);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (duration < MINUTE) return `${seconds}s`;
  if (duration < HOUR) return `${Math.trunc(duration / MINUTE)}m`;
  if (duration < DAY) return `${Math.trunc(duration / HOUR)}h`;
  if (duration < 365 * DAY) return `${Math.trunc(duration / DAY)}d`;
  return `${Math.trunc(duration / (365 * DAY))}y`;
}
