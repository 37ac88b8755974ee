import { GoError } from "../errors/go-error.ts";
import { schemaOf, type FieldSchema } from "./openapi.ts";
import { nodeText } from "./yaml/json.ts";
import { byText, Node } from "./yaml/node.ts";

type MaybeNode = Node | undefined;

/**
 * Merges a strategic patch into an object (kyaml yaml/merge2 over yaml/walk, with lists growing at the front). Gives what
 * became of the object: nothing if the patch deleted it. Both are changed.
 */
export function mergeNodes(dest: MaybeNode, patch: MaybeNode, schema?: FieldSchema): MaybeNode {
  const type = schema ?? schemaAt(dest) ?? schemaAt(patch);
  switch (kindOf(dest) ?? kindOf(patch)) {
    case "list":
      check("list", dest, patch);
      return type?.merge ? mergeLists(dest, patch, type) : (patch ?? dest);
    case "scalar":
      check("scalar", dest, patch);
      return patch ?? dest;
    default:
      check("map", dest, patch);
      return mergeMaps(dest, patch, type);
  }
}

function schemaAt(node: MaybeNode): FieldSchema | undefined {
  if (node?.kind !== "map") return undefined;
  const [apiVersion, kind] = [node.textOf("apiVersion"), node.textOf("kind")];
  return apiVersion === "" || kind === "" ? undefined : schemaOf(apiVersion, kind);
}

function kindOf(node: MaybeNode): Node["kind"] | undefined {
  return node === undefined || node.isNull ? undefined : node.kind;
}

const KINDS = { scalar: "ScalarNode", map: "MappingNode", list: "SequenceNode" } as const;

function check(kind: Node["kind"], ...nodes: readonly MaybeNode[]): void {
  for (const node of nodes) {
    const found = kindOf(node);
    if (found !== undefined && found !== kind)
      throw new GoError(`wrong node kind: expected ${KINDS[kind]} but got ${KINDS[found]}: node contents:\n${nodeText(node!)}`);
  }
}

function mergeMaps(dest: MaybeNode, patch: MaybeNode, type: FieldSchema | undefined): MaybeNode {
  const target = mapTarget(dest, patch);
  if (target === undefined || target.kind !== "map") return target;
  const names = new Set([...target.entries, ...(patch?.entries ?? [])].map(({ key }) => key));
  for (const name of [...names].sort(byText)) {
    const value = mergeNodes(target.get(name), patch?.get(name), type?.field(name));
    setMerged(target, name, value);
  }
  return target;
}

/** As Node.set, but what is there already is not put in its own place. */
function setMerged(target: Node, name: string, value: MaybeNode): void {
  if (value !== undefined && value === target.get(name) && !value.isNull) return;
  target.set(name, value);
}

/** What the members of both are merged into. */
function mapTarget(dest: MaybeNode, patch: MaybeNode): MaybeNode {
  if (dest === undefined || dest.isNull) {
    if (patch && directiveOf(patch) === "delete") return undefined;
    // A null that was written out stays if the patch does not speak of it.
    if (patch === undefined && dest && dest.value !== "") return Node.scalar(dest.value);
    return patch;
  }
  if (patch?.isNull) return undefined;
  const directive = directiveOf(patch);
  return directive === "delete" ? undefined : directive === "replace" ? patch : dest;
}

type Directive = "merge" | "replace" | "delete";

/** Takes the `$patch` out of a map or list. */
function directiveOf(node: MaybeNode): Directive {
  if (node?.kind === "map") return taken(node);
  if (node?.kind !== "list") return "merge";
  const at = node.items.findIndex((item) => item.get("$patch") !== undefined);
  const item = node.items[at];
  // With more members it is about that element, not about the list.
  if (!item || item.entries.length > 1) return "merge";
  node.items.splice(at, 1);
  return taken(item);
}

function taken(map: Node): Directive {
  const directive = map.get("$patch");
  if (directive === undefined) return "merge";
  const { value } = directive;
  if (value !== "merge" && value !== "replace" && value !== "delete")
    throw new GoError(`unknown patch strategy '${value}'`);
  map.remove("$patch");
  return value;
}

