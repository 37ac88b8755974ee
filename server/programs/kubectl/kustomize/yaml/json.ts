import { GoError } from "../../errors/go-error.ts";
import { isFailure } from "../../output/failure.ts";
import { toYaml } from "../../output/index.ts";
import type { Json } from "../../output/golang/kind.ts";
import { goSyntax } from "../../output/golang/format.ts";
import { byText, Node, type Entry } from "./node.ts";
import { resolve } from "../../yaml/resolve.ts";

/** A node as JSON: what go-yaml reads after it wrote the node. Throws what it stumbles over. */
export function toJson(node: Node, inside = false): Json {
  if (node.kind === "list") return node.items.map((item) => toJson(item, true));
  if (node.kind === "scalar") return scalarOf(node);
  const object: Record<string, Json> = {};
  for (const { key, odd, node: value } of node.entries) {
    if (Object.hasOwn(object, key)) throw twice(node, key);
    if (odd && inside) throw new GoError("json: unsupported type: map[interface {}]interface {}");
    object[key] = toJson(value, true);
  }
  return object;
}

function scalarOf({ tag, value, quoted }: Node): Json {
  if (tag === "!!str" || (tag === "" && quoted)) return value;
  const resolved = resolve(value);
  // A number that took a quoted text's place is written in its quotes, and read as text.
  if (quoted && tag === resolved.tag) return value;
  if (tag === "" || tag === resolved.tag) return resolved.value;
  if (tag === "!!float" && resolved.tag === "!!int") return resolved.value;
  if (tag === "!!null") return null;
  if (tag === "!!binary") return value;
  throw new GoError(`yaml: cannot decode ${resolved.tag} \`${value}\` as a ${tag}`);
}

function twice({ entries }: Node, key: string): GoError {
  const [first, second] = entries.filter((entry) => entry.key === key).map(({ line }) => line);
  return new GoError(
    `yaml: unmarshal errors:\n  line ${second ?? 0}: mapping key ${JSON.stringify(key)} already defined at line ${first ?? 0}`,
  );
}

/** A node as Go shows the value that it was read as (`%#v`); keys of maps within need not be texts. */
export function nodeSyntax(node: Node, inside = false): string {
  if (node.kind === "scalar") return goSyntax(scalarOf(node), inside);
  if (node.kind === "list") return `[]interface {}{${node.items.map((item) => nodeSyntax(item, true)).join(", ")}}`;
  const plain = !inside || !node.entries.some(({ odd }) => odd);
  const rank = ({ key, odd }: Entry): number => (plain || !odd ? 0 : resolve(key).tag === "!!bool" ? 2 : 1);
  const entries = node.entries
    .toSorted((a, b) => rank(a) - rank(b) || byText(a.key, b.key))
    .map((entry) => `${rank(entry) === 0 ? JSON.stringify(entry.key) : entry.key}:${nodeSyntax(entry.node, true)}`);
  return `map[${plain ? "string" : "interface {}"}]interface {}{${entries.join(", ")}}`;
}

/** A node as error messages show it. */
export function nodeText(node: Node): string {
  return node.kind === "scalar" ? `${node.value}\n` : yamlText(toJson(node));
}

/** JSON as nodes, maps sorted by their keys (kyaml FromMap). */
export function fromJson(value: Json): Node {
  if (Array.isArray(value)) return Node.list((value as readonly Json[]).map((item) => fromJson(item)));
  if (typeof value === "object" && value !== null) {
    const entries: Entry[] = Object.entries(value).map(([key, item]) => ({ key, node: fromJson(item) }));
    return new Node("map", { entries });
  }
  if (typeof value === "string") return Node.text(value);
  if (value === null) return new Node("scalar", { tag: "!!null", value: "null" });
  const text = String(value);
  return new Node("scalar", { tag: resolve(text).tag, value: text });
}

/** A value as sigs.k8s.io/yaml writes it. */
export function yamlText(value: Json): string {
  const text = toYaml(value);
  if (isFailure(text)) throw new GoError(text.error);
  return text;
}
