import { moreSpecific } from "../graph/hostnames.ts";
import {
  ANY_HOSTNAME,
  type Backend,
  type GraphGateway,
  type GraphListener,
  type GraphMirror,
  type GraphRoute,
} from "../graph/model.ts";
import type { Filter, RouteMatch } from "../kinds.ts";

/** A server of nginx: a hostname on a port, with what routes want there (internal/controller/state/dataplane/configuration.go). */
export interface VirtualServer {
  readonly port: number;
  /** Undefined: what answers hosts that no listener or route has. */
  readonly hostname: string | undefined;
  /** The file of its certificate, without its ending. */
  readonly keyPair: string | undefined;
  readonly ssl: boolean;
  readonly paths: readonly PathRule[];
}

export interface PathRule {
  readonly path: string;
  readonly type: "exact" | "prefix";
  /** The first that a request satisfies counts. */
  readonly matches: readonly MatchRule[];
}

export interface MatchRule {
  readonly match: RouteMatch;
  readonly route: GraphRoute;
  readonly rule: number;
  readonly filters: readonly Filter[];
  readonly backends: readonly Backend[];
  /** Where copies of its requests go. */
  readonly mirrors: readonly GraphMirror[];
  /** It is such a place itself: the share of requests that come. */
  readonly mirrorPercent?: number;
}

/** The servers of a Gateway, HTTP's and HTTPS', each sorted as they are written. */
export function virtualServers(gateway: GraphGateway): readonly VirtualServer[] {
  const valid = gateway.listeners.filter((listener) => listener.valid);
  return ["HTTP", "HTTPS"].flatMap((protocol) => {
    const listeners = valid.filter(({ source }) => source.protocol === protocol);
    return [...Map.groupBy(listeners, ({ source }) => source.port)].flatMap(([port, own]) =>
      serversOf(gateway, own, port),
    );
  });
}

function serversOf(gateway: GraphGateway, listeners: readonly GraphListener[], port: number): readonly VirtualServer[] {
  const ssl = listeners[0]!.source.protocol === "HTTPS";
  const hosts = new Map<string, { listener: GraphListener; rules: MatchRule[] }>();
  for (const listener of listeners)
    for (const route of listener.routes) {
      if (!route.valid) continue;
      for (const hostname of hostnamesOf(route, gateway, listener)) {
        const known = hosts.get(hostname);
        const closer = known && moreSpecific(listener.source.hostname ?? "", known.listener.source.hostname ?? "") === (listener.source.hostname ?? ""); // prettier-ignore
        hosts.set(hostname, {
          listener: !known || closer ? listener : known.listener,
          rules: [...(known?.rules ?? []), ...rulesOf(route)],
        });
      }
    }
  const server = (hostname: string | undefined, listener?: GraphListener, rules: readonly MatchRule[] = []): VirtualServer => ({ port, hostname, ssl, keyPair: listener?.keyPair?.id, paths: pathRules(rules) }); // prettier-ignore
  const servers = [...hosts].map(([hostname, { listener, rules }]) => server(hostname, listener, rules));
  if (ssl)
    for (const listener of listeners) {
      const hostname = listener.source.hostname ?? ANY_HOSTNAME;
      if (listener.routes.length === 0 || hostname === ANY_HOSTNAME) servers.push(server(hostname, listener));
    }
  servers.push(server(undefined));
  return servers.toSorted(({ hostname: a = "" }, { hostname: b = "" }) => (a === b ? 0 : a < b ? -1 : 1));
}

function hostnamesOf(route: GraphRoute, gateway: GraphGateway, { source }: GraphListener): ReadonlySet<string> {
  const parents = route.parents.filter((parent) => parent.gateway === gateway);
  return new Set(parents.flatMap(({ hostnames }) => hostnames.get(source.name) ?? []));
}

function rulesOf(route: GraphRoute): MatchRule[] {
  return route.rules.flatMap(({ valid, source, backends, mirrors: all }, rule): MatchRule[] => {
    if (!valid) return [];
    const { matches = [{}], filters = [] } = source;
    const mirrors = all.filter(({ path, percent }, at) => percent > 0 && all.findIndex((one) => one.path === path) === at); // prettier-ignore
    const others = filters.filter(({ type }) => type !== "RequestMirror");
    return [
      ...matches.map((match) => ({ match, route, rule, filters: others, backends, mirrors })),
      ...mirrors.map(({ path, percent, backend }) => ({ match: { path: { type: "Exact", value: path } }, route, rule, filters: others, backends: [backend], mirrors: [], mirrorPercent: percent })),
    ]; // prettier-ignore
  });
}

function pathRules(rules: readonly MatchRule[]): readonly PathRule[] {
  const keyOf = ({ match: { path } }: MatchRule): string => `${path?.value ?? "/"} ${path?.type === "Exact" ? "exact" : "prefix"}`; // prettier-ignore
  return [...Map.groupBy(rules, keyOf)]
    .map(([key, matches]): PathRule => {
      const [path, type] = key.split(" ") as [string, PathRule["type"]];
      return { path, type, matches: matches.toSorted(byPrecedence) };
    })
    .toSorted((a, b) => (a.path === b.path ? (a.type < b.type ? -1 : 1) : a.path < b.path ? -1 : 1));
}

/** A method, then more headers, then more parameters, then the older route, then its name (sort.go); else the rules' own order. */
function byPrecedence(a: MatchRule, b: MatchRule): number {
  const method = Number(b.match.method !== undefined) - Number(a.match.method !== undefined);
  const headers = (b.match.headers?.length ?? 0) - (a.match.headers?.length ?? 0);
  const params = (b.match.queryParams?.length ?? 0) - (a.match.queryParams?.length ?? 0);
  if (method !== 0 || headers !== 0 || params !== 0) return method || headers || params;
  const [first, second] = [a.route.source.metadata, b.route.source.metadata];
  if (first.creationTimestamp !== second.creationTimestamp)
    return first.creationTimestamp < second.creationTimestamp ? -1 : 1;
  return a.route.key === b.route.key ? 0 : a.route.key < b.route.key ? -1 : 1;
}
