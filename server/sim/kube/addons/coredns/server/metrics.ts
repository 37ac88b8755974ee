import type { Table } from "../../../../kernel/index.ts";

export type Labels = Readonly<Record<string, string>>;

/** What Prometheus would be told: counters, gauges and histograms in a table by name and labels. */
export class Metrics {
  readonly #values: Table<string, number>;

  constructor(values: Table<string, number>) {
    this.#values = values;
  }

  add(name: string, labels: Labels, by = 1): void {
    const key = series(name, labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }

  set(name: string, labels: Labels, value: number): void {
    this.#values.set(series(name, labels), value);
  }

  /** One observation of a histogram. */
  observe(name: string, labels: Labels, value: number): void {
    const { buckets } = HISTOGRAMS[name]!;
    for (const bound of buckets) this.add(`${name}_bucket`, { ...labels, le: String(bound) }, value <= bound ? 1 : 0);
    this.add(`${name}_bucket`, { ...labels, le: "+Inf" });
    this.add(`${name}_sum`, labels, value);
    this.add(`${name}_count`, labels);
  }

  /** The text format of Prometheus, families by name. */
  text(): string {
    const families = new Map<string, string[]>();
    for (const [key, value] of this.#values) {
      const name = familyOf(key.replace(/\{.*/, ""));
      if (!families.has(name)) families.set(name, []);
      families.get(name)!.push(`${key} ${number(value)}`);
    }
    return [...families.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, lines]) => {
        const { help, type } = FAMILIES[name] ?? { help: "", type: HISTOGRAMS[name] ? "histogram" : "untyped" };
        return `# HELP ${name} ${HISTOGRAMS[name]?.help ?? help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`;
      })
      .join("");
  }
}

function familyOf(name: string): string {
  const base = name.replace(/_(bucket|sum|count)$/, "");
  return HISTOGRAMS[base] ? base : name;
}

function series(name: string, labels: Labels): string {
  const le = labels["le"];
  const names = Object.keys(labels)
    .filter((label) => label !== "le")
    .sort();
  const pairs = names.map((label) => `${label}=${JSON.stringify(labels[label]!)}`);
  if (le !== undefined) pairs.push(`le="${le}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
}

/** As Go prints floating point numbers with 'g'. */
function number(value: number): string {
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
