import { MILLISECOND } from "../../../kernel/index.ts";
import {
  isIpv6, isNotFound, objectKey, own, referenceTo, sameJson, selectorOfLabels, splitKey, StatusError, watching, type Client, type ControllerLoop,
  type EndpointAddress, type Endpoints, type EndpointSubset, type EventRecorder, type Pod, type Service, type StringMap,
} from "../../api/index.ts"; // prettier-ignore
import { endpoints, isHeadless, pods, services } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { isPodReady } from "../pod-state.ts";
import { repackSubsets } from "../services/repack.ts";
import { hasHostname, hasPods, isEndpoint, servicesOfPod, targetPort } from "../services/service-pods.ts";
import { TRIGGER_TIME, TriggerTimes } from "../services/trigger-time.ts";
import { truncated } from "./truncate.ts";

const HEADLESS = "service.kubernetes.io/headless";
const MANAGED_BY = "endpoints.kubernetes.io/managed-by";
const MANAGER = "endpoint-controller";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

/** Writes the Endpoints of every Service with a selector (pkg/controller/endpoint). */
export class EndpointsController {
  readonly loop: ControllerLoop;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #triggers: TriggerTimes;

  constructor(context: ControllerContext) {
    this.#client = context.client("endpoint-controller");
    this.#recorder = context.recorder(this.#client, "endpoint-controller");
    this.#triggers = new TriggerTimes(context.kernel, context.tableName("endpoints/trigger-times"));
    context.onStart(() => this.#triggers.clear());
    this.loop = context.loop("endpoints-controller", this.#client, {
      name: "endpoint",
      watches: [
        own(services),
        watching(pods, (change) => servicesOfPod(this.#client, change)),
        // Only what is left over or was taken away concerns this loop: others may write Endpoints, too.
        watching(endpoints, ({ type, object, previous }) =>
          type === "DELETED" || (type === "ADDED" && !previous) ? [objectKey(object)] : [],
        ),
      ],
      reconcile: (key) => this.#sync(key),
      delay: 2 * MILLISECOND,
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const service = this.#client.get(services, namespace, name);
    const current = this.#client.get(endpoints, namespace, name);
    if (!service) return this.#remove(key, current);
    if (!hasPods(service)) return;
    const chosen = this.#client.selected(pods, namespace, selectorOfLabels(service.spec.selector));
    const trigger = this.#triggers.next(key, service, chosen);
    const subsets = repackSubsets(chosen.flatMap((pod) => subsetsOf(pod, service)));
    const labels = labelsOf(service);
    const fits = truncated(subsets);
    if (
      current &&
      sameJson(current.subsets ?? [], fits.subsets) &&
      sameJson(current.metadata.labels, labels) &&
      fits.over === (current.metadata.annotations?.[OVER_CAPACITY] !== undefined)
    )
      return;
    const annotations: Record<string, string> = { ...current?.metadata.annotations };
    delete annotations[TRIGGER_TIME];
    delete annotations[OVER_CAPACITY];
    if (trigger) annotations[TRIGGER_TIME] = trigger;
    if (fits.over) annotations[OVER_CAPACITY] = "truncated";
    this.#write(service, current, { labels, annotations, subsets: fits.subsets });
  }

  #write(
    service: Service,
    current: Endpoints | undefined,
    { labels, annotations, subsets }: { labels: StringMap; annotations: StringMap; subsets: readonly EndpointSubset[] },
  ): void {
    const { namespace = "", name } = service.metadata;
    try {
      if (current)
        this.#client.update(endpoints, { ...current, metadata: { ...current.metadata, labels, annotations }, subsets });
      else this.#client.create(endpoints, { metadata: { namespace, name, labels, annotations }, subsets });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (!current && isNamespaceTerminating(error)) return;
      const about = current
        ? referenceTo(endpoints, current)
        : { kind: "Endpoints", apiVersion: "v1", namespace, name };
      if (current)
        this.#recorder.event(
          about,
          "Warning",
          "FailedToUpdateEndpoint",
          `Failed to update endpoint ${namespace}/${name}: ${error.message}`,
        );
      else
        this.#recorder.event(
          about,
          "Warning",
          "FailedToCreateEndpoint",
          `Failed to create endpoint for service ${namespace}/${name}: ${error.message}`,
        );
      throw error;
    }
  }

  /** Endpoints of this controller's making go with their Service; those of others stay. */
  #remove(key: string, current: Endpoints | undefined): void {
    this.#triggers.forget(key);
    if (current?.metadata.labels?.[MANAGED_BY] !== MANAGER) return;
    try {
      this.#client.delete(endpoints, current.metadata.namespace ?? "", current.metadata.name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function labelsOf(service: Service): StringMap {
  const { [HEADLESS]: _, ...labels } = service.metadata.labels ?? {};
  return { ...labels, [MANAGED_BY]: MANAGER, ...(isHeadless(service) && { [HEADLESS]: "" }) };
}

/** A subset for each port of the Service that the Pod has; a headless Service may do without ports. */
function subsetsOf(pod: Pod, service: Service): EndpointSubset[] {
  const { ports = [], publishNotReadyAddresses = false } = service.spec;
  if (!isEndpoint(pod, publishNotReadyAddresses)) return [];
  const address = addressOf(pod, service);
  if (!address) return [];
  const member = publishNotReadyAddresses || isPodReady(pod) ? "addresses" : "notReadyAddresses";
  if (ports.length === 0) return isHeadless(service) ? [{ [member]: [address] }] : [];
  return ports.flatMap((port) => {
    const number = targetPort(pod, port);
    if (number === undefined) return [];
    const { name, protocol, appProtocol } = port;
    return [{ [member]: [address], ports: [{ name, port: number, protocol, appProtocol }] }];
  });
}

/** The Pod's address of the Service's first family (podToEndpointAddressForService). */
function addressOf(pod: Pod, service: Service): EndpointAddress | undefined {
  const { podIP = "", podIPs = [{ ip: podIP }] } = pod.status;
  const ipv6 = service.spec.ipFamilies?.[0] === "IPv6";
  const ip = podIPs.find((one) => isIpv6(one.ip) === ipv6)?.ip;
  if (!ip) return undefined;
  const { name, namespace, uid } = pod.metadata;
  return {
    ip,
    ...(hasHostname(pod, service) && { hostname: pod.spec.hostname }),
    nodeName: pod.spec.nodeName,
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}
