import { goEqual, goLess, type ComparisonError } from "../golang/compare.ts";
import { formatValue } from "../golang/format.ts";
import { sortedKeys, type Json, type JsonObject } from "../golang/kind.ts";
import { GoNumber, goTypeName, type GoValue } from "../golang/number.ts";
import { encode } from "../../../../sim/kernel/index.ts";
import type { Bound, ListNode, PathNode } from "./node.ts";
import { parseTemplate, PathSyntaxError } from "./parser.ts";

/** Why a template cannot be evaluated on an object, in client-go's words. */
class PathError extends Error {}

export interface PathFailure {
  readonly error: string;
}

export interface JsonPathOptions {
  /** A missing key gives nothing instead of an error. */
  readonly allowMissingKeys?: boolean;
  /** Numbers of the object are float64, which no integer of the template compares with. */
  readonly floats?: boolean;
}

/** A number of an object that encoding/json has read. */
export function asFloat(value: GoValue): GoValue {
  return typeof value === "number" ? new GoNumber("float64", value) : value;
}

/** Parses a template: text, with actions in braces. */
export function parseJsonPath(template: string, options: JsonPathOptions = {}): JsonPath | PathFailure {
  try {
    return new JsonPath(parseTemplate(template), options.allowMissingKeys === true, options.floats === true);
  } catch (error) {
    if (error instanceof PathSyntaxError) return { error: error.message };
    throw error;
  }
}

/** A parsed JSONPath template (client-go util/jsonpath/jsonpath.go). */
export class JsonPath {
  /**
   * What is evaluated next. As in client-go, evaluating a `range` leaves it at the nodes behind: a second evaluation of such a
   * template fails or prints less (`kubectl get -w -o jsonpath='{range …}'`).
   */
  #nodes: readonly PathNode[];
  readonly #allowMissingKeys: boolean;
  readonly #floats: boolean;
  #beginRange = 0;
  #inRange = 0;
  #endRange = 0;
  #lastEnd: PathNode | undefined;

  constructor(nodes: readonly PathNode[], allowMissingKeys: boolean, floats: boolean) {
    this.#nodes = nodes;
    this.#allowMissingKeys = allowMissingKeys;
    this.#floats = floats;
  }

  /** The values that each part of the template gives: one list for each text and action. */
  find(object: Json): GoValue[][] | PathFailure {
    try {
      return this.#find(object);
    } catch (error) {
      if (error instanceof PathError) return { error: error.message };
      throw error;
    }
  }

  #find(object: GoValue): GoValue[][] {
    const nodes = this.#nodes;
    const out: GoValue[][] = [];
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at]!;
      const results = this.#walk([object], node);
      if (this.#endRange > 0 && this.#endRange <= this.#inRange) {
        this.#endRange--;
        this.#lastEnd = node;
        break;
      }
      if (this.#beginRange === 0) {
        out.push(results);
        continue;
      }
      this.#beginRange--;
      this.#inRange++;
      const body = nodes.slice(at + 1);
      // With nothing to range over the body still has to be walked, to find its end.
      for (const value of results.length > 0 ? results : [undefined]) {
        this.#nodes = body;
        const found = this.#find(value);
        if (results.length > 0) out.push(...found);
      }
      this.#inRange--;
      const end = this.#lastEnd === undefined ? -1 : nodes.indexOf(this.#lastEnd, at + 1);
      if (end >= 0) at = end;
    }
    return out;
  }

  #walk(input: readonly GoValue[], node: PathNode): GoValue[] {
    switch (node.kind) {
      case "list":
        return this.#list(input, node);
      case "text":
        return [node.text];
      case "field":
        return this.#field(input, node.name);
      case "array":
        return slices(input, node.bounds);
      case "filter":
        return input.flatMap((value) => this.#filter(value, node));
      case "int":
        return input.map(() => node.value);
      case "float":
        return input.map(() => new GoNumber("float64", node.value));
      case "bool":
        return input.map(() => node.value);
      case "wildcard":
        return input.flatMap(contents);
      case "recursive":
        return recursive(input);
      case "union":
        return node.lists.flatMap((list) => this.#list(input, list));
      case "identifier":
        return this.#identifier(input, node.name);
    }
  }

  #list(input: readonly GoValue[], list: ListNode): GoValue[] {
    let values = input as GoValue[];
    for (const node of list.nodes) values = this.#walk(values, node);
    return values;
  }

  #identifier(input: readonly GoValue[], name: string): GoValue[] {
    if (name === "range") {
      this.#beginRange++;
      return [...input];
    }
    if (name !== "end") throw new PathError(`unrecognized identifier ${name}`);
    if (this.#inRange === 0) throw new PathError("not in range, nothing to end");
    this.#endRange++;
    return [];
  }

  #field(input: readonly GoValue[], name: string): GoValue[] {
    const out: GoValue[] = [];
    for (const value of input) if (isMap(value) && Object.hasOwn(value, name)) out.push(value[name]);
    if (input.length > 0 && out.length === 0 && !this.#allowMissingKeys) throw new PathError(`${name} is not found`);
    return out;
  }

  #filter(value: GoValue, node: PathNode & { kind: "filter" }): GoValue[] {
    if (!isList(value))
      throw new PathError(
        `${value === undefined ? "<invalid reflect.Value>" : formatValue(value)} is not array or slice and cannot be filtered`,
      );
    return value.filter((item) => {
      if (node.operator === "exists") return this.#exists(item, node.left);
      const lefts = this.#list([item], node.left);
      if (lefts.length === 0) return false;
      if (lefts.length > 1) throw new PathError("can only compare one element at a time");
      const rights = this.#list([item], node.right);
      if (rights.length === 0) return false;
      if (rights.length > 1) throw new PathError("can only compare one element at a time");
      return compare(node.operator, this.#operand(lefts[0], node.left), this.#operand(rights[0], node.right));
    });
  }

  #operand(value: GoValue, { nodes }: ListNode): GoValue {
    return this.#floats && nodes[0]?.kind !== "int" ? asFloat(value) : value;
  }

  /** Something is there; what had been found when an error came up counts, as in client-go. */
  #exists(item: GoValue, left: ListNode): boolean {
    let values: GoValue[] = [item];
    for (const node of left.nodes) {
      try {
        values = this.#walk(values, node);
      } catch (error) {
        if (!(error instanceof PathError)) throw error;
        return node.kind === "field" ? false : values.length > 0;
      }
    }
    return values.length > 0;
  }
}

