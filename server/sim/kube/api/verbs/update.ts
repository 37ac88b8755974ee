import { admit, validateAdmission } from "../admission/chain.ts";
import type { Attributes } from "../admission/plugin.ts";
import { readObject } from "../body.ts";
import type { RequestContext } from "../context.ts";
import { sameJson, share } from "../equality.ts";
import { invalid, type FieldErrors } from "../field-errors.ts";
import { sameButTimes, type ManagedFields } from "../fieldmanager/managers.ts";
import { trackUpdate } from "../fieldmanager/tracking.ts";
import { versionedType } from "../fieldmanager/type-of.ts";
import { go } from "../go-syntax.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { PartSubresource } from "../kind.ts";
import type { WriteOptions } from "../options.ts";
import { kindGroup } from "../status-of.ts";
import { errors } from "../status.ts";
import { keyOf } from "../store/store.ts";
import type { Draft, KubeObject } from "../types/meta.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../validation/object-meta.ts";
import { createObject, fromStored, toStored } from "./create.ts";

export interface Updated {
  readonly object: KubeObject;
  readonly created: boolean;
}

/** PUT of an object, or of a part of it. */
export function update(context: RequestContext, options: WriteOptions): Updated {
  const { kind, request } = context;
  const draft = readDraft(context, options) as unknown as Draft<KubeObject>;
  kind.defaults?.(draft);
  checkName(context, draft);
  const old = current(context, request.name);
  if (!old) {
    if (!kind.createOnUpdate || request.subresource !== "") throw errors.notFound(context.resource, request.name);
    return { object: createObject(context, draft), created: true };
  }
  const { uid } = draft.metadata;
  if (uid && uid !== old.metadata.uid)
    throw preconditionFailed(context, old, `UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`);
  return { object: updateObject(context, draft, old), created: false };
}

/**
 * The object in a request's body. A component of this process sends back what it has read: a part that such a write does not
 * change anyway, and that is the very same, is not read again.
 */
function readDraft(context: RequestContext, { fieldValidation }: WriteOptions): JsonObject {
  const { kind, request } = context;
  const { body } = request;
  const { passed } = versionedType(kind, context.subresource);
  const old = typeof body === "object" && passed.size > 0 ? current(context, request.name) : undefined;
  if (!old) return readObject(context, kind, fieldValidation);
  const given = body as JsonObject;
  const known = old as unknown as JsonObject;
  const rest: JsonObject = {};
  for (const name in given)
    if (!passed.has(name) || given[name] !== known[name] || !isObject(given[name])) rest[name] = given[name]!;
  const read = readObject(context, kind, fieldValidation, { ...request, body: rest });
  const draft: JsonObject = {};
  for (const name in given) {
    if (!(name in rest)) draft[name] = known[name]!;
    else if (name in read) draft[name] = read[name]!;
  }
  for (const name in read) if (!(name in draft)) draft[name] = read[name]!;
  return draft;
}

/** The object of that name in the version that was asked for. */
export function current(context: RequestContext, name: string): KubeObject | undefined {
  const stored = written(context, name);
  return stored && fromStored(context, stored);
}

/** The object as it is stored, to be changed: one that is made when asked for is stored by that, where it can be written at all. */
export function written(context: RequestContext, name: string): KubeObject | undefined {
  const { store, registry, kind, namespace, dryRun } = context;
  const found = store.get(registry.stored(kind), namespace, name);
  if (found || !kind.computed || !kind.writesComputed) return found;
  const made = kind.computed(context, namespace).find(({ metadata }) => metadata.name === name);
  // What the client has read bears the version that it was made with.
  if (made && !dryRun) store.create(registry.stored(kind), made);
  return made;
}

export function preconditionFailed(context: RequestContext, object: KubeObject, why: string): Error {
  const { kind } = context;
  const key = `${kind.registryPath ?? `/registry/${kind.plural}`}/${keyOf(object.metadata.namespace ?? "", object.metadata.name)}`;
  return errors.preconditionFailed(context.resource, object.metadata.name, key, why);
}

/**
 * Replaces an object by a decoded one, which is changed on the way. Nothing is written if nothing changed.
 *
 * @param managed who owns its fields then, if that is known already: after an apply
 */
