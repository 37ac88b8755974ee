import { sameJson } from "../equality.ts";
import { isObject, type JsonArray, type JsonObject, type JsonValue } from "../json.ts";
import { elements } from "./element.ts";
import { MEMBER } from "./field-set.ts";
import { fieldsOf, type Fields } from "./fields.ts";
import type { Shape, ShapeField } from "./shape.ts";

/** How two objects differ: no field is in both. */
export interface Comparison {
  /** Fields that are new or have another value (Added and Modified of upstream, which nobody tells apart). */
  readonly changed: Fields;
  readonly removed: Fields;
}

/** Fields that no manager owns (managedfields/internal/stripmeta.go), left out while comparing. */
const TYPE_META = new Set(["apiVersion", "kind"]);
const STRIPPED_META = new Set([
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
]);

const fieldElements = new Map<string, string>();
const FIELD_ELEMENTS = 4096;

/** `f:name`: names of fields are few, and their elements are the same text everywhere. */
function elementOfField(name: string): string {
  let element = fieldElements.get(name);
  if (element === undefined) {
    element = `f:${name}`;
    if (fieldElements.size < FIELD_ELEMENTS) fieldElements.set(name, element);
  }
  return element;
}

/**
 * Compares two versions of an object, without what no manager owns. Top-level fields in `ignored` are passed over.
 * As structured-merge-diff/typed/compare.go.
 */
export function compareObjects(
  before: JsonObject,
  after: JsonObject,
  shape: Shape,
  ignored: ReadonlySet<string>,
): Comparison {
  const walk = new Walk();
  const changed: Record<string, Fields> = {};
  const removed: Record<string, Fields> = {};
  const look = (name: string): void => {
    if (before[name] === after[name] || TYPE_META.has(name) || ignored.has(name)) return;
    const field = fieldOf(shape, name);
    const absent = field.present ? null : undefined;
    const added =
      name === "metadata"
        ? walk.members(record(before[name]), record(after[name]), field.shape(), STRIPPED_META)
        : walk.compare(before[name] ?? absent, after[name] ?? absent, field.shape());
    if (added) changed[elementOfField(name)] = added;
    if (walk.removed) removed[elementOfField(name)] = walk.removed;
    walk.removed = undefined;
  };
  for (const name in after) look(name);
  for (const name in before) if (!(name in after)) look(name);
  return { changed: fieldsOf(changed), removed: fieldsOf(removed) };
}

const UNKNOWN: ShapeField = { shape: () => ({ kind: "any" }), present: false };

function fieldOf(shape: Shape, name: string): ShapeField {
  if (shape.kind === "struct") return shape.fields.get(name) ?? UNKNOWN;
  if (shape.kind === "map") return { shape: shape.of, present: false };
  return UNKNOWN;
}

