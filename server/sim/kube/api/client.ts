import type { JsonObject, JsonValue } from "./json.ts";
import type { AnyKind, Kind } from "./kind.ts";
import { isFailure, type ApiRequest, type Query, type UserInfo, type Verb } from "./request.ts";
import type { Selector } from "./selectors/labels.ts";
import { matchesLabels } from "./selectors/labels.ts";
import type { ApiServer } from "./server.ts";
import { errors, isStatus, StatusError } from "./status.ts";
import type { Change } from "./store/history.ts";
import type { IndexKeys } from "./store/rows.ts";
import type { DeleteOptions, Input, KubeObject } from "./types/meta.ts";
import { fieldValue } from "./selectors/index.ts";
import { labelKeys } from "./verbs/read.ts";

export interface ClientOptions {
  readonly user: UserInfo;
  /** Names the manager of fields, up to the first slash: `kube-controller-manager/v1.33.1`. */
  readonly userAgent: string;
  /** Whether the way to the server is open now. Writes throw `Unreachable` while it is not. */
  readonly reachable?: () => boolean;
  /** Among the listeners of the store, if not behind all others. */
  readonly place?: number;
}

/** The client could not connect. */
export class Unreachable extends Error {}

/** A write to an object of a kind. `object` is as it is now; for a deletion as it last was. */
export interface ObjectChange<T extends KubeObject> {
  readonly type: Change["type"];
  readonly object: T;
  readonly previous: T | undefined;
}

/**
 * What controllers and kubelets talk to the server with: the same requests as everybody's (validation, admission and
 * resourceVersions count), without bodies as text. Reads are as of a cache that is always fresh; what they return is
 * immutable. Writes throw a StatusError when the server refuses.
 */
export class Client {
  readonly server: ApiServer;
  readonly #options: ClientOptions;

  constructor(server: ApiServer, options: ClientOptions) {
    this.server = server;
    this.#options = options;
  }

  get reachable(): boolean {
    return this.#options.reachable?.() ?? true;
  }