function mergeLists(dest: MaybeNode, patch: MaybeNode, type: FieldSchema): MaybeNode {
  const target = listTarget(dest, patch);
  if (target === undefined) return undefined;
  const keys = type.merge!.keys;
  if (keys.length === 0) return mergeSets(target, patch);
  const sources = [patch, target].filter((source) => source !== undefined && !source.isNull) as Node[];
  return mergeKeyed(target, patch, tuplesOf(sources, keys), keys, type.elements);
}

function listTarget(dest: MaybeNode, patch: MaybeNode): MaybeNode {
  if (dest === undefined || dest.isNull) return patch;
  if (patch?.isNull) return undefined;
  const directive = directiveOf(patch);
  return directive === "delete" ? undefined : directive === "replace" ? patch : dest;
}

/** Plain values: those of the patch, then the others. */
function mergeSets(target: Node, patch: MaybeNode): Node {
  const items: Node[] = [];
  for (const item of [...(patch?.items ?? []), ...target.items])
    if (!items.some(({ value }) => value === item.value)) items.push(item);
  target.items = items;
  return target;
}

/** The values of the keys of all elements, each combination once: the patch's first. */
function tuplesOf(sources: readonly Node[], keys: readonly string[]): string[][] {
  const tuples: string[][] = [];
  const seen = new Set<string>();
  for (const { items } of sources)
    for (const item of items) {
      const tuple = keys.map((key) => item.get(key)?.value ?? "");
      const text = JSON.stringify(tuple);
      if (tuple.every((value) => value === "") || seen.has(text)) continue;
      seen.add(text);
      tuples.push(tuple);
    }
  return tuples;
}

interface Match {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** Keys without a value don't count (walk/associative_sequence.go validateKeys). */
function matchOf(tuple: readonly string[], keys: readonly string[]): Match {
  const given = keys.filter((_, at) => tuple[at] !== "");
  if (given.length === 0) return { keys, values: tuple };
  return { keys: given, values: tuple.filter((value) => value !== "") };
}

function isMatch(item: Node, { keys, values }: Match): boolean {
  return keys.every((key, at) => item.get(key)?.value === values[at]);
}

function mergeKeyed(
  target: Node,
  patch: MaybeNode,
  tuples: readonly string[][],
  keys: readonly string[],
  type: FieldSchema | undefined,
): Node {
  const added = Node.list();
  for (const tuple of tuples) {
    const match = matchOf(tuple, keys);
    const find = (list: MaybeNode): MaybeNode => list?.items.find((item) => item.kind === "map" && isMatch(item, match));
    const value = mergeNodes(find(target), find(patch), type);
    if (value === undefined || value.isEmpty) {
      setElement(target, match, undefined);
      continue;
    }
    match.keys.forEach((key, at) => {
      if (!value.get(key)) value.set(key, Node.scalar(match.values[at]!));
    });
    setElement(added, match, value);
  }
  for (const tuple of tuples) {
    const match = matchOf(tuple, keys);
    append(added, target, match.keys);
  }
  return added;
}

/** Puts the elements of a list into another, in place of those with the same keys (appendListNode). */
function append(into: Node, from: Node, keys: readonly string[]): void {
  if (keys.length > 1) return;
  for (const item of from.items) {
    const values: string[] = [];
    for (const key of keys) {
      const value = item.get(key);
      if (value === undefined) into.items.push(item);
      else values.push(value.value);
    }
    setElement(into, { keys, values }, item);
  }
}

/** Replaces the elements that match, or appends one; without an element, removes them (kyaml ElementSetter). */
function setElement(list: Node, match: Match, element: MaybeNode): void {
  const items: Node[] = [];
  let found = false;
  for (const item of list.items) {
    if (item.isNull || (item.kind === "map" && item.entries.length === 0)) continue;
    const isSame = item.kind === "map" && match.values.length > 0 && isMatch(item, match);
    if (!isSame) items.push(item);
    else {
      found = true;
      if (element) items.push(element);
    }
  }
  list.items = items;
  if (element && !found) list.items.push(element);
}