function record(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

class Walk {
  /** What the last comparison found removed. */
  removed: Fields | undefined;

  /** What is new or other in `after`. */
  compare(before: JsonValue | undefined, after: JsonValue | undefined, shape: Shape): Fields | undefined {
    this.removed = undefined;
    if (before === after) return undefined;
    if (before === undefined) return whole(after!, shape);
    if (after === undefined) {
      this.removed = whole(before, shape);
      return undefined;
    }
    const parts = partsOf(before, after, shape);
    if (parts === undefined) return sameJson(before, after) ? undefined : MEMBER;
    if (parts === "list")
      return this.#list((before ?? []) as JsonArray, (after ?? []) as JsonArray, shape as Shape & { kind: "list" });
    return this.members(record(before), record(after), shape);
  }

  members(before: JsonObject, after: JsonObject, shape: Shape, skip?: ReadonlySet<string>): Fields | undefined {
    let changed: Record<string, Fields> | undefined;
    let removed: Record<string, Fields> | undefined;
    for (const name in after) {
      if (skip?.has(name)) continue;
      const next = after[name];
      let last = before[name];
      if (next === last || (next as unknown) === undefined) continue;
      const field = fieldOf(shape, name);
      if (last === undefined && field.present) last = null;
      const found = this.compare(last, next, field.shape());
      if (found) (changed ??= {})[elementOfField(name)] = found;
      if (this.removed) (removed ??= {})[elementOfField(name)] = this.removed;
    }
    for (const name in before) {
      if (skip?.has(name) || after[name] !== undefined || before[name] === undefined) continue;
      const field = fieldOf(shape, name);
      const found = this.compare(before[name], field.present ? null : undefined, field.shape());
      if (found) (changed ??= {})[elementOfField(name)] = found;
      if (this.removed) (removed ??= {})[elementOfField(name)] = this.removed;
    }
    this.removed = removed && fieldsOf(removed);
    return changed && fieldsOf(changed);
  }

  #list(before: JsonArray, after: JsonArray, shape: Shape & { kind: "list" }): Fields | undefined {
    const old = elements(shape, before);
    const now = elements(shape, after);
    let changed: Record<string, Fields> | undefined;
    let removed: Record<string, Fields> | undefined;
    const of = shape.of();
    for (const element of new Set([...old.keys(), ...now.keys()])) {
      const left = old.get(element) ?? [];
      const right = now.get(element) ?? [];
      let found: Fields | undefined;
      let gone: Fields | undefined;
      if (left.length <= 1 && right.length <= 1) {
        found = this.compare(left[0], right[0], of);
        gone = this.removed;
      } else if (left.length > 1 && right.length > 1) {
        // Elements with the same name are compared as one.
        if (!sameJson(left, right)) found = MEMBER;
      } else if (left.length > 1) {
        if (right.length > 0) found = this.compare(undefined, right[0], of);
        gone = MEMBER;
      } else {
        if (left.length > 0) this.compare(left[0], undefined, of);
        gone = this.removed;
        found = MEMBER;
      }
      if (found) (changed ??= {})[element] = found;
      if (gone) (removed ??= {})[element] = gone;
    }
    this.removed = removed && fieldsOf(removed);
    return changed && fieldsOf(changed);
  }
}

/** Whether two values are compared member by member, element by element, or as wholes. */
function partsOf(before: JsonValue, after: JsonValue, shape: Shape): "list" | "members" | undefined {
  if (shape.kind === "scalar" || (shape.kind !== "any" && shape.atomic)) return undefined;
  if (shape.kind === "list") {
    if ((before !== null && !Array.isArray(before)) || (after !== null && !Array.isArray(after))) return undefined;
    return (before?.length ?? 0) === 0 && (after?.length ?? 0) === 0 ? undefined : "list";
  }
  if ((before !== null && !isObject(before)) || (after !== null && !isObject(after))) return undefined;
  return isBare(before) && isBare(after) ? undefined : "members";
}

function isBare(value: JsonObject | null): boolean {
  for (const _ in value) return false;
  return true;
}

/** A value that was not there before: it and everything in it. */
function whole(value: JsonValue, shape: Shape): Fields {
  if (value === null || typeof value !== "object" || shape.kind === "scalar") return MEMBER;
  if (shape.kind !== "any" && shape.atomic) return MEMBER;
  const children: Record<string, Fields> = { ".": MEMBER };
  let bare = true;
  if (Array.isArray(value)) {
    if (shape.kind !== "list") return MEMBER;
    const of = shape.of();
    for (const [element, items] of elements(shape, value)) {
      children[element] = items.length === 1 ? whole(items[0]!, of) : MEMBER;
      bare = false;
    }
  } else {
    if (shape.kind === "list") return MEMBER;
    for (const name in value) {
      const inner = value[name];
      if ((inner as unknown) === undefined) continue;
      children[elementOfField(name)] = whole(inner!, fieldOf(shape, name).shape());
      bare = false;
    }
  }
  return bare ? MEMBER : fieldsOf(children);
}
