import type { Kernel, Table, Time } from "../../../kernel/index.ts";
import type { AnyKind } from "../kind.ts";
import { errors, qualified } from "../status.ts";
import type { KubeObject } from "../types/meta.ts";
import { History, type Change } from "./history.ts";
import { Listeners, type Listener, type Scope } from "./listeners.ts";
import { Rows, type IndexKeys } from "./rows.ts";

export interface StoreOptions {
  /** How many writes a watch can look back. */
  readonly history: number;
  /** Freezes what is stored, so that a test finds who changes it. */
  readonly freeze: boolean;
}

/** Followers hear of every so manieth write. */
const FOLLOWED = 100;

/**
 * etcd and the watch cache in front of it: objects as immutable rows in one kernel table per resource, one revision
 * counter for all of them, the last writes, and who listens. Nothing is validated here.
 */
export class Store {
  readonly #kernel: Kernel;
  readonly #prefix: string;
  readonly #options: StoreOptions;
  readonly #counter: Table<string, number>;
  readonly #history: History;
  readonly #resources = new Map<string, Rows>();
  /** The same by kind: versions of one share them. */
  readonly #rowsOf = new WeakMap<AnyKind, Rows>();
  readonly #expiries = new Map<string, Table<string, Time>>();
  /** Before that time no object of such a kind expires. */
  readonly #earliest = new Map<AnyKind, Time>();
  readonly #listeners = new Map<string, Listeners>();
  readonly #unmade: (() => void)[] = [];
  #places = 0;
  /** Who wants to know how far the store has come, now and then. */
  readonly #followers = new Set<(revision: number) => void>();
  readonly #undelivered: Change[] = [];
  #delivering = false;
  #objects: number | undefined;

  constructor(kernel: Kernel, cluster: string, options: StoreOptions) {
    this.#kernel = kernel;
    this.#prefix = `kube/${cluster}`;
    this.#options = options;
    this.#counter = kernel.state.table(`${this.#prefix}/revision`, { quiet: true });
    this.#history = new History(kernel.state.table(`${this.#prefix}/history`, { quiet: true }), options.history);
  }

  /** The revision of the last write: the resourceVersion of lists. */
  get revision(): number {
    return this.#counter.get("revision") ?? 1;
  }

  get(kind: AnyKind, namespace: string, name: string): KubeObject | undefined {
    const key = keyOf(namespace, name);
    const object = this.#rows(kind).get(key);
    return object && this.#expired(kind, key) ? undefined : object;
  }

  list(kind: AnyKind, namespace = ""): readonly KubeObject[] {
    return this.#alive(kind, this.#rows(kind).list(namespace));
  }

  indexed(kind: AnyKind, index: string, keysOf: IndexKeys, value: string): readonly KubeObject[] {
    return this.#alive(kind, this.#rows(kind).indexed(index, keysOf, value));
  }

