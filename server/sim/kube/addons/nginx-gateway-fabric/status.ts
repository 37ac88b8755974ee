import { isStatus, Unreachable, type Client, type Kind, type KubeObject } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { services } from "../../kinds/index.ts";
import {
  ADDRESS_UNUSABLE, CLASS_CONFLICT, CLASS_DEFAULTS, dated, gatewayNotLoaded, GATEWAY_DEFAULTS, lastOfEach,
  listenerNotLoaded, LISTENER_DEFAULTS, NO_LISTENERS_VALID, routeNotLoaded, ROUTE_DEFAULTS, SOME_LISTENERS_VALID,
} from "./conditions.ts"; // prettier-ignore
import type { Graph, GraphGateway, GraphRoute, ParentRef } from "./graph/model.ts";
import {
  customKind, type Address, type Condition, type Gateway, type GatewayClass, type HttpRoute, type RouteParentStatus, type StatusCondition,
} from "./kinds.ts"; // prettier-ignore
import { resourceName, type ControlPlane } from "./provision.ts";
import type { Failures } from "./rows.ts";

/** Writes into classes, Gateways and routes what has become of them (internal/controller/status/prepare_requests.go). */
export class StatusWriter {
  readonly #cluster: Cluster;
  readonly #client: Client;
  readonly #controllerName: string;
  readonly #own: ControlPlane;
  readonly #failed: (what: string) => void;
  readonly #failures: Failures;

  constructor(
    cluster: Cluster,
    client: Client,
    more: {
      readonly controllerName: string;
      readonly own: ControlPlane;
      readonly failures: Failures;
      readonly failed: (what: string) => void;
    },
  ) {
    this.#cluster = cluster;
    this.#client = client;
    this.#controllerName = more.controllerName;
    this.#own = more.own;
    this.#failed = more.failed;
    this.#failures = more.failures;
  }

  write(graph: Graph): void {
    if (graph.gatewayClass) this.#gatewayClass(graph.gatewayClass.source, [...CLASS_DEFAULTS, ...graph.gatewayClass.conditions]); // prettier-ignore
    for (const ignored of graph.ignoredClasses) this.#gatewayClass(ignored, [CLASS_CONFLICT]);
    for (const gateway of graph.gateways) this.#gateway(gateway);
    for (const route of graph.routes) this.#route(route);
  }

