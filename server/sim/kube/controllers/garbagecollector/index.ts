import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import {
  isNotFound, isStatus, objectKey, splitKey, watching, type AnyKind, type Client, type ControllerLoop, type DeleteOptions, type KubeObject,
  type ObjectChange, type OwnerReference,
} from "../../api/index.ts"; // prettier-ignore
import type { ControllerContext } from "../context.ts";
import { FOREGROUND, isDeleting, isDeletingDependents, isOrphaningDependents, ORPHAN, ownerOf } from "./owners.ts";

/** Something that hangs on another. */
interface Dependent {
  readonly kind: AnyKind;
  readonly object: KubeObject;
}

/**
 * Deletes objects whose owners are gone, and does what the finalizers `orphan` and `foregroundDeletion` ask for
 * (pkg/controller/garbagecollector). Upstream keeps a graph of all objects; here the index on owners' uids is that graph.
 */
export class GarbageCollector {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #watched = new Set<string>();
  #seen: readonly AnyKind[] = [];
  #known: readonly AnyKind[] = [];

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("generic-garbage-collector");
    for (const kind of this.#kinds) this.#watched.add(resourceOf(kind));
    this.loop = context.loop("garbage-collector-controller", this.#client, {
      name: "garbagecollector",
      watches: this.#kinds.map((kind) => watching(kind, (change) => this.#keysOf(kind, change))),
      reconcile: (key) => this.#sync(key),
      delay: 4 * MILLISECOND,
      backoff: { first: 5 * MILLISECOND, most: 1_000 * SECOND },
    });
    context.api.registry.onChange(() => this.#watchNew());
  }

