import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import {
  isStatus, own, referenceTo, selectorOfLabels, splitKey, watching, type Client, type ControllerLoop, type Endpoint, type EndpointPort,
  type EndpointSlice, type EventRecorder, type ObjectChange, type Pod, type Service, type StringMap,
} from "../../api/index.ts"; // prettier-ignore
import { endpointSlices, nodes, pods, services } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { controllerReference } from "../owner-reference.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { hasPods, isEndpoint, servicesOfPod } from "../services/service-pods.ts";
import { TRIGGER_TIME, TriggerTimes } from "../services/trigger-time.ts";
import { addressTypes, endpointOf, portsKey, portsOf, type AddressType } from "./desired.ts";
import { fillSlices } from "./fill.ts";
import { isRelabelled, MANAGED_BY, MANAGER, SERVICE_NAME, sliceLabels } from "./labels.ts";

/** What a slice is to hold. */
interface Content {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

interface Changes {
  readonly create: Content[];
  readonly update: Map<EndpointSlice, Content>;
  readonly remove: EndpointSlice[];
}

/** Writes the EndpointSlices of every Service with a selector (pkg/controller/endpointslice, k8s.io/endpointslice). */
export class EndpointSliceController {
  readonly loop: ControllerLoop;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #triggers: TriggerTimes;
  /** Own writes are no news. */
  #writing = false;

