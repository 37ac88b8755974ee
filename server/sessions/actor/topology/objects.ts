import { allPolicies, policyRules, type Scene } from "../../../../grader/index.ts";
import {
  anyKind,
  matchesLabels,
  validSelector,
  type Ingress,
  type KubeObject,
  type NetworkPolicy,
  type Pod,
  type Service,
} from "../../../sim/kube/api/index.ts";
import { customObjects, type Gateway, type HttpRoute } from "../../../sim/kube/addons/nginx-gateway-fabric/kinds.ts";
import type { Cluster } from "../../../sim/kube/cluster/cluster.ts";
import { ingresses, podCells } from "../../../sim/kube/kinds/index.ts";
import type { Topology } from "../../protocol/index.ts";
import type { Cut } from "./cut.ts";

type Objects = NonNullable<Topology["cluster"]>;

/** What is in the world's cluster, as it is stored; null if there is none. */
export function objectsOf(scene: Scene, cut: Cut): Topology["cluster"] {
  const [cluster] = scene.world.clusters.list();
  if (!cluster) return null;
  const { objects } = scene;
  return {
    pods: cut("Pods", bySystem(objects.pods())).map((pod) => podOf(pod, scene)),
    services: cut("Services", bySystem(objects.services())).map((service) => serviceOf(service, scene)),
    policies: cut("NetworkPolicies", allPolicies(scene)).map((policy) => policyOf(policy, scene)),
    ways: [
      ...cut("Ingresses", cluster.api.store.list(anyKind(ingresses)) as readonly Ingress[]).map(ingressOf),
      ...cut("HTTPRoutes", customObjects<HttpRoute>(cluster, "httproutes")).map((route) => routeOf(route, cluster)),
    ],
  };
}

/** What runs the cluster comes last, as it is what may be left out. */
function bySystem<T extends KubeObject>(list: readonly T[]): readonly T[] {
  const system = ({ metadata }: T): number => (metadata.namespace?.startsWith("kube-") ? 1 : 0);
  return list.toSorted((a, b) => system(a) - system(b));
}

function podOf(pod: Pod, { world }: Scene): Objects["pods"][number] {
  const { spec, status } = pod;
  const [, ready = "", state = ""] = podCells(pod, world.now).map(String);
  const [up, all] = ready.split("/");
  return {
    id: idOf(pod),
    node: spec.nodeName ?? null,
    status: state,
    ready: up === all && state === "Running",
    ip: status.podIP ?? null,
    onHost: spec.hostNetwork === true,
    see: `${get(pod, "pod")} -o wide`,
  };
}

function serviceOf(service: Service, { objects }: Scene): Objects["services"][number] {
  const { spec, status } = service;
  const { type = "ClusterIP", ports = [] } = spec;
  const outside = [
    ...(spec.externalIPs ?? []),
    ...(status.loadBalancer.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
  ];
  const own = service.metadata.namespace ?? "";
  return {
    id: idOf(service),
    type,
    address: type === "ExternalName" ? (spec.externalName ?? "") : (spec.clusterIP ?? ""),
    outside,
    ports: ports.map(
      ({ port, targetPort, protocol = "TCP", nodePort }) =>
        `${port}${nodePort === undefined ? "" : `:${nodePort}`}→${targetPort}/${protocol}`,
    ),
    endpoints: objects.slicesOf(service).flatMap(({ endpoints }) =>
      (endpoints ?? []).flatMap(({ addresses, targetRef, conditions }) =>
        (addresses ?? []).map((address) => ({
          pod: targetRef?.kind === "Pod" ? `${targetRef.namespace ?? own}/${targetRef.name ?? ""}` : null,
          address,
          ready: conditions?.ready !== false,
        })),
      ),
    ),
    see: `kubectl -n ${own} get endpointslices -l kubernetes.io/service-name=${service.metadata.name}`,
  };
}

function policyOf(policy: NetworkPolicy, scene: Scene): Objects["policies"][number] {
  const rules = (direction: "ingress" | "egress"): Objects["policies"][number]["ingress"] =>
    policyRules(scene, policy, direction)?.map(({ words, pods }) => ({ words, pods: pods.map(idOf) })) ?? null;
  const selector = validSelector(policy.spec.podSelector);
  const selected = scene.objects
    .pods(policy.metadata.namespace)
    .filter(({ spec, metadata }) => !spec.hostNetwork && matchesLabels(selector, metadata.labels));
  return {
    id: idOf(policy),
    selects: selected.map(idOf),
    ingress: rules("ingress"),
    egress: rules("egress"),
    see: `kubectl -n ${policy.metadata.namespace} describe networkpolicy ${policy.metadata.name}`,
  };
}

function ingressOf(ingress: Ingress): Objects["ways"][number] {
  const { spec, status } = ingress;
  const backend = (
    match: string,
    { service }: NonNullable<Ingress["spec"]["defaultBackend"]>,
  ): Objects["ways"][number]["rules"][number] => ({
    match,
    service: service ? `${ingress.metadata.namespace ?? ""}/${service.name}` : null,
    port: String(service?.port.name ?? service?.port.number ?? ""),
  });
  return {
    id: idOf(ingress),
    kind: "Ingress",
    by: spec.ingressClassName === undefined ? "no class" : `class ${spec.ingressClassName}`,
    addresses: (status.loadBalancer.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
    rules: [
      ...(spec.rules ?? []).flatMap(({ host = "*", http }) =>
        (http?.paths ?? []).map((path) => backend(`${host}${path.path ?? "/"}`, path.backend)),
      ),
      ...(spec.defaultBackend ? [backend("anything else", spec.defaultBackend)] : []),
    ],
    see: `kubectl -n ${ingress.metadata.namespace} describe ingress ${ingress.metadata.name}`,
  };
}

function routeOf(route: HttpRoute, cluster: Cluster): Objects["ways"][number] {
  const { parentRefs = [], hostnames = ["*"], rules = [] } = route.spec;
  const own = route.metadata.namespace ?? "";
  const parents = parentRefs.map(({ namespace = own, name }) => `${namespace}/${name}`);
  const gateways = customObjects<Gateway>(cluster, "gateways").filter((gateway) => parents.includes(idOf(gateway)));
  return {
    id: idOf(route),
    kind: "HTTPRoute",
    by: parents.length === 0 ? "no Gateway" : parents.map((parent) => `Gateway ${parent}`).join(", "),
    addresses: gateways.flatMap(({ status }) => (status?.addresses ?? []).flatMap(({ value }) => value ?? [])),
    rules: rules.flatMap(({ matches = [{}], backendRefs = [] }) =>
      hostnames.flatMap((host) =>
        matches.flatMap(({ path }) =>
          backendRefs.map(({ name, namespace = own, port }) => ({
            match: `${host}${path?.value ?? "/"}`,
            service: `${namespace}/${name}`,
            port: String(port ?? ""),
          })),
        ),
      ),
    ),
    see: `kubectl -n ${own} describe httproute ${route.metadata.name}`,
  };
}

function idOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function get({ metadata }: KubeObject, kind: string): string {
  return `kubectl -n ${metadata.namespace ?? ""} get ${kind} ${metadata.name}`;
}
