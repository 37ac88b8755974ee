import type { Json } from "../output/golang/kind.ts";
import { quote } from "../output/golang/quote.ts";
import { YamlError, type Mark } from "./cursor.ts";
import { scalarValue, type Scalar } from "./scalar.ts";
import { Scanner, type Token } from "./scanner.ts";
import type { Tag } from "./tags.ts";

/** A value, with how many nodes it took: aliases must not blow it up. */
interface Node {
  readonly value: Json;
  readonly size: number;
  /** Undefined unless it is a scalar without quotes: `<<` merges. */
  readonly plain: string | undefined;
}

interface Properties {
  readonly tag: string;
  readonly anchor: string;
  readonly mark: Mark;
}

const EMPTY: Node = { value: null, size: 1, plain: "" };
const DEEPEST = 2000;

/** Reads the first document of a text as JSON (goyaml.v2 parserc.go and decode.go, sigs.k8s.io/yaml). Throws YamlError. */
export function composeYaml(text: string): Json {
  return new Composer(text).document();
}

class Composer {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, Node>();
  readonly #handles = new Map([
    ["!", "!"],
    ["!!", "tag:yaml.org,2002:"],
  ]);
  /** What is wrong with what the text says: told only if nothing is wrong with how it says it. */
  #problem: YamlError | Unsupported | undefined;
  #depth = 0;
  #decoded = 0;
  #aliased = 0;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  document(): Json {
    let token = this.#scanner.peek();
    if (token.type === "end") return null;
    if (token.type === "version" || token.type === "tag-directive" || token.type === "---") {
      this.#directives();
      token = this.#scanner.peek();
      if (token.type !== "---") throw YamlError.parser("did not find expected <document start>", token.mark);
      this.#scanner.take();
      token = this.#scanner.peek();
      if (["version", "tag-directive", "---", "...", "end"].includes(token.type)) return null;
    }
    const { value } = this.#node(true, false);
    // What ends the document has to be found; what comes then is not looked at.
    this.#scanner.peek();
    if (this.#problem) throw this.#problem;
    return value;
  }

  #directives(): void {
    let versions = 0;
    for (;;) {
      const { type, tag, mark } = this.#scanner.peek();
      if (type !== "version" && type !== "tag-directive") return;
      if (type === "version") {
        if (versions++ > 0) throw YamlError.parser("found duplicate %YAML directive", mark);
        if (tag!.handle !== "1" || tag!.suffix !== "1")
          throw YamlError.parser("found incompatible YAML document", mark);
      } else this.#handles.set(tag!.handle, tag!.suffix);
      this.#scanner.take();
    }
  }

  /** `block`: a block may stand here. `indentless`: and a list that is not indented. */
  #node(block: boolean, indentless: boolean): Node {
    const scanner = this.#scanner;
    let token = scanner.peek();
    if (token.type === "alias") return this.#alias(scanner.take().text);
    const properties = this.#properties();
    token = scanner.peek();
    if (++this.#depth > DEEPEST) throw new YamlError("exceeded max depth of 10000");
    const node = this.#content(token, properties, block, indentless);
    this.#depth--;
    this.#decoded++;
    if (properties.anchor !== "") this.#anchors.set(properties.anchor, node);
    return node;
  }

  #properties(): Properties {
    const scanner = this.#scanner;
    const { mark } = scanner.peek();
    let anchor = "";
    let tag = "";
    for (let read = 0; read < 2; read++) {
      const token = scanner.peek();
      if (token.type === "anchor" && anchor === "") anchor = scanner.take().text;
      else if (token.type === "tag" && tag === "") tag = this.#fullTag(scanner.take(), mark);
      else break;
    }
    return { tag, anchor, mark };
  }

  #fullTag({ tag, mark }: Token, start: Mark): string {
    const { handle, suffix } = tag as Tag;
    if (handle === "") return suffix;
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) throw YamlError.parser("found undefined tag handle", mark, start);
    return prefix + suffix;
  }

  #content(token: Token, { tag, anchor, mark }: Properties, block: boolean, indentless: boolean): Node {
    const scanner = this.#scanner;
    if (indentless && token.type === "-") return this.#indentlessList();
    switch (token.type) {
      case "scalar": {
        scanner.take();
        const plain = token.plain && tag === "";
        const value = plain || tag !== "" ? this.#resolved(tag, token.text) : token.text;
        return { value, size: 1, plain: plain ? token.text : undefined };
      }
      case "[":
        return this.#flowList(token.mark);
      case "{":
        return this.#flowMap(token.mark);
      case "block-sequence":
        if (block) return this.#blockList(token.mark);
        break;
      case "block-mapping":
        if (block) return this.#blockMap(token.mark);
        break;
      default:
    }
    if (anchor !== "" || tag !== "") return tag === "" ? EMPTY : { ...EMPTY, value: this.#resolved(tag, "") };
    throw YamlError.parser("did not find expected node content", token.mark, mark);
  }

  #alias(name: string): Node {
    const node = this.#anchors.get(name);
    if (!node) throw new YamlError(`unknown anchor '${name}' referenced`);
    this.#decoded += node.size;
    this.#aliased += node.size;
    if (this.#aliased > 100 && this.#decoded > 1000 && this.#aliased / this.#decoded > aliasShare(this.#decoded))
      this.#problem ??= new YamlError("document contains excessive aliasing");
    return node;
  }

  #resolved(tag: string, text: string): Scalar {
    try {
      return finite(scalarValue(tag === "!" ? "" : tag, text));
    } catch (error) {
      return this.#note(error);
    }
  }

  #put(map: MapBuilder, key: Node, value: Node): void {
    try {
      map.put(key, value);
    } catch (error) {
      this.#note(error);
    }
  }

  #note(error: unknown): null {
    if (!(error instanceof YamlError) && !(error instanceof Unsupported)) throw error;
    // What JSON has no words for is found when all has been read.
    if (this.#problem instanceof Unsupported && error instanceof YamlError) this.#problem = error;
    this.#problem ??= error;
    return null;
  }

  // Blocks

  #blockList(start: Mark): Node {
    const scanner = this.#scanner;
    scanner.take();
    const items: Node[] = [];
    for (;;) {
      const token = scanner.peek();
      if (token.type === "-") {
        scanner.take();
        const next = scanner.peek().type;
        items.push(next === "-" || next === "block-end" ? EMPTY : this.#node(true, false));
      } else if (token.type === "block-end") {
        scanner.take();
        return list(items);
      } else throw YamlError.parser("did not find expected '-' indicator", token.mark, start);
    }
  }

  #indentlessList(): Node {
    const scanner = this.#scanner;
    const items: Node[] = [];
    while (scanner.peek().type === "-") {
      scanner.take();
      const next = scanner.peek().type;
      const empty = next === "-" || next === "key" || next === "value" || next === "block-end";
      items.push(empty ? EMPTY : this.#node(true, false));
    }
    return list(items);
  }

  #blockMap(start: Mark): Node {
    const scanner = this.#scanner;
    scanner.take();
    const map = new MapBuilder();
    const ends = (type: string): boolean => type === "key" || type === "value" || type === "block-end";
    for (;;) {
      const token = scanner.peek();
      if (token.type === "block-end") {
        scanner.take();
        return map.node();
      }
      if (token.type !== "key") throw YamlError.parser("did not find expected key", token.mark, start);
      scanner.take();
      const key = ends(scanner.peek().type) ? EMPTY : this.#node(true, true);
      let value = EMPTY;
      if (scanner.peek().type === "value") {
        scanner.take();
        if (!ends(scanner.peek().type)) value = this.#node(true, true);
      }
      this.#put(map, key, value);
    }
  }

  // Flows

  #flowList(start: Mark): Node {
    const scanner = this.#scanner;
    scanner.take();
    const items: Node[] = [];
    while (scanner.peek().type !== "]") {
      if (items.length > 0) {
        const token = scanner.peek();
        if (token.type !== ",") throw YamlError.parser("did not find expected ',' or ']'", token.mark, start);
        scanner.take();
        if (scanner.peek().type === "]") break;
      }
      if (scanner.peek().type === "key") {
        scanner.take();
        items.push(this.#pair());
      } else items.push(this.#node(false, false));
    }
    scanner.take();
    return list(items);
  }

  /** `[a: b]` is a list with a map. */
  #pair(): Node {
    const scanner = this.#scanner;
    const map = new MapBuilder();
    const ends = (type: string): boolean => type === "," || type === "]";
    const next = scanner.peek().type;
    const key = next === "value" || ends(next) ? EMPTY : this.#node(false, false);
    let value = EMPTY;
    if (scanner.peek().type === "value") {
      scanner.take();
      if (!ends(scanner.peek().type)) value = this.#node(false, false);
    }
    this.#put(map, key, value);
    return map.node();
  }

  #flowMap(start: Mark): Node {
    const scanner = this.#scanner;
    scanner.take();
    const map = new MapBuilder();
    const ends = (type: string): boolean => type === "," || type === "}";
    for (let first = true; scanner.peek().type !== "}"; first = false) {
      if (!first) {
        const token = scanner.peek();
        if (token.type !== ",") throw YamlError.parser("did not find expected ',' or '}'", token.mark, start);
        scanner.take();
        if (scanner.peek().type === "}") break;
      }
      let key = EMPTY;
      let value = EMPTY;
      if (scanner.peek().type === "key") {
        scanner.take();
        const next = scanner.peek().type;
        if (next !== "value" && !ends(next)) key = this.#node(false, false);
        if (scanner.peek().type === "value") {
          scanner.take();
          if (!ends(scanner.peek().type)) value = this.#node(false, false);
        }
      } else key = this.#node(false, false);
      this.#put(map, key, value);
    }
    scanner.take();
    return map.node();
  }
}

