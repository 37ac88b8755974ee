import type { RouteMetrics } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit } from "../exit.ts";
import { invalid, matches, readUnsigned, type Words } from "../words.ts";

interface Metric {
  readonly name: string;
  readonly kind: "number" | "time" | "ecn" | "flag" | "name";
  /** May stand for it with its beginning. */
  readonly short?: true;
  readonly max?: number;
  /** What the program calls it where it refuses a value. */
  readonly called?: string;
  /** Units of the kernel in a millisecond. */
  readonly scale?: number;
}

/** In the order in which they are shown (RTAX_…), without the MTU. */
const METRICS: readonly Metric[] = [
  { name: "window", kind: "number", short: true },
  { name: "rtt", kind: "time", scale: 8 },
  { name: "rttvar", kind: "time", short: true, scale: 4 },
  { name: "ssthresh", kind: "number", short: true },
  { name: "cwnd", kind: "number", short: true },
  { name: "advmss", kind: "number", called: "mss" },
  { name: "reordering", kind: "number", short: true },
  { name: "hoplimit", kind: "number", max: 255 },
  { name: "initcwnd", kind: "number", short: true },
  { name: "features", kind: "ecn", short: true },
  { name: "rto_min", kind: "time", scale: 1 },
  { name: "initrwnd", kind: "number", short: true },
  { name: "quickack", kind: "flag", short: true },
  { name: "congctl", kind: "name", short: true },
  { name: "fastopen_no_cookie", kind: "flag" },
];

/** In the order in which beginnings are tried (iproute_modify). */
const TRIED = [
  "hoplimit", "advmss", "reordering", "rtt", "rto_min", "window", "cwnd", "initcwnd", "initrwnd", "features", "quickack",
  "congctl", "rttvar", "ssthresh", "fastopen_no_cookie",
].map((name) => METRICS.find((metric) => metric.name === name)!); // prettier-ignore

export interface MetricWish {
  metrics?: Record<string, number | string>;
  locked?: string[];
}

/** Reads a metric with its value, if that is what the word begins. */
export function readMetric(words: Words, wish: MetricWish): boolean {
  const metric = TRIED.find(({ name, short }) => (short ? matches(words.word, name) : words.word === name));
  if (!metric) return false;
  const { name } = metric;
  words.next();
  if (words.word === "lock" && metric.kind !== "ecn" && metric.kind !== "flag" && name !== "rto_min") {
    (wish.locked ??= []).push(name);
    words.next();
  }
  if (name === "rto_min") (wish.locked ??= []).push(name);
  (wish.metrics ??= {})[name] = readValue(metric, words.word);
  return true;
}

function readValue({ name, kind, called = name, max, scale = 1 }: Metric, word: string): number | string {
  if (kind === "name") return word;
  if (kind === "ecn") {
    if (word !== "ecn") throw invalid('"features" value not valid\n', word);
    return 1;
  }
  const value = kind === "time" ? readTime(word, scale) : readUnsigned(word, max);
  if (value === undefined) throw invalid(`"${called}" value is invalid\n`, word);
  if (kind === "flag" && value > 1) throw invalid(`"${name}" value should be 0 or 1\n`, word);
  return value;
}

/** `100ms`, `1s`; without a unit it is the kernel's own, a fraction of a millisecond (get_time_rtt). */
function readTime(word: string, scale: number): number | undefined {
  const match = /^(\d+(?:\.\d*)?)(s|sec|secs|ms|msec|msecs)?$/i.exec(word);
  if (!match) return undefined;
  const value = Math.ceil(Number(match[1]) * (match[2]?.toLowerCase().startsWith("s") ? 1000 : 1));
  return match[2] === undefined ? Math.trunc(value / scale) : value;
}

/** The metrics of a route (ip/iproute.c: print_rta_metrics). */
export function printMetrics(
  { printer }: IpCall,
  row: { readonly mtu?: number; readonly metrics?: RouteMetrics; readonly locked?: readonly string[] },
): void {
  const { mtu, metrics = {}, locked = [] } = row;
  if (mtu === undefined && row.metrics === undefined) return;
  const lock = (name: string): string => (locked.includes(name) ? "lock " : "");
  printer.openArray("metrics");
  printer.openObject();
  if (mtu !== undefined) printer.fact("mtu", `mtu ${lock("mtu")}${mtu} `, mtu);
  for (const { name, kind } of METRICS) {
    const value = metrics[name];
    if (value === undefined) continue;
    if (kind === "ecn") printer.fact("ecn", `${name} ${lock(name)}ecn `, null);
    else if (kind === "time") printer.fact(name, `${name} ${lock(name)}${timeText(Number(value))} `, value);
    else printer.fact(name === "congctl" ? "congestion" : name, `${name} ${lock(name)}${value} `, value);
  }
  printer.closeObject();
  printer.closeArray();
}

function timeText(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

/** What the kernel has of algorithms that a route may name (tcp_available_congestion_control). */
export function requireCongestionControl({ metrics }: MetricWish): void {
  const name = metrics?.["congctl"];
  if (name !== undefined && name !== "cubic" && name !== "reno")
    throw new Exit(2, "Error: Unknown tcp congestion algorithm.\n");
}
