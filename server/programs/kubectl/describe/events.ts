import { goSort } from "../output/index.ts";
import { ago, type Description } from "./description.ts";
import { parseRfc3339 } from "../../../sim/kernel/index.ts";

/** An event as far as `describe` shows it. */
export interface ShownEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string | null };
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly reportingComponent?: string;
}

/** The events at the end of a description (kubectl pkg/describe DescribeEvents). */
export function writeEvents(out: Description, events: readonly ShownEvent[] | undefined): void {
  if (!events) return;
  if (events.length === 0) return out.line(0, "Events:\t<none>");
  out.flush();
  const sorted = [...events];
  goSort(sorted, (a, b) => lastTime(a) < lastTime(b));
  out.line(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage");
  out.line(1, "----\t------\t----\t----\t-------");
  for (const event of sorted) {
    const { type = "", reason = "", message = "" } = event;
    const source = event.source?.component || (event.reportingComponent ?? "");
    out.line(1, `${type}\t${reason}\t${interval(event, out.now)}\t${source}\t${message.trim()}`);
  }
}

/** event.SortableEvents looks at this alone: events of the new kind, which have none, come first. */
function lastTime({ lastTimestamp }: ShownEvent): number {
  return lastTimestamp ? (parseRfc3339(lastTimestamp) ?? -Infinity) : -Infinity;
}

/** How long ago an event was, and how often it came. */
export function interval(
  { count = 0, series, firstTimestamp, lastTimestamp, eventTime }: ShownEvent,
  now: number,
): string {
  const first = firstTimestamp ? ago(firstTimestamp, now) : ago(eventTime, now);
  if (series) return `${ago(series.lastObservedTime, now)} (x${series.count ?? 0} over ${first})`;
  return count > 1 ? `${ago(lastTimestamp, now)} (x${count} over ${first})` : first;
}
