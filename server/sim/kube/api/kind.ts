import type { Duration, Random, Time } from "../../kernel/index.ts";
import type { FieldErrors } from "./field-errors.ts";
import type { JsonObject } from "./json.ts";
import type { ApiRequest, ApiResponse, UserInfo, Verb } from "./request.ts";
import type { ApiSettings } from "./settings.ts";
import type { Registry } from "./registry.ts";
import type { KindSchema } from "./schema/kind-schema.ts";
import type { Status } from "./status.ts";
import type { DeleteOptions, Draft, KubeObject, TimeText } from "./types/meta.ts";
import type { Rule } from "./validation/names.ts";
import type { WebhookCaller } from "./webhook-call.ts";

/** A column of a Table. Priority 1 shows with `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly type?: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

export type Cell = string | number | boolean | null;

export interface RowCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * One kind of object, with all that the generic server must know of it. Functions that get a draft change it in place;
 * they are called in the order of the real server: defaults, admission, begin, prepare, validate. Where one of them
 * refuses with an error of its own it throws a StatusError.
 */
export interface Kind<T extends KubeObject = KubeObject> extends GroupVersionKind {
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** A list of them; `<kind>List` if not given. */
  readonly listKind?: string;
  /** How its objects are read, described and merged; the structure of the table that bears its name if not given. */
  readonly schema?: KindSchema;
  /** What its documentation says besides that of its structure: that it has no effect here. */
  readonly note?: string;
  /** All eight, if not given. */
  readonly verbs?: readonly Verb[];
  readonly subresources?: Readonly<Record<string, Subresource<T>>>;

  /** Where etcd keeps it, which some errors show; `/registry/<plural>` if not given. */
  readonly registryPath?: string;
  /** Another version of a kind that is stored: no rows of its own. */
  readonly storedAs?: Conversion<T>;
  /** The kinds that each of its objects brings with it: those of a CustomResourceDefinition. Same object, same kinds. */
  brings?(object: T): readonly AnyKind[];
  /** Objects that are not stored but made when asked for, besides the stored ones; of one namespace, or of all. */
  computed?(context: KindContext, namespace: string): readonly T[];
  /** A write to one that is made when asked for stores it first: it is an object like others. */
  readonly writesComputed?: boolean;
  /** A stored object as a read shows it: with what only looks as if it were written again and again. */
  shown?(object: T, context: KindContext): T;
  /** Writes are no change of the world: nobody probes again for an event or a lease. */
  readonly quiet?: boolean;
  /** How long after its last write an object is gone. */
  readonly ttl?: Duration;

  readonly columns: readonly Column[];
  cells(object: T, now: Time): readonly Cell[];
  rowConditions?(object: T): readonly RowCondition[] | undefined;

  /** Selectable fields besides metadata.name and metadata.namespace. */
  readonly fields?: Readonly<Record<string, (object: T) => string>>;
  /** Those of them that an index serves. */
  readonly indexed?: readonly string[];

  readonly nameRule: Rule;
  defaults?(draft: Draft<T>): void;
  beginCreate?(draft: Draft<T>, context: KindContext): void;
  beginUpdate?(draft: Draft<T>, old: T, context: KindContext): void;
  prepareCreate?(draft: Draft<T>, context: KindContext): void;
  prepareUpdate?(draft: Draft<T>, old: T, context: KindContext): void;
  /** Complaints about a new object, besides those about its metadata. */
  validate?(object: T, context: KindContext): FieldErrors;
  /** Complaints about a change, besides those about its metadata. */
  validateUpdate?(object: T, old: T, context: KindContext): FieldErrors;
  warnings?(object: T, old: T | undefined): readonly string[];
  /** The warning of every request, for APIs that are on their way out. */
  readonly deprecation?: string;
  /** Nothing is stored: POST is answered with what this makes of the body (reviews). */
  answer?(body: JsonObject, context: KindContext): JsonObject;
  /** PUT to a name that does not exist creates. */
  readonly createOnUpdate?: boolean;
  /** PUT without a resourceVersion is refused. */
  readonly needsResourceVersion?: boolean;

  /** Seconds between the request to delete and the end, for kinds that end gracefully. */
  gracePeriod?(object: T, asked: number | undefined): number;
  /** Dependents stay if a DELETE does not say what shall become of them (rest.OrphanDependents), and what is told then. */
  readonly orphansByDefault?: { readonly warning?: string };
  /** Takes over the deletion: returns the object that stays for now, or undefined to go on as usual. */
  beginDelete?(object: T, context: KindContext): T | undefined;
  /**
   * Fields that a write through a subresource (`""` for the object itself) does not change whatever it says, so that nobody
   * comes to own them so; if not given, `status` apart from all else, and `spec` for the status (strategies' GetResetFields).
   */
  readonly resetFields?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** By subresource: the one field that a write through it can change at all (GetResetFieldsFilter). */
  readonly keptFields?: Readonly<Record<string, readonly string[]>>;
  /** Whether something besides its finalizers keeps an object that is being deleted. */
  holds?(object: T): boolean;
  afterDelete?(object: T, context: KindContext): void;
  /** The object has been stored, in the place of `old`: for other objects that come and go with it. */
  afterStore?(object: T, old: T | undefined, context: KindContext): void;
  /** DELETE answers with the object, not with a Status. */
  readonly returnsDeleted?: boolean;
}

