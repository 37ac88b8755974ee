import {
  matchesLabels, objectKey, sameJson, selectorOfLabels, type Client, type ObjectChange, type Pod, type Service, type ServicePort,
} from "../../api/index.ts"; // prettier-ignore
import { isSidecar, services } from "../../kinds/index.ts";
import { isPodReady, isPodTerminal } from "../pod-state.ts";

/** What the controllers of Endpoints and EndpointSlices ask about a Service's Pods (k8s.io/endpointslice/util). */

/** The Services whose endpoints a Pod's change may alter (GetServicesToUpdateOnPodChange). */
export function servicesOfPod(client: Client, { type, object, previous }: ObjectChange<Pod>): readonly string[] {
  if (type !== "MODIFIED" || !previous) return chosenBy(client, object);
  const moved =
    object.metadata.labels !== previous.metadata.labels ||
    object.spec.hostname !== previous.spec.hostname ||
    object.spec.subdomain !== previous.spec.subdomain;
  const changed =
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    isPodReady(object) !== isPodReady(previous) ||
    isPodTerminal(object) !== isPodTerminal(previous) ||
    !sameJson(object.status.podIPs, previous.status.podIPs);
  if (!moved) return changed ? chosenBy(client, object) : [];
  const [before, after] = [new Set(chosenBy(client, previous)), new Set(chosenBy(client, object))];
  return [...(changed ? before.union(after) : before.symmetricDifference(after))];
}

function chosenBy(client: Client, { metadata }: Pod): string[] {
  return client
    .list(services, metadata.namespace)
    .filter(({ spec }) => spec.selector && matchesLabels(selectorOfLabels(spec.selector), metadata.labels))
    .map(objectKey);
}

/** A Service whose endpoints are its Pods: it has a selector, and is no mere name. */
export function hasPods({ spec }: Service): boolean {
  return spec.type !== "ExternalName" && spec.selector !== undefined;
}

/** A Pod is an endpoint while it has an address and may still run. */
export function isEndpoint(pod: Pod, includeTerminating: boolean): boolean {
  const { podIP, podIPs = [] } = pod.status;
  if (isPodTerminal(pod) || (!podIP && podIPs.length === 0)) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** Whether the Pod has a name of its own below that of the Service. */
export function hasHostname({ spec, metadata }: Pod, service: Service): boolean {
  const { name, namespace } = service.metadata;
  return Boolean(spec.hostname) && spec.subdomain === name && metadata.namespace === namespace;
}

/** The number of a Service's target port in a Pod; a name is looked up in its containers (podutil.FindPort). */
export function targetPort({ spec }: Pod, { targetPort: wanted, protocol }: ServicePort): number | undefined {
  if (typeof wanted === "number") return wanted;
  for (const { ports = [] } of [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)])
    for (const port of ports) if (port.name === wanted && port.protocol === protocol) return port.containerPort;
  return undefined;
}
