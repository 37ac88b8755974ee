import { GoError } from "../errors/go-error.ts";
import { splitPath } from "./field-spec.ts";
import { goRegexp } from "./resmap.ts";
import { nodeText } from "./yaml/json.ts";
import { Node, type NodeKind } from "./yaml/node.ts";

/**
 * `spec.containers.[name=nginx].image` in parts; dots within brackets stay, and brackets around a name with dots are only there
 * for them: `data.[a.b]` (kyaml utils SmarterPathSplitter).
 */
export function fieldPath(path: string): string[] {
  const parts: string[] = [];
  let open: string[] | undefined;
  for (const part of splitPath(path, ".")) {
    if (!open && part.startsWith("[") && !part.endsWith("]")) open = [part];
    else if (!open) parts.push(part);
    else {
      open.push(part);
      if (part.endsWith("]")) {
        const text = open.join(".");
        parts.push(text.includes("=") ? text : text.slice(1, -1));
        open = undefined;
      }
    }
  }
  if (open) parts.push(open.join("."));
  return parts;
}

/** The one node at a path; elements by number, `-` for the last, or `[name=value]` (kyaml PathGetter). */
export function lookup(node: Node, path: readonly string[]): Node | undefined {
  let found: Node | undefined = node;
  for (const part of path.map((each) => each.trim()).filter((each) => each !== "")) {
    if (found === undefined || found.isNull) return undefined;
    if (/^[-+]?\d+$/.test(part)) {
      if (Number(part) < 0) throw new GoError(`array index ${Number(part)} cannot be negative`);
      found = elements(found)[Number(part)];
    } else if (part === "-") found = elements(found).at(-1);
    else if (isElement(part)) {
      const { field, value } = splitElement(part);
      found = elements(found).find((item) => (field === "" ? item.value === value : item.get(field)?.value === value));
    } else {
      if (found.kind !== "map") throw wrongKind("MappingNode", found);
      found = found.get(part);
    }
  }
  return found?.isNull ? undefined : found;
}

/** All nodes at a path; elements as above by pattern, and `*` for each. Missing ones are made of `create`, if given. */
export function matchPath(node: Node, path: readonly string[], create?: NodeKind): Node[] {
  const [part, ...rest] = path;
  if (part === undefined) return [node];
  if (/^[-+]?\d+$/.test(part)) return matchIndex(node, Number(part), rest, create);
  if (isElement(part)) return matchElements(node, part, rest, create);
  if (part === "*") return elements(node).flatMap((item) => matchPath(item, rest, create));
  if (node.isNull) return [];
  if (node.kind !== "map") throw wrongKind("MappingNode", node);
  let field = node.get(part);
  if (field === undefined) {
    if (create === undefined) return [];
    field = new Node(kindFor(rest[0], create));
    node.entries.push({ key: part, node: field });
  }
  return matchPath(field, rest, create);
}

function matchIndex(node: Node, index: number, rest: readonly string[], create: NodeKind | undefined): Node[] {
  const items = elements(node);
  if (items.length === index && create !== undefined) items.push(new Node(kindFor(rest[0], create)));
  if (items.length < index + 1) throw new GoError(`index ${index} specified but only ${items.length} elements found`);
  return matchPath(items[index]!, rest, create);
}

function matchElements(node: Node, part: string, rest: readonly string[], create: NodeKind | undefined): Node[] {
  const { field, value } = splitElement(part);
  const pattern = goRegexp(value);
  const takes = (item: Node | undefined): boolean =>
    item !== undefined && pattern.matcher(item.kind === "scalar" ? item.value : nodeText(item).trim()).find();
  const found = elements(node).filter((item) => takes(field === "" ? item : item.get(field)));
  if (found.length > 0) return field === "" ? found : found.flatMap((item) => matchPath(item, rest, create));
  if (create === undefined) return [];
  const made = Node.scalar(value);
  node.items.push(field === "" ? made : new Node("map", { entries: [{ key: field, node: made }] }));
  return matchElements(node, part, rest, create);
}

/** What is made for a part, by what comes behind it. */
function kindFor(next: string | undefined, last: NodeKind): NodeKind {
  if (next === undefined) return last;
  return isElement(next) || /^[-+]?\d+$/.test(next) ? "list" : "map";
}

function isElement(part: string): boolean {
  return part.startsWith("[") && part.endsWith("]");
}

function splitElement(part: string): { field: string; value: string } {
  const text = part.slice(1, -1);
  const at = text.indexOf("=");
  if (at < 0) throw new GoError("list path element must contain fieldName=fieldValue for element to match");
  return { field: text.slice(0, at), value: text.slice(at + 1) };
}

function elements(node: Node): Node[] {
  if (node.kind !== "list") throw wrongKind("SequenceNode", node);
  return node.items;
}

function wrongKind(expected: string, node: Node): GoError {
  const found = { map: "MappingNode", list: "SequenceNode", scalar: "ScalarNode" }[node.kind];
  return new GoError(`wrong node kind: expected ${expected} but got ${found}: node contents:\n${nodeText(node)}`);
}
