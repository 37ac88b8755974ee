import type { JsonObject, JsonValue } from "../json.ts";
import { errors } from "../status.ts";
import type { TimeText } from "../types/meta.ts";
import { compareObjects, type Comparison } from "./compare.ts";
import { applyConflict, conflictsWithout, type Conflict } from "./conflicts.ts";
import { difference, intersection, isEmpty, NOTHING, recursiveDifference, setOf, union, within } from "./field-set.ts";
import type { Fields } from "./fields.ts";
import { capped, entryOf, sameManager, sorted, type ManagedFields, type ManagedFieldsEntry } from "./managers.ts";
import { merge, removeFields } from "./merge.ts";
import type { Shape } from "./shape.ts";
import { fieldSetOf } from "./typed.ts";

/** One version of a kind, as its fields are owned. */
export interface VersionedType {
  readonly apiVersion: string;
  readonly shape: Shape;
  /** What an object of it is before anything is set. */
  readonly empty: JsonObject;
  /** Fields that writes through this way do not change, whatever they say (GetResetFields). */
  readonly reset: Fields;
  /** The fields that alone a write through this way can change, if it is not all others (GetResetFieldsFilter). */
  readonly kept: Fields | undefined;
  /** Those of them that are whole members at the top. */
  readonly passed: ReadonlySet<string>;
}

/** A write whose owner is to be kept account of. */
export interface Write {
  readonly type: VersionedType;
  readonly manager: string;
  readonly subresource: string;
  readonly now: TimeText;
  /** An object of this kind in another version and that version; undefined if it is not served any more. */
  convert(object: JsonObject, apiVersion: string): { object: JsonObject; type: VersionedType } | undefined;
}

