import type { Table } from "../../../../kernel/index.ts";

export type Labels = Readonly<Record<string, string>>;

/** A histogram's observations by bucket, each in the first that it fits into, the last one without a bound. Plain data. */
export interface Histogram {
  readonly counts: readonly number[];
  readonly sum: number;
}

/** What Prometheus is told: counters, gauges and histograms in a table by name and labels. */
export class Metrics {
  readonly #values: Table<string, number | Histogram>;

  constructor(values: Table<string, number | Histogram>) {
    this.#values = values;
  }

  add(name: string, labels: Labels, by = 1): void {
    this.count(seriesKey(name, labels), by);
  }

  /** Adds to a series whose key is known: for those that every query counts in. */
  count(key: string, by = 1): void {
    this.#values.set(key, ((this.#values.get(key) as number | undefined) ?? 0) + by);
  }

  set(name: string, labels: Labels, value: number): void {
    this.#values.set(seriesKey(name, labels), value);
  }

  /** One observation of a histogram. */
  observe(name: string, key: string, value: number): void {
    const { buckets } = HISTOGRAMS[name]!;
    const before = this.#values.get(key) as Histogram | undefined;
    const counts = before ? [...before.counts] : Array.from({ length: buckets.length + 1 }, () => 0);
    const found = buckets.findIndex((bound) => value <= bound);
    counts[found < 0 ? buckets.length : found]!++;
    this.#values.set(key, { counts, sum: (before?.sum ?? 0) + value });
  }

  /** The text format of Prometheus, families and series by name. */
  text(): string {
    const families = new Map<string, string[]>();
    for (const [key, value] of [...this.#values.entries()].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const name = key.replace(/\{.*/, "");
      if (!families.has(name)) families.set(name, []);
      const lines = typeof value === "number" ? [`${key} ${goFloat(value)}`] : histogramLines(name, key, value);
      families.get(name)!.push(...lines);
    }
    return [...families.entries()]
      .map(([name, lines]) => {
        const { help, type } = FAMILIES[name] ?? { help: HISTOGRAMS[name]?.help ?? "", type: "histogram" };
        return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`;
      })
      .join("");
  }
}

function histogramLines(name: string, key: string, { counts, sum }: Histogram): string[] {
  const labels = /\{(.*)\}$/.exec(key)?.[1];
  const series = (suffix: string, more = ""): string => {
    const all = [labels, more].filter((part) => part !== undefined && part !== "").join(",");
    return `${name}_${suffix}${all === "" ? "" : `{${all}}`}`;
  };
  const { buckets } = HISTOGRAMS[name]!;
  let total = 0;
  const lines = counts.map((count, index) => {
    total += count;
    const bound = buckets[index] === undefined ? "+Inf" : goFloat(buckets[index]);
    return `${series("bucket", `le="${bound}"`)} ${total}`;
  });
  return [...lines, `${series("sum")} ${goFloat(sum)}`, `${series("count")} ${total}`];
}

/** `name{a="1",b="2"}`: labels by name. */
export function seriesKey(name: string, labels: Labels): string {
  const names = Object.keys(labels).sort();
  if (names.length === 0) return name;
  return `${name}{${names.map((label) => `${label}=${JSON.stringify(labels[label]!)}`).join(",")}}`;
}

/** Series keys that are asked for again and again. */
export class SeriesKeys {
  readonly #keys = new Map<string, string>();

  /** The key for some text that stands for the labels. */
  get(text: string, make: () => string): string {
    let key = this.#keys.get(text);
    if (key === undefined) this.#keys.set(text, (key = make()));
    return key;
  }
}

/** As Go prints floating point numbers with 'g'. */
function goFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) {
    return Math.abs(value) >= 1e6 ? value.toExponential().replace(/e\+(\d)$/, "e+0$1") : String(value);
  }
  return Math.abs(value) < 1e-4 ? value.toExponential().replace(/e-(\d)$/, "e-0$1") : String(value);
}

const TIME = [
  0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192,
];
const SIZE = [0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16_000, 32_000, 48_000, 64_000];

const HISTOGRAMS: Readonly<Record<string, { readonly help: string; readonly buckets: readonly number[] }>> = {
  coredns_dns_request_duration_seconds: {
    help: "Histogram of the time (in seconds) each request took per zone.",
    buckets: TIME,
  },
  coredns_dns_request_size_bytes: {
    help: "Size of the EDNS0 UDP buffer in bytes (64K for TCP) per zone and protocol.",
    buckets: SIZE,
  },
  coredns_dns_response_size_bytes: { help: "Size of the returned response in bytes.", buckets: SIZE },
  coredns_proxy_request_duration_seconds: { help: "Histogram of the time each request took.", buckets: TIME },
};

const FAMILIES: Readonly<Record<string, { readonly help: string; readonly type: "counter" | "gauge" }>> = {
  coredns_build_info: { type: "gauge", help: "A metric with a constant '1' value labeled by version, revision, and goversion from which CoreDNS was built." },
  coredns_cache_drops_total: { type: "counter", help: "The number responses that are not cached, because the reply is malformed." },
  coredns_cache_entries: { type: "gauge", help: "The number of elements in the cache." },
  coredns_cache_evictions_total: { type: "counter", help: "The count of cache evictions." },
  coredns_cache_hits_total: { type: "counter", help: "The count of cache hits." },
  coredns_cache_misses_total: { type: "counter", help: "The count of cache misses. Deprecated, derive misses from cache hits/requests counters." },
  coredns_cache_prefetch_total: { type: "counter", help: "The number of times the cache has prefetched a cached item." },
  coredns_cache_requests_total: { type: "counter", help: "The count of cache requests." },
  coredns_cache_served_stale_total: { type: "counter", help: "The number of requests served from stale cache entries." },
  coredns_dns64_requests_translated_total: { type: "counter", help: "Counter of DNS requests translated by dns64." },
  coredns_dns_do_requests_total: { type: "counter", help: "Counter of DNS requests with DO bit set per zone." },
  coredns_dns_requests_total: { type: "counter", help: "Counter of DNS requests made per zone, protocol and family." },
  coredns_dns_responses_total: { type: "counter", help: "Counter of response status codes." },
  coredns_forward_healthcheck_broken_total: { type: "counter", help: "Counter of the number of complete failures of the healthchecks." },
  coredns_forward_max_concurrent_rejects_total: { type: "counter", help: "Counter of the number of queries rejected because the concurrent queries were at maximum." },
  coredns_panics_total: { type: "counter", help: "A metrics that counts the number of panics." },
  coredns_plugin_enabled: { type: "gauge", help: "A metric that indicates whether a plugin is enabled on per server and zone basis." },
  coredns_proxy_conn_cache_misses_total: { type: "counter", help: "Counter of connection cache misses per upstream and protocol." },
  coredns_proxy_healthcheck_failures_total: { type: "counter", help: "Counter of the number of failed healthchecks." },
  coredns_reload_failed_total: { type: "counter", help: "Counter of the number of failed reload attempts." },
  coredns_reload_version_info: { type: "gauge", help: "A metric with a constant '1' value labeled by hash, and value which type of hash generated." },
}; // prettier-ignore