  /** Stores a new object; returns it with its resourceVersion. */
  create(kind: AnyKind, object: KubeObject): KubeObject {
    this.#expire(kind);
    if (this.#count() >= this.#kernel.limits.objects)
      throw errors.unknownError("etcdserver: mvcc: database space exceeded");
    return this.#write("ADDED", kind, object, undefined);
  }

  update(kind: AnyKind, object: KubeObject, previous: KubeObject): KubeObject {
    this.#expire(kind);
    return this.#write("MODIFIED", kind, object, previous);
  }

  delete(kind: AnyKind, object: KubeObject): KubeObject {
    this.#expire(kind);
    return this.#write("DELETED", kind, object, object);
  }

  /** Changes with every write to a resource: what was made of its objects at one version is good for that one. */
  version(kind: AnyKind): number {
    return this.#rows(kind).version;
  }

  /** Calls `listener` after every write to a resource, or to a part of it, until the returned function is called. */
  listen(kind: AnyKind, listener: Listener, scope: Scope = {}, place = this.#places++): () => void {
    const resource = resourceOf(kind);
    let listeners = this.#listeners.get(resource);
    if (!listeners) this.#listeners.set(resource, (listeners = new Listeners()));
    return listeners.add(listener, scope, place);
  }

  /**
   * For listeners that are made only when there is something to hear: `make` is called before the first write is told. They
   * listen at the place that it returns, as if they had been there all the time.
   */
  listenLater(make: () => void): number {
    this.#unmade.push(make);
    return this.#places++;
  }

  /** Tells the revision with every hundredth write, whatever it is to, until the returned function is called. */
  follow(listener: (revision: number) => void): () => void {
    this.#followers.add(listener);
    return () => void this.#followers.delete(listener);
  }

  /** The writes to a resource after `revision`; undefined if they are forgotten. */
  since(kind: AnyKind, revision: number): readonly Change[] | undefined {
    const resource = resourceOf(kind);
    return this.#history.since(revision, this.revision)?.filter((change) => change.resource === resource);
  }

  /** Forgets writes that nobody may look back to any more; it is done with every write, too. */
  compact(): void {
    this.#history.compact(this.#kernel.now);
  }

  get oldestRevision(): number {
    return this.#history.oldest(this.revision + 1);
  }

  #write(type: Change["type"], kind: AnyKind, object: KubeObject, previous: KubeObject | undefined): KubeObject {
    const { namespace = "", name } = object.metadata;
    const key = keyOf(namespace, name);
    const rows = this.#rows(kind);
    const revision = this.revision + 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    if (this.#options.freeze) freeze(stored);
    this.#counter.set("revision", revision);
    if (type === "DELETED") rows.delete(key);
    else rows.set(key, stored);
    if (type === "ADDED") this.#objects = this.#count() + 1;
    if (type === "DELETED") this.#objects = this.#count() - 1;
    if (kind.ttl !== undefined) {
      const expiries = this.#expiry(kind);
      expiries.delete(key);
      if (type !== "DELETED") expiries.set(key, this.#kernel.now + kind.ttl);
    }
    const change: Change = { revision, type, resource: resourceOf(kind), object: stored, previous };
    this.#history.add(change, this.#kernel.now);
    this.#deliver(change);
    return stored;
  }

  /** A write by a listener is told after the one that it hears of has been told to all. */
  #deliver(change: Change): void {
    this.#undelivered.push(change);
    if (this.#delivering) return;
    this.#delivering = true;
    for (const make of this.#unmade.splice(0)) make();
    try {
      for (let next = this.#undelivered.shift(); next; next = this.#undelivered.shift()) {
        this.#listeners.get(next.resource)?.tell(next);
        if (next.revision % FOLLOWED === 0) for (const follower of this.#followers) follower(next.revision);
      }
    } finally {
      this.#delivering = false;
    }
  }

  #rows(kind: AnyKind): Rows {
    const known = this.#rowsOf.get(kind);
    if (known) return known;
    const resource = resourceOf(kind);
    let rows = this.#resources.get(resource);
    if (!rows) {
      const table = this.#kernel.state.table<string, KubeObject>(
        `${this.#prefix}/objects/${resource}`,
        kind.quiet ? { quiet: true } : {},
      );
      this.#resources.set(resource, (rows = new Rows(table)));
    }
    this.#rowsOf.set(kind, rows);
    return rows;
  }

  #count(): number {
    if (this.#objects === undefined) {
      this.#objects = 0;
      for (const name of this.#kernel.state.names(`${this.#prefix}/objects/`))
        this.#objects += this.#kernel.state.table(name).size;
    }
    return this.#objects;
  }

  // Objects with a time to live. They are gone for every reader at once, and leave the table with the next write.

  #expiry(kind: AnyKind): Table<string, Time> {
    const resource = resourceOf(kind);
    let table = this.#expiries.get(resource);
    if (!table) {
      table = this.#kernel.state.table<string, Time>(`${this.#prefix}/expiry/${resource}`, { quiet: true });
      this.#expiries.set(resource, table);
    }
    return table;
  }

  #expired(kind: AnyKind, key: string): boolean {
    return kind.ttl !== undefined && (this.#expiry(kind).get(key) ?? Infinity) <= this.#kernel.now;
  }

  #alive(kind: AnyKind, objects: readonly KubeObject[]): readonly KubeObject[] {
    if (kind.ttl === undefined) return objects;
    const [oldest] = this.#expiry(kind).values();
    if (oldest === undefined || oldest > this.#kernel.now) return objects;
    return objects.filter(({ metadata }) => !this.#expired(kind, keyOf(metadata.namespace ?? "", metadata.name)));
  }

  /** Rows expire in the order of their last writes, which is the order of the table. */
  #expire(kind: AnyKind): void {
    if (kind.ttl === undefined) return;
    // The table is only looked through again when its oldest row may have gone.
    if (this.#kernel.now < (this.#earliest.get(kind) ?? 0)) return;
    for (;;) {
      const [first] = this.#expiry(kind).entries();
      this.#earliest.set(kind, first?.[1] ?? 0);
      if (!first || first[1] > this.#kernel.now) return;
      const object = this.#rows(kind).get(first[0]);
      if (object) this.#write("DELETED", kind, object, object);
      else this.#expiry(kind).delete(first[0]);
    }
  }
}

/** `pods`, `deployments.apps`: names tables and listeners. */
export function resourceOf(kind: AnyKind): string {
  return qualified(kind.plural, kind.group);
}

export function keyOf(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}