  get<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string): T | undefined {
    return this.server.store.get(kind as unknown as AnyKind, namespace, name) as T | undefined;
  }

  /** All objects of a kind, or those of a namespace, in the order of their keys. */
  list<T extends KubeObject>(kind: Kind<T>, namespace = ""): readonly T[] {
    return this.server.store.list(kind as unknown as AnyKind, namespace) as readonly T[];
  }

  /** The objects that a selector chooses; an index on labels serves those with `=`. */
  selected<T extends KubeObject>(kind: Kind<T>, namespace: string, selector: Selector): readonly T[] {
    if (selector === "nothing") return [];
    const exact = selector.find(({ operator, values }) => operator === "=" && values.length === 1);
    const chosen = ({ metadata }: KubeObject): boolean =>
      (namespace === "" || metadata.namespace === namespace) && matchesLabels(selector, metadata.labels);
    if (!exact) return this.list(kind, namespace).filter(chosen);
    const found = this.indexed(kind, "labels", labelKeys, `${exact.key}=${exact.values[0]!}`);
    // Mostly that is all that is asked for: then what the index holds is the answer.
    const elsewhere = ({ metadata }: KubeObject): boolean => namespace !== "" && metadata.namespace !== namespace;
    return selector.length === 1 && !found.some(elsewhere) ? found : found.filter(chosen);
  }

  /** The objects whose selectable field has that value, by an index: `byField(pods, "spec.nodeName", "node01")`. */
  byField<T extends KubeObject>(kind: Kind<T>, field: string, value: string): readonly T[] {
    const any = kind as unknown as AnyKind;
    return this.indexed(kind, field, (object) => [fieldValue(any, field, object)], value);
  }

  /** The objects that name an owner's uid in their ownerReferences, by an index. */
  owned<T extends KubeObject>(kind: Kind<T>, uid: string): readonly T[] {
    return this.indexed(kind, "owner", ownerKeys, uid);
  }

  /** The objects that stand under a value in an index of your own; equal names must mean equal functions. */
  indexed<T extends KubeObject>(kind: Kind<T>, index: string, keysOf: IndexKeys, value: string): readonly T[] {
    return this.server.store.indexed(kind as unknown as AnyKind, index, keysOf, value) as readonly T[];
  }

  create<T extends KubeObject>(kind: Kind<T>, object: Input<T>): T {
    const body = object as unknown as JsonObject;
    const { namespace = "" } = object.metadata as Partial<KubeObject["metadata"]>;
    return this.#object(kind, { verb: "create", namespace: kind.namespaced ? namespace : "", body });
  }

  update<T extends KubeObject>(kind: Kind<T>, object: T): T {
    return this.#put(kind, object, "");
  }

  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): T {
    return this.#put(kind, object, "status");
  }

  /** Writes another part of an object than its status: `updatePart(namespaces, namespace, "finalize")`. */
  updatePart<T extends KubeObject>(kind: Kind<T>, object: T, part: string): T {
    return this.#put(kind, object, part);
  }

  /** A patch of an object or of one of its parts; `type` as in a Content-Type, without `application/`. */
  patch<T extends KubeObject>(
    kind: Kind<T>,
    target: { readonly namespace?: string; readonly name: string; readonly subresource?: string },
    type: "merge-patch+json" | "json-patch+json" | "strategic-merge-patch+json",
    patch: JsonValue,
  ): T {
    const contentType = `application/${type}`;
    const body = typeof patch === "object" && patch !== null && !Array.isArray(patch) ? patch : JSON.stringify(patch);
    return this.#object(kind, { verb: "patch", ...target, contentType, body });
  }

  delete<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string, options: DeleteOptions = {}): void {
    this.#send(kind, { verb: "delete", namespace, name, body: options as JsonObject });
  }

  /** Does something to an object: `act(pods, "default", "web", "binding", { target: { name: "node01" } })`. */
  act<T extends KubeObject>(
    kind: Kind<T>,
    namespace: string,
    name: string,
    subresource: string,
    body: JsonObject,
  ): void {
    this.#send(kind, { verb: "create", namespace, name, subresource, body });
  }

  /** The same where the answer matters: `ask(serviceAccounts, "default", "web", "token", tokenRequest)`. */
  ask<T extends KubeObject>(
    kind: Kind<T>,
    namespace: string,
    name: string,
    subresource: string,
    body: JsonObject,
  ): JsonObject {
    return this.#object(kind, { verb: "create", namespace, name, subresource, body }) as unknown as JsonObject;
  }

  /** Hears of every write to a kind from now on, within the write; returns what ends it. */
  watch<T extends KubeObject>(kind: Kind<T>, listener: (change: ObjectChange<T>) => void): () => void {
    const hear = (change: Change): void => listener(change as unknown as ObjectChange<T>);
    return this.server.store.listen(kind as unknown as AnyKind, hear, {}, this.#options.place);
  }

  /** Why the server refuses this client such a request, in its words; undefined if it does not. */
  refusal<T extends KubeObject>(verb: Verb, kind: Kind<T>, namespace = "", name = ""): string | undefined {
    const { group, version, plural: resource } = kind;
    const { user } = this.#options;
    return this.server.refusal({ user, verb, group, version, resource, subresource: "", namespace, name });
  }

  #put<T extends KubeObject>(kind: Kind<T>, object: T, subresource: string): T {
    const { namespace = "", name } = object.metadata;
    // The server keeps account of who owns what; nobody here wants to change that.
    const body = { ...object, metadata: { ...object.metadata, managedFields: undefined } } as unknown as JsonObject;
    return this.#object(kind, { verb: "update", namespace, name, subresource, body });
  }

  #object<T extends KubeObject>(kind: Kind<T>, parts: Partial<ApiRequest> & { readonly verb: Verb }): T {
    return this.#send(kind, parts) as T;
  }

  #send<T extends KubeObject>(kind: Kind<T>, parts: Partial<ApiRequest> & { readonly verb: Verb }): unknown {
    if (!this.reachable) throw new Unreachable(`${this.#options.userAgent} cannot reach the API server`);
    const query: Query = {};
    const response = this.server.handle({
      group: kind.group,
      version: kind.version,
      resource: kind.plural,
      namespace: "",
      name: "",
      subresource: "",
      query,
      accept: "",
      contentType: "",
      userAgent: this.#options.userAgent,
      user: this.#options.user,
      hurried: true,
      body: undefined,
      ...parts,
    });
    if (isFailure(response)) throw new StatusError(response.object);
    if (response.kind === "object") return response.object;
    if (response.kind === "pending")
      throw errors.serverTimeout({ group: kind.group, resource: kind.plural }, parts.verb, 1);
    throw new Error(`${kind.plural}: the server answered ${response.kind}`);
  }
}

function ownerKeys({ metadata }: KubeObject): readonly string[] {
  return metadata.ownerReferences?.map(({ uid }) => uid) ?? [];
}

/** Whether an error says that the object is not there. */
export function isNotFound(error: unknown): boolean {
  return isStatus(error, "NotFound");
}

/** Whether an error says that somebody else wrote first. */
export function isConflict(error: unknown): boolean {
  return isStatus(error, "Conflict");
}
