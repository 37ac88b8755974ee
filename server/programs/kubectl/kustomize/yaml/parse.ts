import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, type Document } from "yaml";
import { yamlProblem } from "../../../../sim/kube/api/index.ts";
import { GoError } from "../../errors/go-error.ts";
import { Node, type Entry } from "./node.ts";
import { resolve } from "../../yaml/resolve.ts";

/** A text is no YAML. kustomize tells the file's name with it. */
export class MalformedYaml extends GoError {}

const LONGEST = 1_000_000;

/** The documents of a text, without the empty ones (kyaml kio ByteReader). Throws MalformedYaml. */
export function parseDocuments(text: string): Node[] {
  const documents: Node[] = [];
  const chunks = split(text.replaceAll("\r\n", "\n"));
  for (const chunk of chunks) {
    const node = parseYaml(chunk);
    if (node === undefined || node.isNull) continue;
    const wraps = chunks.length === 1 && ["List", "ResourceList"].includes(node.textOf("kind")) && node.get("items");
    if (wraps) documents.push(...wraps.items);
    else documents.push(node);
  }
  return documents;
}

function split(text: string): string[] {
  const chunks: string[] = [];
  let start = 0;
  for (const { 0: separator, index } of text.matchAll(/\n---.*\n/g)) {
    const behind = separator.slice(4).trim();
    if (behind !== "" && !behind.startsWith("#")) throw new GoError(`invalid document separator: ${separator.trim()}`);
    chunks.push(text.slice(start, index + 1));
    start = index + separator.length;
  }
  chunks.push(text.slice(start));
  return chunks;
}

/** One document; undefined if there is nothing in it. */
export function parseYaml(text: string): Node | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.1", schema: "failsafe", merge: false, uniqueKeys: false, strict: false, stringKeys: false }); // prettier-ignore
  const [error] = document.errors;
  // What follows the first document is not read.
  if (error && error.code !== "MULTIPLE_DOCS") throw new MalformedYaml(`yaml: ${yamlProblem(error)}`);
  if (document.contents === null) return undefined;
  return new Reader(document, lines).node(document.contents);
}

class Reader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  #count = 0;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  node(source: unknown): Node {
    if (++this.#count > LONGEST) throw new MalformedYaml("yaml: document contains excessive aliasing");
    if (isAlias(source)) {
      const target = source.resolve(this.#document);
      if (!target) throw new MalformedYaml(`yaml: unknown anchor '${source.source}' referenced`);
      return this.node(target);
    }
    if (isMap(source)) return this.#map(source.items);
    if (isSeq(source)) return Node.list(source.items.map((item) => this.node(item)));
    if (isScalar(source)) return scalarNode(source);
    return new Node("scalar", { tag: "!!null" });
  }

  #map(pairs: readonly { readonly key: unknown; readonly value: unknown }[]): Node {
    const entries: Entry[] = [];
    const merged: Entry[] = [];
    for (const { key, value } of pairs) {
      const name = this.node(key);
      if (name.value === "<<" && !name.quoted) merged.push(...this.#merged(this.node(value)));
      else {
        const start = isScalar(key) ? key.range?.[0] : undefined;
        const line = start === undefined ? 0 : this.#lines.linePos(start).line;
        entries.push({ key: name.value, odd: name.tag !== "!!str", line, node: this.node(value) });
      }
    }
    const own = new Set(entries.map(({ key }) => key));
    for (const entry of merged) {
      if (own.has(entry.key)) continue;
      own.add(entry.key);
      entries.push(entry);
    }
    return new Node("map", { entries });
  }

  #merged(source: Node): Entry[] {
    if (source.kind === "map") return source.entries;
    if (source.kind === "list" && source.items.every(({ kind }) => kind === "map"))
      return source.items.flatMap(({ entries }) => entries);
    throw new MalformedYaml("yaml: map merge requires map or sequence of maps as the value");
  }
}

const TAG = "tag:yaml.org,2002:";

function scalarNode(source: Scalar): Node {
  const value = typeof source.value === "string" ? source.value : (source.source ?? "");
  const quoted = source.type !== undefined && source.type !== Scalar.PLAIN;
  const given = source.tag?.startsWith(TAG) ? `!!${source.tag.slice(TAG.length)}` : source.tag;
  return new Node("scalar", { value, quoted, tag: given ?? (quoted ? "!!str" : resolve(value).tag) });
}
