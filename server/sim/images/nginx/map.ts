import type { ConfNode } from "./parse.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { compileTemplate, type Template } from "./template.ts";

/** A `map`: a variable whose value depends on a text. */
export interface VariableMap {
  readonly source: Template;
  readonly exact: ReadonlyMap<string, Template>;
  readonly patterns: readonly { readonly pattern: Pattern; readonly value: Template }[];
  readonly standard: Template;
}

export function parseMap({ args, entries }: ConfNode): VariableMap {
  const exact = new Map<string, Template>();
  const patterns: { pattern: Pattern; value: Template }[] = [];
  let standard = compileTemplate("") as Template;
  for (const [key, text] of entries) {
    if (text === undefined) continue;
    const value = compileTemplate(text) as Template;
    if (key === "default") standard = value;
    else if (key!.startsWith("~")) {
      const caseless = key!.startsWith("~*");
      patterns.push({ pattern: compilePattern(key!.slice(caseless ? 2 : 1), caseless) as Pattern, value });
    } else exact.set(key!.replace(/^\\/, "").toLowerCase(), value);
  }
  return { source: compileTemplate(args[0]!) as Template, exact, patterns, standard };
}

/** The value for a text, and the captures that it may use. */
export function mapValue(
  map: VariableMap,
  text: string,
): { readonly value: Template; readonly captures?: readonly (string | undefined)[] } {
  const exact = map.exact.get(text.toLowerCase());
  if (exact) return { value: exact };
  for (const { pattern, value } of map.patterns) {
    const captures = pattern.match(text);
    if (captures) return { value, captures };
  }
  return { value: map.standard };
}
