import { SECOND } from "../../../../kernel/index.ts";
import { matchingZone } from "../corefile/zone.ts";
import { once, type Plugin } from "../plugin.ts";
import { typeText } from "../record-type.ts";
import { isWritten } from "../reply.ts";
import { SeriesKeys, seriesKey, type Labels } from "../server/metrics.ts";
import { dnsMessageSize } from "../size.ts";
import { viewName } from "./view.ts";
import { readHttpAddress, type HttpAddress } from "./http-address.ts";

/** Types that are counted by name; all others are `other` (plugin/metrics/vars monitorType). */
const MONITORED: ReadonlySet<string> = new Set([
  "AAAA", "A", "CNAME", "DNSKEY", "DS", "HTTPS", "MX", "NSEC3", "NSEC", "NS", "PTR", "RRSIG", "SOA", "SRV", "SVCB", "TXT", "ANY",
]); // prettier-ignore

/** prometheus: counts queries and tells at /metrics (plugin/metrics). Its configuration is its address. */
export const prometheus: Plugin<HttpAddress> = {
  name: "prometheus",
  setup(c) {
    let address: HttpAddress = { host: "localhost", port: 9153 };
    once(c, () => {
      const args = c.remainingArgs();
      if (args.length > 1) throw c.argumentError();
      if (args[0] !== undefined) address = readHttpAddress(args[0]);
    });
    return address;
  },
  serve: (_config, block, next) => {
    const { instance, addresses } = block;
    const view = viewName(block);
    const zones = addresses.map(({ zone }) => zone);
    const keys = new SeriesKeys();
    return (query) => {
      const outcome = next(query);
      const { metrics } = instance;
      const zone = matchingZone(zones, query.name) ?? ".";
      const { server, protocol: proto, context } = query;
      const key = (name: string, labels: Labels): string =>
        keys.get(`${name} ${server} ${zone} ${Object.values(labels).join(" ")}`, () =>
          seriesKey(name, { server, zone, view, ...labels }),
        );
      const type = typeText(query.type);
      const family = context.remote.address.includes(":") ? "2" : "1";
      metrics.count(key("coredns_dns_requests_total", { proto, family, type: MONITORED.has(type) ? type : "other" }));
      if (query.dnssecOk) metrics.count(key("coredns_dns_do_requests_total", {}));
      const observe = (name: string, labels: Labels, value: number): void =>
        metrics.observe(name, key(name, labels), value);
      observe("coredns_dns_request_duration_seconds", {}, (query.clock.elapsed + instance.thinking()) / SECOND);
      observe("coredns_dns_request_size_bytes", { proto }, dnsMessageSize(query.message));
      observe("coredns_dns_response_size_bytes", { proto }, outcome.message ? dnsMessageSize(outcome.message) : 0);
      const rcode = isWritten(outcome.rcode) ? (outcome.message?.rcode ?? "NOERROR") : outcome.rcode;
      metrics.count(key("coredns_dns_responses_total", { rcode, plugin: "" }));
      return outcome;
    };
  },
};
