import { isAlias, isMap, isScalar, isSeq, parseDocument, Scalar, type Document } from "yaml";
import type { Failure } from "../output/failure.ts";
import type { Json } from "../output/golang/kind.ts";
import { goYamlProblem } from "./problem.ts";
import { resolveOld } from "./resolve.ts";

/** A YAML document as sigs.k8s.io/yaml makes JSON of it, or why it is none: `yaml: line 3: …`. */
export function readYaml(text: string): { readonly value: Json } | Failure {
  const document = parseDocument(text, { version: "1.1", schema: "failsafe", merge: false, uniqueKeys: false, strict: false }); // prettier-ignore
  const error = document.errors.find(({ code }) => code !== "MULTIPLE_DOCS");
  if (error) return { error: `yaml: ${goYamlProblem(text, error, 2)}` };
  try {
    return { value: new Reader(document).value(document.contents) };
  } catch (problem) {
    if (problem instanceof Unreadable) return { error: `yaml: ${problem.message}` };
    throw problem;
  }
}

class Unreadable extends Error {}

/** More than so many values are only had by aliases of aliases. */
const MOST_VALUES = 1_000_000;
const TAG = "tag:yaml.org,2002:";

class Reader {
  readonly #document: Document;
  #count = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  value(node: unknown): Json {
    if (++this.#count > MOST_VALUES) throw new Unreadable("document contains excessive aliasing");
    if (isScalar(node)) return scalarValue(node);
    if (isMap(node)) return this.#map(node.items);
    if (isSeq(node)) return node.items.map((item) => this.value(item));
    if (!isAlias(node)) return null;
    const target = node.resolve(this.#document);
    if (!target) throw new Unreadable(`unknown anchor '${node.source}' referenced`);
    return this.value(target);
  }

  #map(pairs: readonly { readonly key: unknown; readonly value: unknown }[]): Json {
    const map: Record<string, Json> = {};
    const merged: Json[] = [];
    for (const { key, value } of pairs) {
      if (isScalar(key) && key.value === "<<" && key.type === Scalar.PLAIN) merged.push(this.value(value));
      else define(map, keyText(this.value(key)), this.value(value));
    }
    for (const source of merged.flat()) {
      if (typeof source !== "object" || source === null || Array.isArray(source))
        throw new Unreadable("map merge requires map or sequence of maps as the value");
      for (const [name, value] of Object.entries(source)) if (!Object.hasOwn(map, name)) define(map, name, value);
    }
    return map;
  }
}

/** A member called `__proto__` is one like any other. */
function define(map: Record<string, Json>, name: string, value: Json): void {
  if (name === "__proto__")
    Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  else map[name] = value;
}

function keyText(key: Json): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}

function scalarValue(node: Scalar): Json {
  const text = typeof node.value === "string" ? node.value : (node.source ?? "");
  if (node.tag === `${TAG}binary`) return Buffer.from(text, "base64").toString("utf8");
  if (node.tag === `${TAG}str`) return text;
  const isPlain = node.type === undefined || node.type === Scalar.PLAIN;
  return isPlain || node.tag !== undefined ? resolveOld(text) : text;
}
