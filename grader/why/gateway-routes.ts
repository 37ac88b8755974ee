import type { Gateway, GatewayClass, HttpRoute } from "../../server/sim/kube/addons/nginx-gateway-fabric/index.ts";
import type { KubeObject } from "../../server/sim/kube/api/index.ts";
import type { Scene } from "../scene/scene.ts";
import { listed, type Explanation } from "./explanation.ts";

const GROUP = "gateway.networking.k8s.io";

/** Why a Gateway has no HTTPRoute for a host, by the routes that look as if they should be: `HTTPRoute shop/web is, but …`. */
export function strayRoutes(scene: Scene, gateway: string, host: string): string | undefined {
  const routes = all<HttpRoute>(scene, "httproutes");
  const meant = routes.filter(({ spec }) => (spec.hostnames ?? [host]).some((name) => fits(name, host)));
  for (const route of meant) {
    const why = refusal(route, gateway);
    if (why !== undefined) return `HTTPRoute ${keyOf(route)} is, but the Gateway does not take it: ${why}`;
  }
  const [other] = meant.filter((route) => parentsOf(route).every((parent) => parent !== gateway));
  if (other) return `HTTPRoute ${keyOf(other)} is, but for Gateway ${listed(parentsOf(other)) || "none"}`;
  const attached = routes.filter(
    (route) => parentsOf(route).includes(gateway) && refusal(route, gateway) === undefined,
  );
  const hosts = attached.flatMap(({ spec }) => spec.hostnames ?? []);
  return hosts.length > 0 ? `there are routes for ${listed([...new Set(hosts)])}` : undefined;
}

/** Why a Gateway does not take a route, by the route's status. */
function refusal(route: HttpRoute, gateway: string): string | undefined {
  const ours = (route.status?.parents ?? []).filter(({ parentRef }) => keyOfParent(route, parentRef) === gateway);
  const refused = ours
    .flatMap(({ conditions }) => conditions)
    .find(({ type, status }) => type === "Accepted" && status !== "True");
  return refused && `${refused.message} (${refused.reason})`;
}

/** Why the Service that a Gateway should have is not there; undefined if it is not a name of such a Service. */
export function missingGatewayService(scene: Scene, namespace: string, service: string): Explanation | undefined {
  const name = /^(.+)-nginx$/.exec(service)?.[1];
  if (name === undefined || !knows(scene, "gateways")) return undefined;
  const gateways = all<Gateway>(scene, "gateways");
  const found = gateways.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  const see = "kubectl get gateways,gatewayclasses -A";
  if (!found) {
    const others = gateways.length > 0 ? `; there is ${listed(gateways.map(keyOf))}` : "";
    return { why: `it is made for a Gateway ${name} in namespace ${namespace}, and there is none${others}`, see };
  }
  const { gatewayClassName } = found.spec;
  const classes = all<GatewayClass>(scene, "gatewayclasses").map(({ metadata }) => metadata.name);
  if (!classes.includes(gatewayClassName))
    return {
      why: `Gateway ${keyOf(found)} is of the class ${gatewayClassName}, which does not exist: nobody takes care of it. There is ${listed(classes) || "none"}`,
      see,
    };
  const refused = (found.status?.conditions ?? []).find(({ type, status }) => type === "Accepted" && status !== "True");
  if (!refused) return { see: `kubectl -n ${namespace} describe gateway ${name}` };
  return {
    why: `Gateway ${keyOf(found)} is not accepted: ${refused.message} (${refused.reason})`,
    see: `kubectl -n ${namespace} describe gateway ${name}`,
  };
}

function all<Kind extends KubeObject>(scene: Scene, plural: string): readonly Kind[] {
  return knows(scene, plural) ? (scene.objects.list(`${plural}.${GROUP}`, undefined).objects as readonly Kind[]) : [];
}

function knows(scene: Scene, plural: string): boolean {
  return scene.hasCluster && scene.objects.kinds.some((kind) => kind.plural === plural && kind.group === GROUP);
}

function parentsOf(route: HttpRoute): readonly string[] {
  return (route.spec.parentRefs ?? []).map((parent) => keyOfParent(route, parent));
}

function keyOfParent({ metadata }: HttpRoute, { namespace = metadata.namespace ?? "", name }: Named): string {
  return `${namespace}/${name}`;
}

interface Named {
  readonly namespace?: string;
  readonly name: string;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

/** `*.example.com` fits what is below it. */
function fits(hostname: string, host: string): boolean {
  return hostname.startsWith("*.") ? host.endsWith(hostname.slice(1)) : hostname === host;
}
