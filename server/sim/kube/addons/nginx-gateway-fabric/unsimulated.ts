import type { KubeObject } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { customObjects, keyOf, type NginxProxy } from "./kinds.ts";

/** What the real controller would serve, too. */
const KINDS: Readonly<Record<string, string>> = {
  grpcroutes: "GRPCRoute",
  clientsettingspolicies: "ClientSettingsPolicy",
  observabilitypolicies: "ObservabilityPolicy",
  upstreamsettingspolicies: "UpstreamSettingsPolicy",
};

/** Fields of an NginxProxy that have their effect here; `true` stands for all within. */
const FIELDS = {
  ipFamily: true,
  disableHTTP2: true,
  logging: { errorLevel: true },
  kubernetes: {
    deployment: {
      replicas: true,
      container: { image: true, resources: true },
      pod: { nodeSelector: true, tolerations: true },
    },
    service: {
      type: true, externalTrafficPolicy: true, loadBalancerIP: true, loadBalancerClass: true,
      loadBalancerSourceRanges: true, nodePorts: true,
    },
  },
} as const; // prettier-ignore

interface Known {
  readonly [field: string]: true | Known;
}

/** Objects, and fields of objects, that the real controller would heed. */
export function unsimulated(cluster: Cluster): readonly string[] {
  return [
    ...Object.entries(KINDS).flatMap(([plural, kind]) => customObjects<KubeObject>(cluster, plural).map((object) => `${kind} ${keyOf(object)}`)),
    ...customObjects<NginxProxy>(cluster, "nginxproxies").flatMap((proxy) => unknownFields(proxy.spec, FIELDS, "spec").map((field) => `NginxProxy ${keyOf(proxy)}: ${field}`)),
  ]; // prettier-ignore
}

function unknownFields(value: object, known: Known, path: string): readonly string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const at = `${path}.${name}`;
    const within = Object.hasOwn(known, name) ? known[name]! : undefined;
    if (within === undefined) return [at];
    return within === true || typeof inner !== "object" || inner === null ? [] : unknownFields(inner, within, at);
  });
}
