import { ConfError } from "./conf-error.ts";
import type { ConfNode } from "./parse.ts";
import { compilePattern, type Pattern } from "./pattern.ts";

/** What URIs a location is for. */
export type LocationMatch =
  | { readonly kind: "exact" | "named"; readonly name: string }
  /** `final`: with `^~`, regular expressions are not tried after it. */
  | { readonly kind: "prefix"; readonly name: string; readonly final: boolean }
  | { readonly kind: "regex"; readonly name: string; readonly pattern: Pattern };

/** Reads the words of a location (ngx_http_core_location). */
export function parseLocation({ args, at }: ConfNode): LocationMatch {
  const fail = (words: string): never => {
    throw new ConfError(words, at);
  };
  const regex = (source: string, caseless: boolean): LocationMatch => {
    const pattern = compilePattern(source, caseless);
    return typeof pattern === "string" ? fail(pattern) : { kind: "regex", name: source, pattern };
  };
  if (args.length === 2) {
    const [modifier, name] = args as [string, string];
    if (modifier === "=") return { kind: "exact", name };
    if (modifier === "^~") return { kind: "prefix", name, final: true };
    if (modifier === "~" || modifier === "~*") return regex(name, modifier === "~*");
    return fail(`invalid location modifier "${modifier}"`);
  }
  const [word] = args as [string];
  if (word.startsWith("=")) return { kind: "exact", name: word.slice(1) };
  if (word.startsWith("^~")) return { kind: "prefix", name: word.slice(2), final: true };
  if (word.startsWith("~*")) return regex(word.slice(2), true);
  if (word.startsWith("~")) return regex(word.slice(1), false);
  return word.startsWith("@") ? { kind: "named", name: word } : { kind: "prefix", name: word, final: false };
}

/** A location within another one must be a part of it. */
export function checkNesting(node: ConfNode, match: LocationMatch, outer: LocationMatch): void {
  const fail = (words: string): never => {
    throw new ConfError(words, node.at);
  };
  if (outer.kind === "exact") fail(`location "${match.name}" cannot be inside the exact location "${outer.name}"`);
  if (outer.kind === "named") fail(`location "${match.name}" cannot be inside the named location "${outer.name}"`);
  if (match.kind === "named") fail(`named location "${match.name}" can be on the server level only`);
  if (match.kind !== "regex" && outer.kind === "prefix" && !match.name.startsWith(outer.name))
    fail(`location "${match.name}" is outside location "${outer.name}"`);
}
