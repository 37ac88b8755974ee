import type { Client, Kind, KubeObject } from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { namespaces, secrets, services } from "../../../kinds/index.ts";
import { gatewayInvalid, parametersIgnored, PARAMETERS_NOT_FOUND, PARAMETERS_RESOLVED } from "../conditions.ts";
import {
  customObjects, keyOf, NGINX, type Condition, type Gateway, type GatewayClass, type HttpRoute, type NginxProxy,
  type ParametersRef, type ReferenceGrant,
} from "../kinds.ts"; // prettier-ignore
import { notFound, notSupported } from "./field-errors.ts";
import { buildListeners } from "./listeners.ts";
import type { Graph, GraphGateway } from "./model.ts";
import { bindRoute, buildRoute } from "./routes.ts";

export interface GraphOptions {
  readonly className: string;
  readonly controllerName: string;
}

/** Reads the cluster's objects and makes out what belongs together, and what is wrong (graph.go BuildGraph). */
export function buildGraph(
  cluster: Cluster,
  client: Pick<Client, "get">,
  { className, controllerName }: GraphOptions,
): Graph {
  const list = <T extends KubeObject>(plural: string): readonly T[] => customObjects<T>(cluster, plural);
  const classes = list<GatewayClass>("gatewayclasses").filter(({ spec }) => spec.controllerName === controllerName);
  const own = classes.find(({ metadata }) => metadata.name === className);
  const proxies = list<NginxProxy>("nginxproxies");
  const grants = list<ReferenceGrant>("referencegrants");
  const classParameters = parametersOf("GatewayClass", own?.spec.parametersRef, own?.spec.parametersRef?.namespace ?? "", proxies); // prettier-ignore
  const world = {
    grants,
    secret: (namespace: string, name: string) => client.get(secrets, namespace, name),
    service: (namespace: string, name: string) => client.get(services, namespace, name),
    namespace: (name: string) => client.get(namespaces as unknown as Kind, "", name),
  };
  const gateways = list<Gateway>("gateways")
    .filter(({ spec, metadata }) => spec.gatewayClassName === className && metadata.deletionTimestamp === undefined)
    .map((source): GraphGateway => {
      const ref = source.spec.infrastructure?.parametersRef;
      const { spec, conditions } = parametersOf("Gateway", ref, source.metadata.namespace!, proxies);
      const wrong = own ? [] : gatewayInvalid("GatewayClass doesn't exist");
      return {
        source,
        key: keyOf(source),
        valid: wrong.length === 0,
        conditions: [...conditions, ...wrong],
        listeners: wrong.length === 0 ? buildListeners(source, world) : [],
        proxy: merge(classParameters.spec ?? {}, spec ?? {}),
      };
    });
  const routes = list<HttpRoute>("httproutes").flatMap((source) => buildRoute(source, gateways, world) ?? []);
  for (const route of routes) bindRoute(route, world);
  return {
    gatewayClass: own && { source: own, conditions: classParameters.conditions },
    ignoredClasses: classes.filter((one) => one !== own),
    gateways,
    routes,
  };
}

/** The NginxProxy that a class or a Gateway names (gatewayclass.go, gateway.go). */
function parametersOf(
  what: "Gateway" | "GatewayClass",
  ref: ParametersRef | undefined,
  namespace: string,
  proxies: readonly NginxProxy[],
): { readonly spec?: NginxProxy["spec"]; readonly conditions: readonly Condition[] } {
  if (!ref) return { conditions: [] };
  const path = what === "Gateway" ? "spec.infrastructure.parametersRef" : "spec.parametersRef";
  if (ref.kind !== "NginxProxy" || ref.group !== NGINX)
    return { conditions: [parametersIgnored(what, notSupported(`${path}.kind`, ref.kind, "NginxProxy"))] };
  const found = proxies.find(({ metadata }) => metadata.namespace === namespace && metadata.name === ref.name);
  if (!found)
    return { conditions: [PARAMETERS_NOT_FOUND, parametersIgnored(what, notFound(`${path}.name`, ref.name))] };
  return { spec: found.spec, conditions: [PARAMETERS_RESOLVED] };
}

/** A Gateway's own settings over those of its class, field by field (buildEffectiveNginxProxy). */
function merge(outer: object, inner: object): object {
  const result: Record<string, unknown> = { ...outer };
  for (const [key, value] of Object.entries(inner)) {
    const before = result[key];
    const both = isTable(before) && isTable(value);
    result[key] = both ? merge(before, value) : value;
  }
  return result;
}

function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
