import {
  matchesLabels,
  selectorOfLabels,
  selectorText,
  type Pod,
  type Service,
  type ServicePort,
} from "../../server/sim/kube/api/index.ts";
import type { Scene } from "../scene/scene.ts";
import { listed, nearest } from "./explanation.ts";
import { podTrouble, podTroubleIn } from "./pod.ts";

export interface ReadyEndpoint {
  readonly address: string;
  readonly port: number;
  readonly node: string | undefined;
}

/** Where a Service sends the connections to one of its ports, by its EndpointSlices. */
export function readyEndpoints(scene: Scene, service: Service, port: ServicePort): readonly ReadyEndpoint[] {
  return scene.objects.slicesOf(service).flatMap((slice) => {
    const own = slice.ports?.find(({ name }) => (name ?? "") === (port.name ?? ""));
    if (own?.port === undefined) return [];
    const { port: number } = own;
    return (slice.endpoints ?? [])
      .filter(({ conditions }) => conditions.ready !== false)
      .flatMap(({ addresses, nodeName }) =>
        (addresses ?? []).map((address) => ({ address, port: number, node: nodeName })),
      );
  });
}

/** Why a Service has nobody to send to, in words that follow its name. */
export function noEndpoints(scene: Scene, service: Service, port: ServicePort): string {
  const { namespace = "" } = service.metadata;
  const { selector } = service.spec;
  if (!selector || Object.keys(selector).length === 0) return byHand(scene, service, port);
  const wanted = selectorOfLabels(selector);
  const words = selectorText(wanted);
  const pods = scene.objects.pods(namespace);
  const selected = pods.filter(({ metadata }) => matchesLabels(wanted, metadata.labels));
  if (selected.length === 0)
    return `has no endpoints: its selector ${words} matches no Pod; ${whoElse(scene, service, pods)}`;
  const troubled = selected.flatMap((pod) => {
    const trouble = podTroubleIn(scene, pod);
    return trouble === undefined ? [] : [`Pod ${pod.metadata.name} ${trouble}`];
  });
  if (troubled.length === selected.length)
    return `has no ready endpoints: its selector ${words} matches ${count(selected.length)}, none of them ready. ${troubled[0]!}`;
  const { targetPort } = port;
  if (typeof targetPort === "string") {
    const pod = selected.find((candidate) => podTrouble(candidate) === undefined)!;
    const names = pod.spec.containers.flatMap(({ ports = [] }) =>
      ports.flatMap(({ name, containerPort }) => (name === undefined ? [] : [`${name} (${containerPort})`])),
    );
    if (!names.some((name) => name.startsWith(`${targetPort} `)))
      return `has no endpoints for its port ${port.port}: targetPort ${targetPort} is the name of no port of Pod ${pod.metadata.name}, which names ${listed(names) || "none"}`;
  }
  return `selects ${count(selected.length)}, but its EndpointSlices have no address for port ${port.port}: nobody has written them`;
}

/** Endpoints that somebody wrote belong to a port of the Service by its name. */
function byHand(scene: Scene, service: Service, { name = "", port }: ServicePort): string {
  const slices = scene.objects.slicesOf(service);
  // The controller leaves an empty one behind when the selector goes.
  const written = slices.filter(({ endpoints }) => (endpoints ?? []).length > 0);
  const others = written.find(({ ports }) => (ports ?? []).every((other) => (other.name ?? "") !== name));
  if (!others) return "has no selector, and nobody wrote endpoints for it";
  const theirs = (others.ports ?? []).map((other) => other.name || "one without a name");
  const wanted = name === "" ? `has no name` : `is called ${name}`;
  return `has no endpoints for its port ${port}, which ${wanted}: EndpointSlice ${others.metadata.name} has ${theirs.length === 0 ? "no ports" : `ports ${listed(theirs)}`}`;
}

function count(pods: number): string {
  return pods === 1 ? "1 Pod" : `${pods} Pods`;
}

/** Which Pods may have been meant by a selector that matches none. */
function whoElse(scene: Scene, { metadata, spec }: Service, pods: readonly Pod[]): string {
  const { namespace = "", name } = metadata;
  if (pods.length === 0) {
    const wanted = selectorOfLabels(spec.selector);
    const elsewhere = scene.objects.pods().find((pod) => matchesLabels(wanted, pod.metadata.labels));
    return elsewhere
      ? `Pods like that are in namespace ${elsewhere.metadata.namespace ?? ""}`
      : `there are no Pods in namespace ${namespace}`;
  }
  for (const [key, value] of Object.entries(spec.selector ?? {})) {
    const values = new Set(pods.flatMap(({ metadata: { labels } }) => labels?.[key] ?? []));
    if (values.has(value)) continue;
    const meant = nearest(value, values) ?? (values.has(name) ? name : undefined);
    if (meant !== undefined) return `Pods with ${key}=${meant} exist`;
    if (values.size > 0) return `there are Pods with ${listed([...values].sort().map((other) => `${key}=${other}`))}`;
    const keys = new Set(pods.flatMap(({ metadata: { labels = {} } }) => Object.keys(labels)));
    const otherKey = nearest(key, keys);
    return otherKey === undefined
      ? `no Pod there has a label ${key}`
      : `no Pod there has a label ${key}, but there is ${otherKey}`;
  }
  return "no Pod has all of these labels together";
}
