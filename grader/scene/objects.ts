import {
  matchesLabels,
  parseLabelSelector,
  qualified,
  type AnyKind,
  type ApiServer,
  type EndpointSlice,
  type KubeObject,
  type Node,
  type Pod,
  type Selector,
  type Service,
} from "../../server/sim/kube/api/index.ts";
import { anyKind } from "../../server/sim/kube/api/index.ts";
import { endpointSlices, nodes, pods, services } from "../../server/sim/kube/kinds/index.ts";
import { Broken } from "../broken.ts";

/** The objects of a cluster as they are stored, whether or not its API server can be reached. */
export class Objects {
  readonly #api: ApiServer;

  constructor(api: ApiServer) {
    this.#api = api;
  }

  pods(namespace = ""): readonly Pod[] {
    return this.#api.store.list(anyKind(pods), namespace) as readonly Pod[];
  }

  pod(namespace: string, name: string): Pod | undefined {
    return this.#api.store.get(anyKind(pods), namespace, name) as Pod | undefined;
  }

  podsOf(namespace: string, labels: string): readonly Pod[] {
    const selector = readSelector(labels);
    return this.pods(namespace).filter(({ metadata }) => matchesLabels(selector, metadata.labels));
  }

  services(namespace = ""): readonly Service[] {
    return this.#api.store.list(anyKind(services), namespace) as readonly Service[];
  }

  service(namespace: string, name: string): Service | undefined {
    return this.#api.store.get(anyKind(services), namespace, name) as Service | undefined;
  }

  nodes(): readonly Node[] {
    return this.#api.store.list(anyKind(nodes)) as readonly Node[];
  }

  slicesOf({ metadata }: Service): readonly EndpointSlice[] {
    const slices = this.#api.store.list(anyKind(endpointSlices), metadata.namespace ?? "") as readonly EndpointSlice[];
    return slices.filter((slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === metadata.name);
  }

  get kinds(): readonly AnyKind[] {
    return this.#api.registry.kinds;
  }

  /** The kind by plural, singular, short name or kind, with its group behind a dot if need be. Broken if there is none. */
  kind(name: string): AnyKind {
    const [word, ...group] = name.toLowerCase().split(".");
    const wanted = group.join(".");
    const found = this.#api.registry.kinds.find(
      (kind) =>
        !kind.storedAs &&
        (wanted === "" || kind.group === wanted) &&
        [kind.plural, kind.singular, kind.kind.toLowerCase(), ...(kind.shortNames ?? [])].includes(word!),
    );
    if (!found) throw new Broken(`this cluster has no kind ${JSON.stringify(name)}`);
    return found;
  }

  find(reference: string, namespace: string | undefined): Found {
    const [kindName, name] = reference.split("/") as [string, string];
    const kind = this.kind(kindName);
    const where = namespaceFor(kind, namespace, reference);
    return { kind, namespace: where, name, object: this.#api.store.get(kind, where, name) };
  }

  list(
    kindName: string,
    namespace: string | undefined,
    labels = "",
  ): { kind: AnyKind; objects: readonly KubeObject[] } {
    const kind = this.kind(kindName);
    const selector = readSelector(labels);
    const objects = this.#api.store
      .list(kind, kind.namespaced ? (namespace ?? "") : "")
      .filter(({ metadata }) => matchesLabels(selector, metadata.labels));
    return { kind, objects };
  }
}

export interface Found {
  readonly kind: AnyKind;
  /** Empty for what belongs to no namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly object: KubeObject | undefined;
}

/** `pods`, `deployments.apps`. */
export function resourceName(kind: AnyKind): string {
  return qualified(kind.plural, kind.group);
}

export function readSelector(labels: string): Selector {
  const selector = parseLabelSelector(labels);
  if (typeof selector === "object" && "error" in selector)
    throw new Broken(`${JSON.stringify(labels)} is no label selector: ${selector.error}`);
  return selector;
}

function namespaceFor(kind: AnyKind, namespace: string | undefined, reference: string): string {
  if (!kind.namespaced) return "";
  if (namespace === undefined) throw new Broken(`${reference} needs a namespace`);
  return namespace;
}