  constructor(context: ControllerContext) {
    this.#client = context.client("endpointslice-controller");
    this.#recorder = context.recorder(this.#client, "endpoint-slice-controller");
    this.#triggers = new TriggerTimes(context.kernel, context.tableName("endpointslice/trigger-times"));
    context.onStart(() => this.#triggers.clear());
    this.loop = context.loop("endpointslice-controller", this.#client, {
      name: "endpointslice",
      watches: [
        own(services),
        watching(pods, (change) => servicesOfPod(this.#client, change)),
        watching(endpointSlices, (change) => (this.#writing ? [] : servicesOfSlice(change))),
      ],
      reconcile: (key) => this.#sync(key),
      delay: 2 * MILLISECOND,
      backoff: { first: 1 * SECOND, most: 1_000 * SECOND },
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const service = this.#client.get(services, namespace, name);
    if (!service) return this.#triggers.forget(key);
    if (!hasPods(service)) return;
    const chosen = this.#client.selected(pods, namespace, selectorOfLabels(service.spec.selector));
    const existing = this.#client
      .selected(endpointSlices, namespace, selectorOfLabels({ [SERVICE_NAME]: name, [MANAGED_BY]: MANAGER }))
      .filter(({ metadata }) => !metadata.deletionTimestamp);
    const trigger = this.#triggers.next(key, service, chosen);
    this.#writing = true;
    try {
      this.#reconcile(key, service, chosen, existing, trigger);
    } catch (error) {
      if (!isStatus(error)) throw error;
      if (isNamespaceTerminating(error)) return;
      const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${error.message}`;
      this.#recorder.event(referenceTo(services, service), "Warning", "FailedToUpdateEndpointSlices", message);
      throw error;
    } finally {
      this.#writing = false;
    }
  }

  #reconcile(
    key: string,
    service: Service,
    chosen: readonly Pod[],
    existing: readonly EndpointSlice[],
    trigger: string | undefined,
  ): void {
    const types = addressTypes(service);
    for (const type of types) {
      const slices = existing.filter(({ addressType }) => addressType === type);
      this.#write(service, type, this.#changes(key, service, chosen, slices, type), trigger);
    }
    for (const slice of existing) if (!types.includes(slice.addressType as AddressType)) this.#remove(slice);
  }

  /** What must change for the slices of one family to hold the Pods (reconcileByAddressType). */
  #changes(
    key: string,
    service: Service,
    chosen: readonly Pod[],
    slices: readonly EndpointSlice[],
    type: AddressType,
  ): Changes {
    const foreign = slices.filter((slice) => !isOwn(slice, service));
    const existing = Map.groupBy(
      slices.filter((slice) => isOwn(slice, service)),
      ({ ports }) => portsKey(ports),
    );
    const desired = this.#desired(key, service, chosen, type);
    const changes: Changes = { create: [], update: new Map<EndpointSlice, Content>(), remove: [...foreign] };
    for (const [ports, content] of desired) {
      const filling = fillSlices(existing.get(ports) ?? [], content.endpoints, (slice) => isRelabelled(slice, service));
      for (const endpoints of filling.create) changes.create.push({ ports: content.ports, endpoints });
      for (const [slice, endpoints] of filling.update) changes.update.set(slice, { ports: content.ports, endpoints });
      changes.remove.push(...filling.remove);
    }
    for (const [ports, stale] of existing) if (!desired.has(ports)) changes.remove.push(...stale);
    // A Service without endpoints has one empty slice.
    if (slices.length === changes.remove.length && changes.create.length === 0) {
      const [only, ...others] = changes.remove;
      if (only && others.length === 0 && isPlaceholder(only, service)) changes.remove.pop();
      else changes.create.push({ ports: [], endpoints: [] });
    }
    return changes;
  }

  /** The endpoints of the Pods by the ports that they have. */
  #desired(key: string, service: Service, chosen: readonly Pod[], type: AddressType): Map<string, Content> {
    const desired = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
    for (const pod of chosen) {
      if (!isEndpoint(pod, true)) continue;
      const ports = portsOf(pod, service);
      const ofPorts = portsKey(ports);
      let content = desired.get(ofPorts);
      if (!content) desired.set(ofPorts, (content = { ports, endpoints: [] }));
      const node = this.#client.get(nodes, "", pod.spec.nodeName ?? "");
      if (!node && !service.spec.publishNotReadyAddresses) {
        this.loop.queue.retry(key);
        continue;
      }
      const endpoint = endpointOf(pod, node, service, type);
      if (endpoint.addresses!.length > 0) content.endpoints.push(endpoint);
    }
    return desired;
  }

  /** Slices that would go are used again for those that would be made (finalize). */
  #write(service: Service, type: AddressType, { create, update, remove }: Changes, trigger: string | undefined): void {
    const reused: EndpointSlice[] = [];
    for (const slice of remove) {
      if (create.length === 0) break;
      if (!isOwn(slice, service)) continue;
      update.set(slice, create.pop()!);
      reused.push(slice);
    }
    const labels = sliceLabels(service);
    const annotated = (annotations: StringMap = {}): StringMap => {
      const { [TRIGGER_TIME]: _, ...others } = annotations;
      return trigger === undefined ? others : { ...others, [TRIGGER_TIME]: trigger };
    };
    const { namespace = "", name, deletionTimestamp } = service.metadata;
    if (!deletionTimestamp) {
      for (const content of create)
        this.#client.create(endpointSlices, {
          metadata: {
            generateName: `${name}-`,
            namespace,
            labels,
            annotations: annotated(),
            ownerReferences: [controllerReference(services, service)],
          },
          addressType: type,
          ...content,
        });
    }
    for (const [slice, content] of update) {
      const annotations = annotated(slice.metadata.annotations);
      this.#client.update(endpointSlices, {
        ...slice,
        metadata: { ...slice.metadata, labels, annotations },
        ...content,
      });
    }
    for (const slice of remove) if (!reused.includes(slice)) this.#remove(slice);
  }

  #remove({ metadata }: EndpointSlice): void {
    this.#client.delete(endpointSlices, metadata.namespace ?? "", metadata.name);
  }
}

/** Somebody else's write to a slice is put right at once. */
function servicesOfSlice({ object, previous }: ObjectChange<EndpointSlice>): readonly string[] {
  const keys = (previous ? [object, previous] : [object]).flatMap(({ metadata }) => {
    const name = metadata.labels?.[SERVICE_NAME];
    return name && metadata.labels?.[MANAGED_BY] === MANAGER ? [`${metadata.namespace!}/${name}`] : [];
  });
  return [...new Set(keys)];
}

function isOwn({ metadata }: EndpointSlice, service: Service): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid, kind }) => uid === service.metadata.uid && kind === "Service");
}

function isPlaceholder(slice: EndpointSlice, service: Service): boolean {
  const empty = (slice.ports ?? []).length === 0 && (slice.endpoints ?? []).length === 0;
  return empty && !isRelabelled(slice, service);
}
