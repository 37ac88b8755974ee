import { isObject, type JsonArray, type JsonObject, type JsonValue } from "../json.ts";
import { elementOf, elements, NoElement } from "./element.ts";
import { below, hasElement, isEmpty } from "./field-set.ts";
import type { Fields } from "./fields.ts";
import type { Shape } from "./shape.ts";

const ANY: Shape = { kind: "any" };

function shapeOfMember(shape: Shape, name: string): Shape {
  if (shape.kind === "struct") return shape.fields.get(name)?.shape() ?? ANY;
  return shape.kind === "map" ? shape.of() : ANY;
}

/** The live value with what a configuration says (structured-merge-diff/typed/merge.go): the latter wins. */
export function merge(live: JsonValue | undefined, config: JsonValue | undefined, shape: Shape): JsonValue {
  if (config === undefined) return live!;
  if (live === undefined || live === null) return config;
  if (shape.kind === "scalar" || (shape.kind !== "any" && shape.atomic)) return config;
  if (shape.kind === "list") {
    if (config === null) return live;
    return Array.isArray(live) && Array.isArray(config) ? mergeLists(live, config, shape) : config;
  }
  if (config === null && isObject(live)) return live;
  if (!isObject(live) || !isObject(config)) return config;
  const out: JsonObject = { ...live };
  for (const name in config) out[name] = merge(live[name], config[name], shapeOfMember(shape, name));
  return out;
}

/** Elements stand in the order of the configuration; what only the live list has keeps its place among its neighbours. */
function mergeLists(live: JsonArray, config: JsonArray, shape: Shape & { kind: "list" }): JsonArray {
  const of = shape.of();
  const left = [...named(live, shape)];
  const right = [...named(config, shape)];
  const inLive = new Map(elements(shape, live));
  const inConfig = new Map(right);
  const shared = right.map(([element]) => element).filter((element) => inLive.has(element));
  const merged = new Set<string>();
  const out: JsonArray = [];
  let nextShared = shared.shift();
  const take = (element: string): void => {
    merged.add(element);
    const same = inLive.get(element);
    out.push(merge(same?.length === 1 ? same[0] : undefined, inConfig.get(element), of));
    if (nextShared === element) nextShared = shared.shift();
  };
  for (let l = 0, r = 0; l < left.length || r < right.length;) {
    const [element, item] = left[l] ?? [];
    if (element !== undefined && r < right.length) {
      if (element === right[r]![0]) {
        take(element);
        l++;
        r++;
        continue;
      }
      if (inConfig.has(element) && nextShared !== undefined && nextShared !== element) {
        l++;
        continue;
      }
    }
    if (element !== undefined) {
      if (!inConfig.has(element)) {
        out.push(item!);
        l++;
        continue;
      }
      if (merged.has(element)) l++;
    }
    if (r < right.length) take(right[r++]![0]);
  }
  return out;
}

function* named(list: JsonArray, shape: Shape & { kind: "list" }): IterableIterator<[string, JsonValue]> {
  for (const item of list) {
    try {
      yield [elementOf(shape, item), item];
    } catch (error) {
      if (!(error instanceof NoElement)) throw error;
    }
  }
}

/** The value without the fields of a set (structured-merge-diff/typed/remove.go). What loses everything becomes null. */
export function removeFields(value: JsonValue, fields: Fields, shape: Shape): JsonValue {
  if (isEmpty(fields) || value === null || shape.kind === "scalar" || (shape.kind !== "any" && shape.atomic))
    return value;
  if (shape.kind === "list") {
    if (!Array.isArray(value) || value.length === 0) return value;
    const kept: JsonArray = [];
    for (const [element, item] of named(value, shape)) {
      if (!hasElement(fields, element)) kept.push(removeFields(item, below(fields, element), shape.of()));
    }
    return kept.length > 0 ? kept : null;
  }
  if (!isObject(value) || Object.keys(value).length === 0) return value;
  const kept: JsonObject = {};
  for (const name in value) {
    const element = `f:${name}`;
    if (hasElement(fields, element)) continue;
    kept[name] = removeFields(value[name]!, below(fields, element), shapeOfMember(shape, name));
  }
  return Object.keys(kept).length > 0 ? kept : null;
}
