import { GoError } from "../../errors/go-error.ts";
import { isFailure } from "../../output/failure.ts";
import { toYaml } from "../../output/index.ts";
import type { Json } from "../../output/golang/kind.ts";
import { Node, type Entry } from "./node.ts";
import { resolve } from "./resolve.ts";

/** A node as JSON: what go-yaml reads after it wrote the node. Throws what it stumbles over. */
export function toJson(node: Node): Json {
  if (node.kind === "list") return node.items.map(toJson);
  if (node.kind === "scalar") return scalarOf(node);
  const object: Record<string, Json> = {};
  for (const { key, node: value } of node.entries) {
    if (Object.hasOwn(object, key)) throw twice(key);
    object[key] = toJson(value);
  }
  return object;
}

function scalarOf({ tag, value, quoted }: Node): Json {
  if (tag === "!!str" || (tag === "" && quoted)) return value;
  const resolved = resolve(value);
  if (tag === "" || tag === resolved.tag) return resolved.value;
  if (tag === "!!float" && resolved.tag === "!!int") return resolved.value;
  if (tag === "!!null") return null;
  if (tag === "!!binary") return value;
  throw new GoError(`yaml: cannot decode ${resolved.tag} \`${value}\` as a ${tag}`);
}

function twice(key: string): GoError {
  return new GoError(`yaml: unmarshal errors:\n  mapping key ${JSON.stringify(key)} already defined`);
}

/** A node as error messages show it. */
export function nodeText(node: Node): string {
  return node.kind === "scalar" ? `${node.value}\n` : yamlText(toJson(node));
}

/** JSON as nodes, maps sorted by their keys (kyaml FromMap). */
export function fromJson(value: Json): Node {
  if (Array.isArray(value)) return Node.list((value as readonly Json[]).map(fromJson));
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