export function updateObject(
  context: RequestContext,
  draft: Draft<KubeObject>,
  old: KubeObject,
  managed: ManagedFields = trackUpdate(context, draft, old),
): KubeObject {
  const { kind, store, request } = context;
  const part = partOf(context);
  if (kind.namespaced) draft.metadata.namespace ??= request.namespace;
  const attributes: Attributes = { context, operation: "UPDATE", name: old.metadata.name, object: draft, old };
  admit(context.settings, attributes);
  checkResourceVersion(context, draft, old);

  if (!part) kind.beginUpdate?.(draft, old, context);
  keepSystemFields(draft, old);
  if (part) part.prepareUpdate(draft, old, context);
  else kind.prepareUpdate?.(draft, old, context);
  const object = withManaged(share(old, draft as KubeObject), managed, old);
  const found = updateErrors(context, part, object, old);
  if (found.length > 0) throw errors.invalid(kindGroup(kind), object.metadata.name, found);
  for (const warning of (part ? undefined : kind.warnings?.(object, old)) ?? []) context.warn(warning);
  validateAdmission(context.settings, attributes);

  if (context.dryRun || sameJson(object, old)) return object;
  const stored = context.registry.stored(kind);
  const previous = store.get(stored, old.metadata.namespace ?? "", old.metadata.name)!;
  if (endsWith(object, old) && !kind.holds?.(object)) {
    const last = store.delete(stored, toStored(context, object));
    kind.afterDelete?.(last, context);
    return fromStored(context, last);
  }
  const updated = fromStored(context, store.update(stored, toStored(context, object), previous));
  kind.afterStore?.(updated, old, context);
  return updated;
}

/** The object with who owns its fields. That somebody set anew what was so already changes nothing but a time: that is kept. */
function withManaged(object: KubeObject, managed: ManagedFields, old: KubeObject): KubeObject {
  const { managedFields, ...metadata } = object.metadata;
  if (managed === managedFields || (managed.length === 0 && !managedFields)) return object;
  if (managedFields && sameButTimes(managed, managedFields) && sameJson(object, old)) return object;
  return { ...object, metadata: managed.length === 0 ? metadata : { ...metadata, managedFields: managed } };
}

function partOf({ kind, subresource }: RequestContext): PartSubresource<KubeObject> | undefined {
  const found = subresource === "" ? undefined : kind.subresources?.[subresource];
  return found?.type === "part" ? found : undefined;
}

function updateErrors(
  context: RequestContext,
  part: PartSubresource<KubeObject> | undefined,
  object: KubeObject,
  old: KubeObject,
): FieldErrors {
  const { kind } = context;
  // The server looks at metadata twice, once for all kinds and once in the kind's own validation.
  const changes = validateObjectMetaUpdate(object.metadata, old.metadata);
  return [
    ...validateObjectMeta(object.metadata, kind.namespaced, kind.nameRule, "metadata", old.metadata),
    ...changes,
    ...changes,
    ...((part ? part.validateUpdate?.(object, old, context) : kind.validateUpdate?.(object, old, context)) ?? []),
  ];
}

/** As generic/registry/store.go Update: an old resourceVersion conflicts, none is fine for most kinds. */
function checkResourceVersion(context: RequestContext, draft: Draft<KubeObject>, old: KubeObject): void {
  const { kind } = context;
  const version = draft.metadata.resourceVersion ?? "";
  if (version !== "" && version !== "0") {
    if (version !== old.metadata.resourceVersion) throw errors.modified(context.resource, old.metadata.name);
    return;
  }
  if (kind.needsResourceVersion)
    throw errors.invalid(kindGroup(kind), old.metadata.name, [
      invalid("metadata.resourceVersion", go("0x0"), "must be specified for an update"),
    ]);
  draft.metadata.resourceVersion = old.metadata.resourceVersion;
}

/** What no client can change (rest.BeforeUpdate). */
function keepSystemFields({ metadata }: Draft<KubeObject>, { metadata: old }: KubeObject): void {
  metadata.uid ||= old.uid;
  metadata.creationTimestamp = old.creationTimestamp;
  if (old.generation === undefined) delete metadata.generation;
  else metadata.generation = old.generation;
  if (old.deletionTimestamp) metadata.deletionTimestamp = old.deletionTimestamp;
  if (old.deletionGracePeriodSeconds !== undefined)
    metadata.deletionGracePeriodSeconds ??= old.deletionGracePeriodSeconds;
  // Who owns what is put in afterwards: the account is shared between versions, and drafts are changed in place.
  if (old.managedFields) metadata.managedFields = old.managedFields as never;
  else delete metadata.managedFields;
  delete (metadata as { selfLink?: unknown }).selfLink;
}

/** True if this update takes the last finalizer off an object whose time is over (rest.ShouldDeleteDuringUpdate). */
function endsWith({ metadata }: KubeObject, { metadata: old }: KubeObject): boolean {
  if ((metadata.finalizers?.length ?? 0) > 0 || old.deletionTimestamp === undefined) return false;
  return (old.deletionGracePeriodSeconds ?? 0) === 0;
}

/** The object must be the one that the URL names. */
export function checkName({ request }: RequestContext, { metadata }: Draft<KubeObject>): void {
  if (!metadata.name)
    throw errors.badRequest(
      `the name of the object (${request.name} based on URL) was undeterminable: name must be provided`,
    );
  if (metadata.name !== request.name)
    throw errors.badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${request.name})`,
    );
  if (request.namespace !== "" && metadata.namespace && metadata.namespace !== request.namespace)
    throw errors.badRequest(
      `the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${request.namespace})`,
    );
}
