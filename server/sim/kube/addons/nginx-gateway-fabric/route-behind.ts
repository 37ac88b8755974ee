import type { DecisionPlace } from "../../../net/index.ts";
import type { AnyKind } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { externalPaths, internalPath } from "./conf/locations.ts";
import { virtualServers, type MatchRule, type PathRule } from "./conf/virtual-servers.ts";
import { buildGraph } from "./graph/graph.ts";
import { customObjects, keyOf, type Gateway, type GatewayClass } from "./kinds.ts";

/** What a location of a Gateway's nginx was made of. */
export type Behind =
  | { readonly kind: "rule"; readonly match: MatchRule }
  /** Routes have the path, and no match of theirs fits the rest of the request. */
  | { readonly kind: "no match"; readonly routes: readonly string[] }
  /** No route has the path; the host, neither. */
  | { readonly kind: "no path" | "no host" };

/** Finds the route of a Gateway, `namespace/name`, by where its nginx decided, for those who explain; undefined if it cannot be told. */
export function routeBehind(cluster: Cluster, gateway: string, place: DecisionPlace): Behind | undefined {
  const source = customObjects<Gateway>(cluster, "gateways").find((one) => keyOf(one) === gateway);
  const className = source?.spec.gatewayClassName;
  const gatewayClass = customObjects<GatewayClass>(cluster, "gatewayclasses").find(({ metadata }) => metadata.name === className); // prettier-ignore
  if (!gatewayClass) return undefined;
  const { store } = cluster.api;
  const reader = { get: (kind: unknown, namespace: string, name: string) => store.get(kind as AnyKind, namespace, name) as never }; // prettier-ignore
  const { controllerName } = gatewayClass.spec;
  const graph = buildGraph(cluster, reader, { className: gatewayClass.metadata.name, controllerName });
  const found = graph.gateways.find(({ key }) => key === gateway);
  if (!found) return undefined;
  if (place.server === "") return { kind: "no host" };
  const server = virtualServers(found).find(({ hostname, port }) => hostname === place.server && port === place.port);
  if (!server) return undefined;
  for (const [at, rule] of server.paths.entries()) {
    const match = rule.matches.find((_, index) => place.location === internalPath(at, index));
    if (match) return { kind: "rule", match };
    if (!externalPaths(rule, server.paths).includes(place.location ?? "")) continue;
    return place.upstream === undefined && !answersItself(rule) ? { kind: "no match", routes: routesOf(rule) } : { kind: "rule", match: rule.matches[0]! }; // prettier-ignore
  }
  return place.location === "/" || place.location === undefined ? { kind: "no path" } : undefined;
}

/** Without a look at more than the path. */
function answersItself({ matches: [first] }: PathRule): boolean {
  return first!.filters.some(({ type }) => type === "RequestRedirect" || type === "ExtensionRef");
}

function routesOf({ matches }: PathRule): readonly string[] {
  return [...new Set(matches.map(({ route }) => route.key))];
}
