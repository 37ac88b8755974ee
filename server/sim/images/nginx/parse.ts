import { dirname, isAbsolute } from "../../host/index.ts";
import { ConfError, NotSimulated, type ConfPosition } from "./conf-error.ts";
import { ConfReader } from "./conf-reader.ts";
import { buildOf } from "./build.ts";
import type { ConfWorld } from "./conf-source.ts";
import { directiveTypes, type ConfContext, type DirectiveType } from "./directives.ts";

/** A directive as it stands in the configuration, with what is in its block. */
export interface ConfNode {
  readonly name: string;
  readonly args: readonly string[];
  readonly at: ConfPosition;
  readonly type: DirectiveType;
  /** Undefined for the whole configuration. */
  readonly parent: ConfNode | undefined;
  /** What its block may hold. */
  readonly context: ConfContext;
  readonly children: ConfNode[];
  /** The lines of a block that holds no directives (types, map). */
  readonly entries: string[][];
}

/** Told of every directive as soon as it is read, before its block is, and again behind its block. */
export interface ConfChecks {
  read(node: ConfNode): void;
  closed(node: ConfNode): void;
  entry(node: ConfNode, words: readonly string[], at: ConfPosition): void;
}

const ROOT_TYPE: DirectiveType = {
  name: "",
  contexts: "",
  least: 0,
  most: 0,
  block: true,
  slot: "own",
  status: "simulated",
};

/** Blocks whose lines are no directives. */
const ENTRIES = new Set(["types", "map", "geo", "split_clients"]);

/** Reads a configuration as ngx_conf_parse does: mistakes come up in the order in which nginx meets them. */
export function parseConf(
  world: ConfWorld,
  options: { readonly path: string; readonly prefix: string; readonly global: string; readonly version: string },
  checks: ConfChecks,
): ConfNode {
  const root: ConfNode = {
    name: "",
    args: [],
    at: { file: options.path, line: 0 },
    type: ROOT_TYPE,
    parent: undefined,
    context: "M",
    children: [],
    entries: [],
  };
  const parser = new Parser(world, dirname(options.path), checks, buildOf(options.version).modules);
  if (options.global !== "") parser.block(new ConfReader("command line", options.global), root, "parameter");
  parser.file(options.path, root, undefined);
  return root;
}

class Parser {
  readonly #world: ConfWorld;
  readonly #directory: string;
  readonly #checks: ConfChecks;
  readonly #modules: ReadonlySet<string>;

  constructor(world: ConfWorld, directory: string, checks: ConfChecks, modules: ReadonlySet<string>) {
    this.#world = world;
    this.#directory = directory;
    this.#checks = checks;
    this.#modules = modules;
  }

  /** Reads a file into a block; `from` is the `include` that names it. */
  file(path: string, parent: ConfNode, from: ConfPosition | undefined): void {
    const found = this.#world.file(path);
    if ("error" in found) throw new ConfError(`open() "${path}" failed (${found.error})`, from);
    this.block(new ConfReader(path, found.text), parent, "file");
  }

  block(reader: ConfReader, parent: ConfNode, kind: "file" | "block" | "parameter"): void {
    for (;;) {
      const token = reader.next();
      if (token === "close") {
        if (kind !== "block") reader.fail('unexpected "}"');
        return;
      }
      if (token === "end") {
        if (kind === "block") reader.fail('unexpected end of file, expecting "}"');
        return;
      }
      if (token === "block" && kind === "parameter") reader.fail("block directives are not supported in -g option");
      if (ENTRIES.has(parent.name)) this.#entry(reader, parent, token);
      else this.#directive(reader, parent, token);
    }
  }

  #entry(reader: ConfReader, parent: ConfNode, token: "statement" | "block"): void {
    if (token === "block") reader.fail('unexpected "{"');
    const { words, position } = reader;
    if (words[0] === "include" && words.length === 2) return this.#include(words[1]!, parent, position);
    this.#checks.entry(parent, words, position);
    parent.entries.push(words);
  }

  #directive(reader: ConfReader, parent: ConfNode, token: "statement" | "block"): void {
    const [name, ...args] = reader.words as [string, ...string[]];
    const at = reader.position;
    const types = directiveTypes(name, this.#modules);
    const type = types.find((other) => other.contexts.includes(parent.context));
    if (types.length === 0) reader.fail(`unknown directive "${name}"`);
    if (!type) return reader.fail(`"${name}" directive is not allowed here`);
    if (!type.block && token === "block") reader.fail(`directive "${name}" is not terminated by ";"`);
    if (type.block && token === "statement") reader.fail(`directive "${name}" has no opening "{"`);
    if (args.length < type.least || args.length > type.most)
      reader.fail(`invalid number of arguments in "${name}" directive`);
    if (type.status === "unsimulated") throw new NotSimulated(`directive "${name}"`);
    if (name === "include") return this.#include(args[0]!, parent, at);
    const context = contextOf(name, parent.context);
    const node: ConfNode = { name, args, at, type, parent, context, children: [], entries: [] };
    const checked = !"TV".includes(parent.context);
    if (checked) this.#checks.read(node);
    parent.children.push(node);
    if (!type.block) return;
    this.block(reader, node, "block");
    if (checked) this.#checks.closed({ ...node, at: reader.position });
  }

  /** ngx_conf_include: relative to the configuration's directory; a pattern may match nothing. */
  #include(path: string, parent: ConfNode, at: ConfPosition): void {
    const full = isAbsolute(path) ? path : `${this.#directory}/${path}`;
    if (!/[*?[]/.test(full)) return this.file(full, parent, at);
    for (const file of this.#world.pattern(full)) this.file(file, parent, at);
  }
}

function contextOf(name: string, outer: ConfContext): ConfContext {
  if (outer === "T") return "V";
  if (name === "stream") return "T";
  if (name === "events") return "E";
  if (name === "http") return "H";
  if (name === "upstream") return "U";
  if (name === "server") return "S";
  if (name === "limit_except") return "X";
  if (name === "if") return outer === "S" ? "I" : "J";
  return "L";
}
