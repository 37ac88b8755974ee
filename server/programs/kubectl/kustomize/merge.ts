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
      throw new GoError(
        `wrong node kind: expected ${KINDS[kind]} but got ${KINDS[found]}: node contents:\n${nodeText(node!)}`,
      );
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
  const { keys } = type.merge!;
  return keys.length === 0 ? mergeSets(target, patch) : mergeKeyed(target, patch, keys, type.elements);
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

/** Elements that are paired by their keys; what is new stands in front (walk/associative_sequence.go). */
function mergeKeyed(target: Node, patch: MaybeNode, keys: readonly string[], type: FieldSchema | undefined): Node {
  const tuples = tuplesOf([patch, target], keys);
  if (tuples.length === 0) return target;
  if (keys.length > 1) mergeTuples(tuples);
  const added = Node.list();
  let match: Match = { keys: [], values: [] };
  for (const tuple of tuples) {
    match = givenKeys(tuples, { keys, values: tuple });
    const own = givenKeys([match.values], match);
    const value = mergeNodes(elementWith(target, own), elementWith(patch, own), type);
    if (value === undefined || value.isEmpty) {
      setElement(target, match, undefined);
      continue;
    }
    match.keys.forEach((key, at) => {
      if (!value.get(key) && match.values[at] !== "") value.set(key, Node.scalar(match.values[at]!));
    });
    setElement(added, match, value);
  }
  for (const item of target.items) append(added, item, match.keys);
  return added;
}

/** The values of the keys of all elements, each combination once; empty where there is none. */
function tuplesOf(sources: readonly MaybeNode[], keys: readonly string[]): string[][] {
  const tuples = new Map<string, string[]>();
  for (const source of sources)
    for (const item of source?.items ?? []) {
      const tuple = keys.map((key) => item.get(key)?.value ?? "");
      const text = JSON.stringify(tuple);
      if (!tuples.has(text)) tuples.set(text, tuple);
    }
  return [...tuples.values()];
}

/** Combinations that only differ in that one of them leaves something open are one. */
function mergeTuples(tuples: string[][]): void {
  for (let left = 0; left < tuples.length; left++)
    for (let right = 0; right < tuples.length; right++) {
      const [a, b] = [tuples[left]!, tuples[right]!];
      const fits = a.every((value, at) => value === b[at] || value === "" || b[at] === "");
      if (!fits || !a.some((value, at) => value === b[at])) continue;
      tuples[left] = tuples[right] = a.map((value, at) => value || b[at]!);
    }
}

interface Match {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** Only the keys that some combination has a value for; all of them if none has. */
function givenKeys(tuples: readonly (readonly string[])[], { keys, values }: Match): Match {
  const given = keys.map((_, at) => tuples.some((tuple) => tuple[at] !== ""));
  if (!given.includes(true)) return { keys, values };
  return { keys: keys.filter((_, at) => given[at]), values: values.filter((_, at) => given[at]) };
}

function elementWith(list: MaybeNode, { keys, values }: Match): MaybeNode {
  return list?.items.find(
    (item) => item.kind === "map" && keys.every((key, at) => item.get(key)?.value === values[at]),
  );
}

/** Puts an element of the list into what is added to it. */
function append(into: Node, item: Node, keys: readonly string[]): void {
  const values: string[] = [];
  for (const key of keys) {
    const value = item.get(key);
    if (value === undefined) into.items.push(item);
    else values.push(value.value);
  }
  if (keys.length > 1) setElement(into, { keys, values }, undefined);
  setElement(into, { keys, values }, item);
}

/** Replaces the elements that match, or appends one; without an element, removes them (kyaml fns.go ElementSetter). */
function setElement(list: Node, match: Match, element: MaybeNode): void {
  const items: Node[] = [];
  let found = false;
  for (const item of list.items) {
    if (item.isNull || (item.kind === "map" && item.entries.length === 0)) continue;
    if (!isSetBy(item, match)) {
      if (match.values.length > 0) items.push(item);
      continue;
    }
    found = true;
    if (element) items.push(element);
  }
  if (element && !found) items.push(element);
  list.items = items;
}

/** An empty value takes any; a missing one takes what the one before it took. */
function isSetBy(item: Node, { keys, values }: Match): boolean {
  if (item.kind !== "map" || values.length === 0) return false;
  return keys.every((key, at) => {
    if (at >= values.length) return true;
    const value = item.get(key);
    return value !== undefined && (values[at] === "" || value.value === values[at]);
  });
}