/** What the server sets itself, or what names the object (managedfields/internal/stripmeta.go). */
const STRIPPED = setOf(
  ["apiVersion"],
  ["kind"],
  ["metadata"],
  ["metadata", "name"],
  ["metadata", "namespace"],
  ["metadata", "creationTimestamp"],
  ["metadata", "selfLink"],
  ["metadata", "uid"],
  ["metadata", "clusterName"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
);

/** Who owns what after a create, an update or a patch: whoever writes takes the fields that change. */
export function afterUpdate(
  write: Write,
  managed: ManagedFields,
  before: JsonObject | undefined,
  after: JsonObject,
): ManagedFields {
  const { type } = write;
  if (managed.length === 0 && before) return managed;
  const compared = compare(type, before ?? type.empty, after);
  const { changed, removed } = compared;
  if (isEmpty(changed) && isEmpty(removed)) return managed;
  const others = withoutTaken(write, managed, compared, before ?? type.empty, after);
  if (isEmpty(changed)) return others.length === managed.length ? inOrder(managed, others) : sorted(others);
  const mine = entryOf({
    manager: write.manager === "" ? "unknown" : write.manager,
    operation: "Update",
    apiVersion: type.apiVersion,
    time: write.now,
    fieldsType: "FieldsV1",
    fieldsV1: changed,
    subresource: write.subresource,
  });
  const at = others.findIndex((entry) => sameManager(entry, mine));
  const entry = at < 0 ? mine : { ...mine, fieldsV1: union(others[at]!.fieldsV1, changed) };
  return sorted(capped([...others.filter((_, index) => index !== at), entry]));
}

/** The same list if nothing in it is other. */
function inOrder(before: ManagedFields, after: ManagedFields): ManagedFields {
  return after.every((entry, at) => entry === before[at]) ? before : sorted(after);
}

function compare(type: VersionedType, before: JsonObject, after: JsonObject): Comparison {
  const { changed, removed } = compareObjects(before, after, type.shape, type.passed);
  return { changed: withoutReset(changed, type), removed: withoutReset(removed, type) };
}

function withoutReset(fields: Fields, { reset, kept }: VersionedType): Fields {
  const left = isEmpty(reset) ? fields : recursiveDifference(fields, reset);
  return kept ? within(left, kept) : left;
}

/** The entries of the others, without what was changed or removed, each in its own version. */
function withoutTaken(
  write: Write,
  managed: ManagedFields,
  compared: Comparison,
  before: JsonObject,
  after: JsonObject,
): readonly ManagedFieldsEntry[] {
  const versions = comparisons(write, compared, before, after);
  const kept: ManagedFieldsEntry[] = [];
  for (const entry of managed) {
    const at = versions(entry.apiVersion);
    if (!at) continue;
    const fieldsV1 = difference(difference(entry.fieldsV1, at.changed), at.removed);
    if (!isEmpty(fieldsV1)) kept.push(fieldsV1 === entry.fieldsV1 ? entry : { ...entry, fieldsV1 });
  }
  return kept;
}

/** How the object changed as seen in a version; undefined if there is none such any more. */
function comparisons(
  write: Write,
  compared: Comparison,
  before: JsonObject,
  after: JsonObject,
): (apiVersion: string) => Comparison | undefined {
  const known = new Map<string, Comparison | undefined>([[write.type.apiVersion, compared]]);
  return (apiVersion) => {
    if (!known.has(apiVersion)) {
      const old = write.convert(before, apiVersion);
      const now = write.convert(after, apiVersion);
      known.set(apiVersion, old && now && compare(now.type, old.object, now.object));
    }
    return known.get(apiVersion);
  };
}

/** What came of an apply. `object` is undefined if nothing changed but perhaps who owns it. */
export interface Applied {
  readonly object: JsonObject | undefined;
  readonly managed: ManagedFields;
}

/**
 * Server-side apply of a configuration. Throws the Status of one that is none of its kind, and of conflicts with other
 * managers unless it is forced (structured-merge-diff/merge/update.go Apply).
 *
 * @param takeable fields that may be taken from others: those of the last client-side apply
 */
export function applied(
  write: Write,
  managed: ManagedFields,
  live: JsonObject | undefined,
  config: JsonObject,
  options: { readonly force: boolean; readonly about: string; takeable(): Fields | undefined },
): Applied {
  const { type } = write;
  const before = live ?? type.empty;
  const typed = fieldSetOf(config, type.shape);
  if (typed.error !== undefined)
    throw errors.unknownError(`failed to create typed patch object (${options.about}): ${typed.error}`);
  const known = managed.length === 0 && live ? beforeFirstApply(write, live) : managed;
  const mine = entryOf({
    manager: write.manager === "" ? "unknown" : write.manager,
    operation: "Apply",
    apiVersion: type.apiVersion,
    time: write.now,
    fieldsType: "FieldsV1",
    fieldsV1: withoutReset(typed.fields, type),
    subresource: write.subresource,
  });
  const last = known.find((entry) => sameManager(entry, mine));
  const others = known.filter((entry) => entry !== last);
  const merged = merge(before, config, type.shape) as JsonObject;
  const after = last ? prune(write, merged, last, [...others, mine]) : merged;

  const compared = compare(type, before, after);
  const versions = comparisons(write, compared, before, after);
  let conflicts: Conflict[] = [];
  for (const entry of others) {
    const fields = intersection(entry.fieldsV1, versions(entry.apiVersion)?.changed ?? NOTHING);
    if (!isEmpty(fields)) conflicts.push({ with: entry, fields });
  }
  if (!options.force && conflicts.length > 0) {
    const allowed = options.takeable();
    if (allowed) conflicts = conflictsWithout(conflicts, allowed);
    if (conflicts.length > 0) throw applyConflict(conflicts);
  }
  const kept = withoutTaken(write, others, compared, before, after);
  const same = isEmpty(compared.changed) && isEmpty(compared.removed);
  const fieldsV1 = difference(mine.fieldsV1, STRIPPED);
  const { time: _, ...timeless } = mine;
  const since = same ? last?.time : write.now;
  const entry = { ...timeless, ...(since === undefined ? {} : { time: since }), fieldsV1 };
  const entries = sorted(isEmpty(fieldsV1) ? kept : [...kept, entryOf(entry)]);
  return { object: same ? undefined : after, managed: entries };
}

/** An object that nobody is known to own is owned by who was there before (internal/skipnonapplied.go). */
function beforeFirstApply(write: Write, live: JsonObject): ManagedFields {
  return afterUpdate({ ...write, manager: "before-first-apply" }, [], undefined, live);
}

/** Takes out what the manager applied last time, not this time, and nobody else owns. */
function prune(write: Write, merged: JsonObject, last: ManagedFieldsEntry, all: ManagedFields): JsonObject {
  const inLast = write.convert(merged, last.apiVersion);
  if (!inLast) return merged;
  const { shape } = inLast.type;
  const mergedSet = setOfLive(inLast.object, shape);
  let owned: Fields = NOTHING;
  for (const entry of all) {
    // Who owns by another version of the kind owns the same fields by other names; those are found by what changes.
    if (entry.apiVersion === last.apiVersion) owned = union(owned, entry.fieldsV1);
    else if (write.convert(merged, entry.apiVersion)) owned = union(owned, entry.fieldsV1);
  }
  const first = removeFields(inLast.object, last.fieldsV1, shape);
  const firstSet = setOfLive(first, shape);
  const second = removeFields(inLast.object, difference(mergedSet, union(firstSet, owned)), shape);
  const secondSet = setOfLive(second, shape);
  const dropped = intersection(difference(mergedSet, secondSet), last.fieldsV1);
  const pruned = (removeFields(inLast.object, dropped, shape) ?? {}) as JsonObject;
  return write.convert(pruned, write.type.apiVersion)?.object ?? pruned;
}

function setOfLive(value: JsonValue, shape: Shape): Fields {
  const typed = fieldSetOf((value ?? {}) as JsonObject, shape, { duplicates: true });
  return typed.error === undefined ? typed.fields : NOTHING;
}
