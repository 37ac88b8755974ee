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
    const { registry } = this.#api;
    const found = registry.kinds.filter(
      (kind) =>
        (wanted === "" || kind.group === wanted) &&
        [kind.plural, kind.singular, kind.kind.toLowerCase(), ...(kind.shortNames ?? [])].includes(word!),
    );
    // Those of a CustomResourceDefinition are all versions of one that is stored.
    const chosen = found.find((kind) => !kind.storedAs) ?? found[0];
    if (!chosen) throw new Broken(`this cluster has no kind ${JSON.stringify(name)}`);
    return registry.stored(chosen);
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

/** Kinds whose objects machines write, of their own accord or after others. */
const MACHINE_MADE = new Set(["events", "endpoints", "endpointslices", "leases", "controllerrevisions"]);
/** What every namespace gets. */
const GIVEN = new Set(["configmaps/kube-root-ca.crt", "serviceaccounts/default"]);

/** All that somebody wrote in a namespace, of any kind: nothing that has an owner, or that machines write. */
export function writtenObjects(
  objects: Objects,
  namespace: string,
): readonly { readonly kind: AnyKind; readonly object: KubeObject }[] {
  return objects.kinds
    .filter((kind) => kind.namespaced && !kind.storedAs && !MACHINE_MADE.has(kind.plural))
    .flatMap((kind) =>
      objects
        .list(qualified(kind.plural, kind.group), namespace)
        .objects.filter(
          ({ metadata }) =>
            (metadata.ownerReferences ?? []).length === 0 && !GIVEN.has(`${kind.plural}/${metadata.name}`),
        )
        .map((object) => ({ kind, object })),
    );
}

function namespaceFor(kind: AnyKind, namespace: string | undefined, reference: string): string {
  if (!kind.namespaced) return "";
  if (namespace === undefined) throw new Broken(`${reference} needs a namespace`);
  return namespace;
}