/** Of two values under the same key the later one counts. */
class MapBuilder {
  readonly #map: Record<string, Json> = {};
  #size = 1;

  put(key: Node, value: Node): void {
    this.#size += key.size + value.size;
    if (key.plain === "<<") {
      this.#merge(value.value);
      return;
    }
    if (typeof key.value === "object" && key.value !== null)
      throw new YamlError(`invalid map key: ${goSyntax(key.value)}`);
    if (key.value === null)
      throw new Unsupported(
        `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${value.value === null ? "<nil>" : goSyntax(value.value)}`,
      );
    const name = String(key.value);
    if (name === "__proto__") Object.defineProperty(this.#map, name, { value: value.value, enumerable: true });
    else this.#map[name] = value.value;
  }

  #merge(value: Json): void {
    const parts = Array.isArray(value) ? [...(value as readonly Json[])].reverse() : [value];
    for (const part of parts) {
      if (typeof part !== "object" || part === null || Array.isArray(part))
        throw new YamlError("map merge requires map or sequence of maps as the value");
      Object.assign(this.#map, part);
    }
  }

  node(): Node {
    return { value: this.#map, size: this.#size, plain: undefined };
  }
}

/** YAML that JSON has no words for. */
export class Unsupported extends Error {}

function list(items: readonly Node[]): Node {
  return {
    value: items.map(({ value }) => value),
    size: items.reduce((sum, { size }) => sum + size, 1),
    plain: undefined,
  };
}

function finite(value: Scalar): Scalar {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  throw new Unsupported(`json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`);
}

/** How much of a document may come from aliases (decode.go allowedAliasRatio). */
function aliasShare(decoded: number): number {
  const few = 400_000;
  const many = 4_000_000;
  if (decoded <= few) return 0.99;
  return decoded >= many ? 0.1 : 0.99 - (0.89 * (decoded - few)) / (many - few);
}

/** Go's %#v of what YAML is read to. */
function goSyntax(value: Json): string {
  if (value === null) return "interface {}(nil)";
  if (typeof value === "string") return quote(value);
  if (typeof value === "object") {
    if (Array.isArray(value)) return `[]interface {}{${(value as readonly Json[]).map(goSyntax).join(", ")}}`;
    const entries = Object.entries(value as Readonly<Record<string, Json>>);
    return `map[interface {}]interface {}{${entries.map(([key, inner]) => `${quote(key)}:${goSyntax(inner)}`).join(", ")}}`;
  }
  return String(value);
}
