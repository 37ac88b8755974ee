import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import {
  isIpv6, objectKey, own, sameJson, selectorOfLabels, splitKey, watching, type Client, type ControllerLoop, type Endpoint,
  type EndpointAddress, type EndpointPort, type Endpoints, type EndpointSlice, type ObjectChange, type Service, type StringMap,
} from "../../api/index.ts"; // prettier-ignore
import { endpoints, endpointSlices, services } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { endpointKey, portsKey, type AddressType } from "../endpointslice/desired.ts";
import { MANAGED_BY, SERVICE_NAME } from "../endpointslice/labels.ts";
import { controllerReference } from "../owner-reference.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { bySliceHash } from "../services/hash-order.ts";
import { repackSubsets } from "../services/repack.ts";
import { TRIGGER_TIME } from "../services/trigger-time.ts";

const MANAGER = "endpointslicemirroring-controller.k8s.io";
const SKIP = "endpointslice.kubernetes.io/skip-mirror";
const LEADER = "control-plane.alpha.kubernetes.io/leader";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** How many addresses of a subset are mirrored. */
const MOST = 1_000;

interface Mirror {
  readonly addressType: AddressType;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** Copies Endpoints that somebody made by hand, for a Service without selector, to EndpointSlices (pkg/controller/endpointslicemirroring). */
export class EndpointSliceMirroringController {
  readonly loop: ControllerLoop;
  readonly #client: Client;
  /** Own writes are no news. */
  #writing = false;

  constructor(context: ControllerContext) {
    this.#client = context.client("endpointslicemirroring-controller");
    this.loop = context.loop("endpointslice-mirroring-controller", this.#client, {
      name: "endpointslicemirroring",
      watches: [
        own(endpoints),
        watching(services, ({ object, previous }) =>
          withoutPods(object) || (previous && withoutPods(previous)) ? [objectKey(object)] : [],
        ),
        watching(endpointSlices, (change) => (this.#writing ? [] : keysOfSlice(change))),
      ],
      reconcile: (key) => {
        this.#writing = true;
        try {
          this.#sync(key);
        } finally {
          this.#writing = false;
        }
      },
      delay: 2 * MILLISECOND,
      backoff: { first: 1 * SECOND, most: 100 * SECOND },
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const source = this.#client.get(endpoints, namespace, name);
    const service = this.#client.get(services, namespace, name);
    const mirrored = source && shouldMirror(source) && service && withoutPods(service);
    const selector = selectorOfLabels({ [SERVICE_NAME]: name, [MANAGED_BY]: MANAGER });
    const existing = [...this.#client.selected(endpointSlices, namespace, selector)];
    // A slice with the same ports stays; others are used again before new ones are made.
    const mirrors = mirrored ? mirrorsOf(source) : [];
    const unplaced = mirrors.filter((mirror) => {
      const ports = portsKey(mirror.ports);
      const slice = take(existing, (one) => one.addressType === mirror.addressType && portsKey(one.ports) === ports);
      if (slice) this.#write(source!, mirror, slice);
      return !slice;
    });
    for (const mirror of unplaced)
      this.#write(
        source!,
        mirror,
        take(existing, ({ addressType }) => addressType === mirror.addressType),
      );
    for (const { metadata } of existing) this.#client.delete(endpointSlices, namespace, metadata.name);
  }

  #write(source: Endpoints, mirror: Mirror, slice: EndpointSlice | undefined): void {
    const { namespace = "", name } = source.metadata;
    const labels = { ...source.metadata.labels, [SERVICE_NAME]: name, [MANAGED_BY]: MANAGER };
    const annotations = annotationsOf(source);
    if (slice) {
      if (isSame(slice, mirror, labels, annotations)) return;
      this.#client.update(endpointSlices, {
        ...slice,
        metadata: { ...slice.metadata, labels, annotations },
        ...mirror,
      });
      return;
    }
    try {
      this.#client.create(endpointSlices, {
        metadata: {
          generateName: `${name}-`,
          namespace,
          labels,
          annotations,
          ownerReferences: [controllerReference(endpoints, source)],
        },
        ...mirror,
      });
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
    }
  }
}

/** Takes the first slice of a kind out of the list. */
function take(slices: EndpointSlice[], test: (slice: EndpointSlice) => boolean): EndpointSlice | undefined {
  const at = slices.findIndex(test);
  return at < 0 ? undefined : slices.splice(at, 1)[0];
}

function withoutPods({ spec }: Service): boolean {
  return spec.selector === undefined;
}

function shouldMirror({ metadata }: Endpoints): boolean {
  return metadata.labels?.[SKIP] !== "true" && metadata.annotations?.[LEADER] === undefined;
}

function keysOfSlice({ object, previous }: ObjectChange<EndpointSlice>): readonly string[] {
  return (previous ? [object, previous] : [object]).flatMap(({ metadata }) => {
    const name = metadata.labels?.[SERVICE_NAME];
    return name && metadata.labels?.[MANAGED_BY] === MANAGER ? [`${metadata.namespace!}/${name}`] : [];
  });
}

function annotationsOf({ metadata }: Endpoints): StringMap {
  const { [TRIGGER_TIME]: _, [LAST_APPLIED]: __, ...others } = metadata.annotations ?? {};
  return others;
}

/** A slice for each subset and family. */
function mirrorsOf({ subsets = [] }: Endpoints): Mirror[] {
  return repackSubsets(subsets).flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }) => {
    const all = [
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    ].slice(0, MOST);
    const slicePorts = bySliceHash(
      ports.map(({ name = "", port, protocol, appProtocol }) => ({
        name,
        port,
        protocol,
        ...(appProtocol !== undefined && { appProtocol }),
      })),
    );
    return (["IPv4", "IPv6"] as const).flatMap((addressType): Mirror[] => {
      const members = all.filter(({ addresses: [ip] }) => isIpv6(ip!) === (addressType === "IPv6"));
      return members.length === 0 ? [] : [{ addressType, ports: slicePorts, endpoints: members }];
    });
  });
}

function endpointOf(
  { ip, hostname, nodeName, targetRef }: EndpointAddress,
  ready: boolean,
): Endpoint & { addresses: string[] } {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(targetRef && { targetRef }),
    ...(nodeName && { nodeName }),
  };
}

function isSame(slice: EndpointSlice, mirror: Mirror, labels: StringMap, annotations: StringMap): boolean {
  const sorted = (list: readonly Endpoint[] | null): Endpoint[] =>
    [...(list ?? [])].sort((a, b) => (endpointKey(a) < endpointKey(b) ? -1 : 1));
  return (
    sameJson(slice.metadata.labels, labels) &&
    sameJson(slice.metadata.annotations ?? {}, annotations) &&
    portsKey(slice.ports) === portsKey(mirror.ports) &&
    sameJson(sorted(slice.endpoints), sorted(mirror.endpoints))
  );
}
