import { matchingZone } from "../corefile/zone.ts";
import { recordsOf, soa } from "../kubernetes/answers.ts";
import { Backend } from "../kubernetes/backend.ts";
import { readKubernetes, type KubernetesConfig } from "../kubernetes/config.ts";
import type { Plugin } from "../plugin.ts";
import { failed, written } from "../reply.ts";

/** kubernetes: names of Services and Pods (plugin/kubernetes/handler.go). */
export const kubernetes: Plugin<KubernetesConfig> = {
  name: "kubernetes",
  setup: readKubernetes,
  serve(config, block, next) {
    const backend = new Backend(config, block);
    return (query) => {
      const lower = matchingZone(config.zones, query.name);
      if (lower === undefined) return next(query);
      if (query.type === "TYPE251" || query.type === "TYPE252") return failed("REFUSED");
      const zone = lower === "." ? "." : query.qname.slice(query.qname.length - lower.length);
      query.trail.answered = { plugin: "kubernetes", zone };
      const records = recordsOf(backend, block, query, zone);
      const authorities = (): { authorities: readonly [ReturnType<typeof soa>] } => ({
        authorities: [soa(backend, zone)],
      });
      if (!records) {
        if (matchingZone(config.fall, query.name) !== undefined) return next(query);
        const rcode = backend.synced ? "NXDOMAIN" : "SERVFAIL";
        return written(query, { rcode, authoritative: true, ...authorities() });
      }
      if (records.answers.length === 0) return written(query, { authoritative: true, ...authorities() });
      return written(query, { authoritative: true, ...records });
    };
  },
};
