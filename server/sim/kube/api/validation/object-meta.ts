import { forbidden, IMMUTABLE, invalid, required, tooLong, type BadValue, type FieldErrors } from "../field-errors.ts";
import { goStrings, quote } from "../go-syntax.ts";
import type { ObjectMeta, OwnerReference, StringMap } from "../types/meta.ts";
import { label, labelValue, qualifiedName, type Rule } from "./names.ts";

/** apimachinery/pkg/api/validation/objectmeta.go */
const ANNOTATION_BYTES = 262_144;
const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";

/** Complaints about metadata that every kind shares. What it has of the stored object `old` as it is was looked at before. */
export function validateObjectMeta(
  meta: Partial<ObjectMeta>,
  namespaced: boolean,
  nameRule: Rule,
  path = "metadata",
  old?: ObjectMeta,
): FieldErrors {
  const found: FieldErrors = [];
  if (meta.generateName)
    for (const message of nameRule(meta.generateName, true))
      found.push(invalid(`${path}.generateName`, meta.generateName, message));
  if (!meta.name) found.push(required(`${path}.name`, "name or generateName is required"));
  else for (const message of nameRule(meta.name)) found.push(invalid(`${path}.name`, meta.name, message));
  if (namespaced) {
    if (!meta.namespace) found.push(required(`${path}.namespace`));
    else for (const message of label(meta.namespace)) found.push(invalid(`${path}.namespace`, meta.namespace, message));
  } else if (meta.namespace) found.push(forbidden(`${path}.namespace`, "not allowed on this type"));
  found.push(...validateMaps(meta, old, path), ...validateFinalizers(meta.finalizers, `${path}.finalizers`));
  return found;
}

/** Complaints about a change of metadata. */
export function validateObjectMetaUpdate(next: ObjectMeta, old: ObjectMeta, path = "metadata"): FieldErrors {
  const found: FieldErrors = [];
  if (old.deletionTimestamp) {
    const added = (next.finalizers ?? []).filter((finalizer) => !old.finalizers?.includes(finalizer)).sort();
    if (added.length > 0)
      found.push(
        forbidden(
          `${path}.finalizers`,
          `no new finalizers can be added if the object is being deleted, found new finalizers ${goStrings(added).go}`,
        ),
      );
  }
  if (!next.resourceVersion)
    found.push(invalid(`${path}.resourceVersion`, next.resourceVersion ?? "", "must be specified for an update"));
  found.push(
    ...unchanged(`${path}.name`, next.name, old.name),
    ...unchanged(`${path}.namespace`, next.namespace ?? "", old.namespace ?? ""),
    ...unchanged(`${path}.uid`, next.uid, old.uid),
    ...unchanged(`${path}.creationTimestamp`, next.creationTimestamp, old.creationTimestamp),
    ...unchanged(`${path}.deletionTimestamp`, next.deletionTimestamp ?? null, old.deletionTimestamp ?? null),
    ...unchanged(
      `${path}.deletionGracePeriodSeconds`,
      next.deletionGracePeriodSeconds ?? null,
      old.deletionGracePeriodSeconds ?? null,
    ),
    ...validateMaps(next, old, path),
  );
  return found;
}

/** Versions of an object share what did not change, so that most writes have nothing here to look at. */
function validateMaps(next: Partial<ObjectMeta>, old: ObjectMeta | undefined, path: string): FieldErrors {
  const { labels, annotations, ownerReferences } = next;
  return [
    ...(old && labels === old.labels ? [] : validateLabels(labels, `${path}.labels`)),
    ...(old && annotations === old.annotations ? [] : validateAnnotations(annotations, `${path}.annotations`)),
    ...(old && ownerReferences === old.ownerReferences
      ? []
      : validateOwners(ownerReferences, `${path}.ownerReferences`)),
  ];
}

function unchanged(path: string, next: BadValue, old: BadValue): FieldErrors {
  return next === old ? [] : [invalid(path, next, IMMUTABLE)];
}

export function validateLabels(labels: StringMap | undefined, path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const [key, value] of entries(labels)) {
    for (const message of qualifiedName(key)) found.push(invalid(path, key, message));
    for (const message of labelValue(value)) found.push(invalid(path, value, message));
  }
  return found;
}

export function validateLabelName(name: string, path: string): FieldErrors {
  return qualifiedName(name).map((message) => invalid(path, name, message));
}

export function validateAnnotations(annotations: StringMap | undefined, path: string): FieldErrors {
  const found: FieldErrors = [];
  let bytes = 0;
  for (const [key, value] of entries(annotations)) {
    for (const message of qualifiedName(key.toLowerCase())) found.push(invalid(path, key, message));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > ANNOTATION_BYTES) found.push(tooLong(path, ANNOTATION_BYTES));
  return found;
}

/** Sorted, where Go walks its map in any order. */
function entries(map: StringMap | undefined): [string, string][] {
  return map ? Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
}

function validateOwners(owners: readonly OwnerReference[] | undefined, path: string): FieldErrors {
  const found: FieldErrors = [];
  let controller: string | undefined;
  for (const owner of owners ?? []) {
    if (!owner.apiVersion) found.push(invalid(`${path}.apiVersion`, owner.apiVersion, "version must not be empty"));
    if (!owner.kind) found.push(invalid(`${path}.kind`, owner.kind, "kind must not be empty"));
    if (!owner.name) found.push(invalid(`${path}.name`, owner.name, "name must not be empty"));
    if (!owner.uid) found.push(invalid(`${path}.uid`, owner.uid, "uid must not be empty"));
    if (owner.apiVersion === "v1" && owner.kind === "Event")
      found.push(invalid(path, goOwner(owner), "/v1, Kind=Event is disallowed from being an owner"));
    if (!owner.controller) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller !== undefined) {
      const value = { go: `[]v1.OwnerReference{${owners!.map((one) => goOwner(one, "").go).join(", ")}}` };
      found.push(
        invalid(
          path,
          value,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
        ),
      );
    } else controller = name;
  }
  return found;
}

function goOwner({ apiVersion, kind, name, uid }: OwnerReference, type = "v1.OwnerReference"): { go: string } {
  // Pointers print as addresses in Go, which say nothing.
  return {
    go: `${type}{APIVersion:${quote(apiVersion)}, Kind:${quote(kind)}, Name:${quote(name)}, UID:${quote(uid)}, Controller:(*bool)(nil), BlockOwnerDeletion:(*bool)(nil)}`,
  };
}

function validateFinalizers(finalizers: readonly string[] | undefined, path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const finalizer of finalizers ?? [])
    for (const message of qualifiedName(finalizer)) found.push(invalid(path, finalizer, message));
  if (finalizers?.includes(ORPHAN) && finalizers.includes(FOREGROUND))
    found.push(invalid(path, goStrings(finalizers), `finalizer ${ORPHAN} and ${FOREGROUND} cannot be both set`));
  return found;
}