/** How another version shows what is stored; a webhook may have to be called for that. */
export interface Conversion<T extends KubeObject> {
  readonly kind: AnyKind;
  fromStored(stored: KubeObject, call?: WebhookCaller): T;
  toStored(object: T, call?: WebhookCaller): KubeObject;
}

/** A part of an object that is read and written by itself: status, the finalizers of a namespace. */
export interface PartSubresource<T extends KubeObject> {
  readonly type: "part";
  readonly verbs: readonly Verb[];
  prepareUpdate(draft: Draft<T>, old: T, context: KindContext): void;
  validateUpdate?(object: T, old: T, context: KindContext): FieldErrors;
}

/** Another object through which one is read and written: scale. */
export interface ViewSubresource<T extends KubeObject> {
  readonly type: "view";
  readonly verbs: readonly Verb[];
  readonly as: GroupVersionKind;
  /** The field of the object that the view's `spec.replicas` is. */
  readonly replicasPath: readonly string[];
  read(object: T): JsonObject;
  write(draft: Draft<T>, view: JsonObject): void;
  validate?(view: JsonObject): FieldErrors;
}

/** What the functions of a kind may ask of the request under way. */
export interface KindContext {
  readonly kind: AnyKind;
  readonly request: ApiRequest;
  readonly user: UserInfo;
  readonly settings: ApiSettings;
  readonly store: ObjectStore;
  readonly registry: Registry;
  readonly random: Random;
  readonly now: Time;
  readonly nowText: TimeText;
  /** Nothing shall be written. */
  readonly dryRun: boolean;
  warn(message: string): void;
  /** A kind by group and resource, whatever version of it is served. */
  find(group: string, plural: string): AnyKind | undefined;
}

/** The stored objects, as a kind's functions may use them. */
export interface ObjectStore {
  get(kind: AnyKind, namespace: string, name: string): KubeObject | undefined;
  list(kind: AnyKind, namespace?: string): readonly KubeObject[];
  /** The objects under `value` of an index; equal names must mean equal functions. */
  indexed(
    kind: AnyKind,
    index: string,
    keysOf: (object: KubeObject) => readonly string[],
    value: string,
  ): readonly KubeObject[];
  create(kind: AnyKind, object: KubeObject): KubeObject;
  update(kind: AnyKind, object: KubeObject, previous: KubeObject): KubeObject;
  delete(kind: AnyKind, object: KubeObject): KubeObject;
}

/** Something that is done to an object by posting another: binding, eviction. */
export interface ActionSubresource<T extends KubeObject> {
  readonly type: "action";
  readonly verbs: readonly Verb[];
  readonly as: GroupVersionKind;
  /** The answer, a Status or an object; or the options with which the object, as it is by now, shall be deleted. */
  run(
    object: T,
    body: JsonObject,
    context: KindContext,
  ): Status | { readonly answer: JsonObject } | { readonly remove: DeleteOptions; readonly object?: T };
}

/** A stream from or to a node: log, exec, attach, portforward. Whoever runs the node registers what answers. */
export interface StreamSubresource<T extends KubeObject> {
  readonly type: "stream";
  readonly verbs: readonly Verb[];
  readonly as: GroupVersionKind;
  /** Refuses what the server itself refuses, before any node is asked. */
  check?(object: T, request: ApiRequest): void;
  /** The name of the object in a name that says more: `web` in `https:web:8443`. */
  objectName?(name: string): string;
}

export type Subresource<T extends KubeObject = KubeObject> =
  | PartSubresource<T>
  | ViewSubresource<T>
  | ActionSubresource<T>
  | StreamSubresource<T>;

/** Answers a stream subresource of an object that passed the server's own checks. */
export type StreamHandler = (object: KubeObject, request: ApiRequest) => ApiResponse;

/** A kind whatever its objects are: what generic code works with. */
export type AnyKind = Kind;

/** Hides the type of a kind's objects, for lists of kinds. */
export function anyKind<T extends KubeObject>(kind: Kind<T>): AnyKind {
  return kind as unknown as AnyKind;
}

export const ALL_VERBS: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

export function apiVersion({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}
