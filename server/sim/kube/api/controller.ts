import type { Duration } from "../../kernel/index.ts";
import type { Client, ObjectChange } from "./client.ts";
import type { Informers } from "./informers.ts";
import type { Kind } from "./kind.ts";
import { keyOf } from "./store/store.ts";
import type { KubeObject } from "./types/meta.ts";
import { WorkQueue } from "./workqueue.ts";

/** A kind that a controller watches, and the keys that a change of one of its objects gives it to reconcile. */
export interface ControllerWatch<T extends KubeObject = KubeObject> {
  readonly kind: Kind<T>;
  keys(change: ObjectChange<T>): readonly string[];
}

/** A control loop: `reconcile` makes the world of one key as it should be, and may be called at any time. */
export interface Controller {
  /** Names its queue; as upstream calls it: `deployment`, `endpointslice`. */
  readonly name: string;
  readonly watches: readonly ControllerWatch[];
  reconcile(key: string): void;
  readonly delay?: Duration;
  readonly backoff?: { readonly first: Duration; readonly most: Duration };
}

/** A controller bound to a server. Its watches are code and bound anew after restore and fork; its queue is data. */
export class ControllerLoop {
  readonly queue: WorkQueue;
  readonly #client: Client;
  readonly #controller: Controller;
  readonly #undo: (() => void)[];

  readonly #synced: () => boolean;

  /** `active` says whether its process runs and reaches the server; `informers` what it may see there, if that is asked. */
  constructor(client: Client, controller: Controller, active: () => boolean, informers?: Informers) {
    this.#client = client;
    this.#controller = controller;
    const { kernel, cluster } = client.server;
    const { name, delay, backoff, watches } = controller;
    const kinds = watches.map(({ kind }) => kind);
    const listed = informers?.register(kinds, () => this.#begin());
    this.#synced = listed?.synced ?? (() => true);
    this.queue = new WorkQueue(kernel, `kube/${cluster}/${name}`, (key) => controller.reconcile(key), {
      active: listed ? () => active() && listed.synced() : active,
      ...(delay === undefined ? {} : { delay }),
      ...(backoff === undefined ? {} : { backoff }),
    });
    this.#undo = listed ? [listed.stop] : [];
    for (const watch of controller.watches) this.watch(watch);
  }

  /** Watches one more kind, which has come since: a custom one. */
  watch(watch: ControllerWatch): void {
    this.#undo.push(this.#client.watch(watch.kind, (change) => this.#changed(watch, change)));
  }

  /** The process has started: everything that is there is looked at once, as after an informer's first list, once it may be had. */
  start(): void {
    if (this.#synced()) this.#begin();
  }

  #begin(): void {
    for (const watch of this.#controller.watches)
      for (const object of this.#client.list(watch.kind))
        this.#changed(watch, { type: "ADDED", object, previous: undefined });
    this.queue.resume();
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #changed(watch: ControllerWatch, change: ObjectChange<KubeObject>): void {
    for (const key of watch.keys(change)) this.queue.add(key);
  }
}

/** A watch whose own objects are the keys: `own(deployments)`. */
export function own<T extends KubeObject>(kind: Kind<T>): ControllerWatch {
  return watching(kind, ({ object }) => [objectKey(object)]);
}

/** A watch whose objects' controllers of that kind are the keys: `ownedBy(replicaSets, "Deployment")`. */
export function ownedBy<T extends KubeObject>(kind: Kind<T>, owner: string): ControllerWatch {
  return watching(kind, ({ object, previous }) => {
    const names = [object, previous].flatMap((one) => {
      const controller = one?.metadata.ownerReferences?.find((reference) => reference.controller);
      return controller?.kind === owner ? [keyOf(one!.metadata.namespace ?? "", controller.name)] : [];
    });
    return [...new Set(names)];
  });
}

/** A watch with keys of your own making. */
export function watching<T extends KubeObject>(
  kind: Kind<T>,
  keys: (change: ObjectChange<T>) => readonly string[],
): ControllerWatch {
  return { kind, keys } as unknown as ControllerWatch;
}

/** `namespace/name`, or the name alone: how controllers call an object. */
export function objectKey({ metadata }: KubeObject): string {
  return keyOf(metadata.namespace ?? "", metadata.name);
}

/** The parts of a key. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { namespace: "", name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