function isList(value: GoValue): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: GoValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof GoNumber);
}

function compare(operator: string, left: GoValue, right: GoValue): boolean {
  const check = (result: boolean | ComparisonError): boolean => {
    if (typeof result === "object") throw new PathError(result.error);
    return result;
  };
  switch (operator) {
    case "==":
      return check(goEqual(left, right));
    case "!=":
      return !check(goEqual(left, right));
    case "<":
      return check(goLess(left, right));
    case ">=":
      return !check(goLess(left, right));
    case "<=":
      return check(goLess(left, right)) || check(goEqual(left, right));
    case ">":
      return !check(goLess(left, right)) && !check(goEqual(left, right));
    default:
      throw new PathError(`unrecognized filter operator ${operator}`);
  }
}

function slices(input: readonly GoValue[], bounds: readonly [Bound, Bound, Bound]): GoValue[] {
  const out: GoValue[] = [];
  for (const value of input) {
    if (value === null || value === undefined) continue;
    if (!isList(value)) throw new PathError(`${goTypeName(value)} is not array or slice`);
    const length = value.length;
    let start = bounds[0].known ? bounds[0].value : 0;
    if (start < 0) start += length;
    let end = bounds[1].known ? bounds[1].value : length;
    if (end < 0 || (end === 0 && bounds[1].derived)) end += length;
    // An empty slice ends the search: what other inputs hold is left out, as in client-go's evalArray.
    if (start === end) return out;
    if (start >= length || start < 0)
      throw new PathError(`array index out of bounds: index ${start}, length ${length}`);
    if (end > length || end < 0) throw new PathError(`array index out of bounds: index ${end - 1}, length ${length}`);
    if (start > end) throw new PathError(`starting index ${start} is greater than ending index ${end}`);
    const step = bounds[2].known ? bounds[2].value : 1;
    if (step <= 0) throw new PathError("step must be > 0");
    for (let at = start; at < end; at += step) out.push(value[at]);
  }
  return out;
}

/** A list's items, a map's values, a string's bytes. Go gives a map's values in random order; ours are in that of the keys. */
function contents(value: GoValue): GoValue[] {
  if (isList(value)) return [...value];
  if (isMap(value)) return sortedKeys(value).map((key) => value[key]);
  if (typeof value === "string") return Array.from(encode(value), (byte) => new GoNumber("uint8", byte.charCodeAt(0)));
  return [];
}

/** All values that contain something, from the outside in. */
function recursive(input: readonly GoValue[]): GoValue[] {
  const out: GoValue[] = [];
  const visit = (value: GoValue): void => {
    if (typeof value === "string") {
      if (value !== "") out.push(value);
      return;
    }
    const inner = contents(value);
    if (inner.length === 0) return;
    out.push(value);
    inner.forEach(visit);
  };
  input.forEach(visit);
  return out;
}

/** Whether a value is one that kubectl prints as JSON. */
export function isComposite(value: GoValue): value is Json {
  return value === null || isList(value) || isMap(value);
}