  /** The kinds whose objects may own or be owned. Custom ones come and go, and are watched from when they come. */
  get #kinds(): readonly AnyKind[] {
    const { registry } = this.#context.api;
    if (this.#seen !== registry.kinds) {
      this.#seen = registry.kinds;
      this.#known = registry.kinds.filter(
        (kind) => registry.stored(kind) === kind && !kind.computed && !isEvents(kind),
      );
    }
    return this.#known;
  }

  #watchNew(): void {
    for (const kind of this.#kinds) {
      if (this.#watched.has(resourceOf(kind))) continue;
      this.#watched.add(resourceOf(kind));
      this.loop.watch(watching(kind, (change) => this.#keysOf(kind, change)));
    }
  }

  /** What to look at after a change: the object if its owners or finalizers may ask for it, all its dependents if it went. */
  #keysOf(kind: AnyKind, { type, object, previous }: ObjectChange<KubeObject>): readonly string[] {
    if (type === "DELETED") return [...this.#dependents(object).map(keyOf), ...this.#waitingOwners(object)];
    if (isDeletingDependents(object) || isOrphaningDependents(object))
      return previous && isDeleting(previous) && previous.metadata.finalizers === object.metadata.finalizers
        ? []
        : [keyOf({ kind, object })];
    const owners = object.metadata.ownerReferences;
    if (previous?.metadata.ownerReferences === owners) return [];
    const absent = owners?.some((reference) => ownerOf(this.#client, object, reference) === undefined);
    return absent ? [keyOf({ kind, object })] : this.#formerOwners(previous, object);
  }

  /** Owners that wait in the foreground for this object, which is gone. */
  #waitingOwners(object: KubeObject): string[] {
    return (object.metadata.ownerReferences ?? []).flatMap((reference) => this.#waiting(object, reference));
  }

  /** The same for owners that the object does not name any more. */
  #formerOwners(previous: KubeObject | undefined, object: KubeObject): string[] {
    const now = new Set((object.metadata.ownerReferences ?? []).map(({ uid }) => uid));
    return (previous?.metadata.ownerReferences ?? [])
      .filter(({ uid }) => !now.has(uid))
      .flatMap((reference) => this.#waiting(object, reference));
  }

  #waiting(object: KubeObject, reference: OwnerReference): string[] {
    const owner = ownerOf(this.#client, object, reference);
    if (!owner || owner === "unknown" || !isDeletingDependents(owner)) return [];
    const kind = this.#kinds.find((one) => one.kind === reference.kind)!;
    return [keyOf({ kind, object: owner })];
  }

  #dependents({ metadata }: KubeObject): Dependent[] {
    return this.#kinds.flatMap((kind) =>
      this.#client.owned(kind, metadata.uid).map((object): Dependent => ({ kind, object })),
    );
  }

  #sync(key: string): void {
    const [resource = "", name = "", uid] = key.split(" ");
    const kind = this.#kinds.find((one) => resourceOf(one) === resource);
    if (!kind) return;
    const { namespace, name: objectName } = splitKey(name);
    const object = this.#client.get(kind, namespace, objectName);
    if (object?.metadata.uid !== uid) return;
    const item = { kind, object: object! };
    if (isOrphaningDependents(item.object)) return this.#orphan(item);
    if (isDeletingDependents(item.object)) return this.#deleteDependents(item);
    this.#deleteIfAbandoned(item);
  }

  /** Lets the dependents of an object go their own way (orphanDependents). */
  #orphan(item: Dependent): void {
    const { uid } = item.object.metadata;
    for (const dependent of this.#dependents(item.object))
      this.#ignoreNotFound(() => this.#dropOwners(dependent, (reference) => reference.uid === uid));
    this.#dropFinalizer(item, ORPHAN);
  }

  /** Deletes what blocks the end of an object, and lets that happen when nothing does any more. */
  #deleteDependents(item: Dependent): void {
    const { uid } = item.object.metadata;
    const blocking = this.#dependents(item.object).filter(({ object }) =>
      object.metadata.ownerReferences!.some((one) => one.uid === uid && one.blockOwnerDeletion),
    );
    if (blocking.length === 0) return this.#dropFinalizer(item, FOREGROUND);
    for (const dependent of blocking) if (!isDeletingDependents(dependent.object)) this.#deleteIfAbandoned(dependent);
  }

  /** attemptToDeleteItem */
  #deleteIfAbandoned(item: Dependent): void {
    const { object } = item;
    if (isDeleting(object) && !isDeletingDependents(object)) return;
    const { solid, dangling, waiting } = this.#classify(object);
    if (solid.length > 0) {
      const gone = new Set([...dangling, ...waiting].map(({ uid }) => uid));
      if (gone.size > 0) this.#dropOwners(item, ({ uid }) => gone.has(uid));
      return;
    }
    if (dangling.length + waiting.length === 0) return;
    if (waiting.length > 0 && this.#dependents(object).length > 0) return this.#delete(item, "Foreground");
    const { finalizers = [] } = object.metadata;
    this.#delete(
      item,
      finalizers.includes(ORPHAN) ? "Orphan" : finalizers.includes(FOREGROUND) ? "Foreground" : "Background",
    );
  }

  /** References to owners that are there, that are not, and that wait for the object to go (classifyReferences). */
  #classify(object: KubeObject): Record<"solid" | "dangling" | "waiting", OwnerReference[]> {
    const classes: Record<"solid" | "dangling" | "waiting", OwnerReference[]> = {
      solid: [],
      dangling: [],
      waiting: [],
    };
    for (const reference of object.metadata.ownerReferences ?? []) {
      const owner = ownerOf(this.#client, object, reference);
      if (owner === undefined) classes.dangling.push(reference);
      else if (owner !== "unknown" && isDeletingDependents(owner) && reference.blockOwnerDeletion)
        classes.waiting.push(reference);
      else classes.solid.push(reference);
    }
    return classes;
  }

  #delete({ kind, object }: Dependent, propagationPolicy: DeleteOptions["propagationPolicy"]): void {
    const { namespace = "", name, uid, resourceVersion } = object.metadata;
    this.#ignoreNotFound(() =>
      this.#client.delete(kind, namespace, name, { propagationPolicy, preconditions: { uid, resourceVersion } }),
    );
  }

  #dropOwners({ kind, object }: Dependent, test: (reference: OwnerReference) => boolean): void {
    const ownerReferences = object.metadata.ownerReferences!.filter((reference) => !test(reference));
    this.#client.update(kind, { ...object, metadata: { ...object.metadata, ownerReferences } });
  }

  #dropFinalizer({ kind, object }: Dependent, finalizer: string): void {
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    this.#ignoreNotFound(() => this.#client.update(kind, { ...object, metadata: { ...object.metadata, finalizers } }));
  }

  #ignoreNotFound(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!isNotFound(error) && !isStatus(error, "MethodNotAllowed")) throw error;
    }
  }
}

function isEvents({ plural }: AnyKind): boolean {
  return plural === "events";
}

function resourceOf({ group, plural }: AnyKind): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** `replicasets.apps default/web-5c4cf9bcd4 ‹uid›` */
function keyOf({ kind, object }: Dependent): string {
  return `${resourceOf(kind)} ${objectKey(object)} ${object.metadata.uid}`;
}
