import { SECOND } from "../../../../kernel/index.ts";
import { matchingZone } from "../corefile/zone.ts";
import { once, type Plugin } from "../plugin.ts";
import { typeText } from "../record-type.ts";
import { isWritten } from "../reply.ts";
import { dnsMessageSize } from "../size.ts";
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
  serve: (_config, { instance, addresses }, next) => {
    const zones = addresses.map(({ zone }) => zone);
    return (query) => {
      const outcome = next(query);
      const { metrics } = instance;
      const zone = matchingZone(zones, query.name) ?? ".";
      const { server, protocol: proto, context } = query;
      const common = { server, zone, view: "" };
      const type = typeText(query.type);
      const family = context.remote.address.includes(":") ? "2" : "1";
      metrics.add("coredns_dns_requests_total", {
        ...common,
        proto,
        family,
        type: MONITORED.has(type) ? type : "other",
      });
      if (query.dnssecOk) metrics.add("coredns_dns_do_requests_total", common);
      const took = (query.clock.elapsed + instance.thinking()) / SECOND;
      metrics.observe("coredns_dns_request_duration_seconds", common, took);
      const asked = dnsMessageSize(query.message);
      const said = outcome.message ? dnsMessageSize(outcome.message) : 0;
      metrics.observe("coredns_dns_request_size_bytes", { ...common, proto }, asked);
      metrics.observe("coredns_dns_response_size_bytes", { ...common, proto }, said);
      const rcode = isWritten(outcome.rcode) ? (outcome.message?.rcode ?? "NOERROR") : outcome.rcode;
      metrics.add("coredns_dns_responses_total", { ...common, rcode, plugin: "" });
      return outcome;
    };
  },
};