  #gatewayClass(source: GatewayClass, conditions: readonly Condition[]): void {
    if (same(source.status?.conditions, conditions, source.metadata.generation)) return;
    this.#put<GatewayClass>("gatewayclasses", { ...source, status: { conditions: this.#dated(source, conditions) } });
  }

  #gateway(gateway: GraphGateway): void {
    const { source, listeners } = gateway;
    const { generation } = source.metadata;
    if (!gateway.valid) {
      if (same(source.status?.conditions, gateway.conditions, generation)) return;
      return this.#put<Gateway>("gateways", {
        ...source,
        status: { conditions: this.#dated(source, gateway.conditions) },
      });
    }
    const valid = listeners.filter((listener) => listener.valid).length;
    const given = source.spec.addresses ?? [];
    const failure = this.#failure(gateway);
    const conditions = [
      ...GATEWAY_DEFAULTS,
      ...gateway.conditions,
      ...(valid === 0 ? NO_LISTENERS_VALID : valid < listeners.length ? [SOME_LISTENERS_VALID] : []),
      ...(failure === undefined ? [] : [gatewayNotLoaded(failure)]),
      ...(given.some(({ value = "" }) => !/^[\d.]+$|:/.test(value)) ? [ADDRESS_UNUSABLE] : []),
    ];
    const shown = listeners.map((listener) => ({
      attachedRoutes: listener.routes.length,
      conditions: [...listener.conditions, ...(listener.valid ? LISTENER_DEFAULTS : []), ...(failure === undefined ? [] : [listenerNotLoaded(failure)])], // prettier-ignore
      name: listener.source.name,
      supportedKinds: listener.supportedKinds,
    }));
    const addresses = this.#addresses(gateway);
    const before = (source.status?.listeners ?? []) as readonly { readonly conditions: readonly StatusCondition[]; readonly attachedRoutes: number; readonly name: string }[]; // prettier-ignore
    const unchanged =
      same(source.status?.conditions, conditions, generation) &&
      JSON.stringify((source.status?.addresses ?? []).map(({ type, value }) => [type, value])) === JSON.stringify(addresses.map(({ type, value }) => [type, value])) &&
      before.length === shown.length &&
      shown.every(({ name, attachedRoutes, conditions: own }, at) => {
        const known = before[at]!;
        return known.name === name && known.attachedRoutes === attachedRoutes && same(known.conditions, own, generation);
      }); // prettier-ignore
    if (unchanged) return;
    const status = {
      ...(addresses.length > 0 ? { addresses } : {}),
      conditions: this.#dated(source, conditions),
      listeners: shown.map((listener) => ({ ...listener, conditions: this.#dated(source, listener.conditions) })),
    };
    this.#put<Gateway>("gateways", { ...source, status });
  }

  /** What the Pods of a Gateway say against its configuration (deployment.go GetConfigurationStatus). */
  #failure({ key }: GraphGateway): string | undefined {
    const all = Object.values(this.#failures[key] ?? {});
    return all.length === 0 ? undefined : all.join("\n");
  }

  /** Those of its Service (handler.go getGatewayAddresses). */
  #addresses({ source }: GraphGateway): readonly Address[] {
    const { namespace, name } = source.metadata;
    const service = this.#client.get(services, namespace!, resourceName(name, this.#own));
    const found: Address[] = [];
    if (service?.spec.type === "LoadBalancer")
      for (const { ip, hostname } of service.status?.loadBalancer?.ingress ?? [])
        found.push(ip === undefined ? { type: "Hostname", value: hostname ?? "" } : { type: "IPAddress", value: ip });
    else if (service) found.push({ type: "IPAddress", value: service.spec.clusterIP ?? "" });
    for (const { type = "IPAddress", value } of source.spec.addresses ?? [])
      if (type === "IPAddress" && value !== undefined && /^[\d.]+$|:/.test(value)) found.push({ type, value });
    return found;
  }

  #route(route: GraphRoute): void {
    const { source } = route;
    const { generation } = source.metadata;
    const before = source.status?.parents ?? [];
    const others = before.filter(({ controllerName }) => controllerName !== this.#controllerName);
    const own = statusParents(route.parents).map((parent) => {
      const failure = this.#failure(parent.gateway);
      const unloaded = failure === undefined ? [] : [routeNotLoaded(failure)];
      return { parent, conditions: [...ROUTE_DEFAULTS, ...route.conditions, ...parent.failed, ...unloaded] };
    });
    const known = before.filter(({ controllerName }) => controllerName === this.#controllerName);
    const unchanged =
      known.length === own.length &&
      own.every(({ parent, conditions }, at) => {
        const { parentRef, conditions: shown } = known[at]!;
        return parentRef.name === parent.gateway.source.metadata.name && parentRef.namespace === parent.gateway.source.metadata.namespace && parentRef.sectionName === parent.sectionName && same(shown, conditions, generation);
      }); // prettier-ignore
    if (unchanged) return;
    const parents = own.map(({ parent: { gateway, sectionName }, conditions }): RouteParentStatus => ({
      conditions: this.#dated(source, conditions),
      controllerName: this.#controllerName,
      parentRef: {
        name: gateway.source.metadata.name,
        namespace: gateway.source.metadata.namespace!,
        ...(sectionName === undefined ? {} : { sectionName }),
      },
    }));
    this.#put<HttpRoute>("httproutes", { ...source, status: { parents: [...others, ...parents] } });
  }

  #dated(source: KubeObject, conditions: readonly Condition[]): StatusCondition[] {
    return dated(conditions, source.metadata.generation, this.#client.server.kernel.now);
  }

  #put<T extends KubeObject>(plural: string, object: T): void {
    const kind = customKind<T>(this.#cluster, plural) as Kind<T>;
    try {
      this.#client.updateStatus(kind, object);
    } catch (error) {
      if (!(error instanceof Unreachable) && !isStatus(error)) throw error;
      this.#failed(error.message);
    }
  }
}

/** Those that stand for one reference become one, without their section: the one that is best attached (removeDuplicateIndexParentRefs). */
function statusParents(parents: readonly ParentRef[]): readonly ParentRef[] {
  return [...Map.groupBy(parents, ({ index }) => index).values()].map((same) => {
    if (same.length === 1) return same[0]!;
    const best = same.find(({ attached, failed }) => attached && failed.length === 0) ?? same.find(({ attached }) => attached) ?? same[0]!; // prettier-ignore
    return { ...best, sectionName: undefined };
  });
}

function same(
  shown: readonly StatusCondition[] | undefined,
  wanted: readonly Condition[],
  generation: number | undefined,
): boolean {
  const all = lastOfEach(wanted);
  return (
    shown?.length === all.length &&
    all.every(({ type, status, reason, message }, at) => {
      const one = shown[at]!;
      return one.type === type && one.status === status && one.reason === reason && one.message === message && one.observedGeneration === generation; // prettier-ignore
    })
  );
}
