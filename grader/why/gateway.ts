import { GATEWAY_NAME, routeBehind, type Behind } from "../../server/sim/kube/addons/nginx-gateway-fabric/index.ts";
import type { Decision } from "../../server/sim/net/index.ts";
import type { Scene } from "../scene/scene.ts";
import { listed } from "./explanation.ts";
import { strayRoutes } from "./gateway-routes.ts";

/** Adds to what a Gateway's nginx decided which HTTPRoute and rule its location was made of. */
export function namedByRoute(scene: Scene, decision: Decision): Decision {
  const { place, netns } = decision;
  const [, namespace, name] = /^Pod ([^/]+)\/(\S+)$/.exec(netns) ?? [];
  const pod = place && name !== undefined && scene.hasCluster ? scene.objects.pod(namespace!, name) : undefined;
  const gateway = pod?.metadata.labels?.[GATEWAY_NAME];
  if (!place || gateway === undefined) return decision;
  const key = `${namespace!}/${gateway}`;
  const [cluster] = scene.world.clusters.list();
  const behind = cluster && routeBehind(cluster, key, place);
  return behind ? { ...decision, kubernetes: words(scene, behind, key, decision) } : decision;
}

function words(scene: Scene, behind: Behind, gateway: string, { what, place }: Decision): string {
  const { host, path, upstream } = place!;
  switch (behind.kind) {
    case "no host": {
      const stray = strayRoutes(scene, gateway, host);
      return `no HTTPRoute attached to Gateway ${gateway} is for host ${host}${stray === undefined ? "" : `: ${stray}`}`;
    }
    case "no path":
      return `no HTTPRoute attached to Gateway ${gateway} has a rule for host ${host} and path ${path}`;
    case "no match":
      return `no match of HTTPRoute ${listed(behind.routes)} for path ${path} fits the request's method, headers and query`;
    case "rule":
      return `${ruleWords(behind, upstream)}${what.includes("/nginx-503-server.sock") ? ", which has no ready endpoints" : ""}`;
  }
}

function ruleWords({ match }: Extract<Behind, { kind: "rule" }>, upstream: string | undefined): string {
  const { route, rule, filters, backends } = match;
  const title = `HTTPRoute ${route.key} rule[${rule}]`;
  const filter = filters.find(({ type }) => type === "RequestRedirect" || type === "ExtensionRef");
  if (filter) return `${title}: filter ${filter.type}`;
  const service = backends.find((backend) => backend.upstream !== undefined && backend.upstream === upstream)?.service;
  if (!service) return `${title}: ${backends.length === 0 ? "it has no backend" : "a backend that cannot be resolved"}`;
  const { port } = backends.find((backend) => backend.upstream === upstream)!;
  return `${title}: Service ${service.metadata.namespace!}/${service.metadata.name}:${port!}`;
}
