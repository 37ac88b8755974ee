import type { Part } from "./tree.ts";

/**
 * Where a word stands decides what its text may mean: a `value` of an assignment has no braces but tildes behind colons,
 * a `quoted` one is inside double quotes (or a here-document), a `pattern` is matched with quoted characters as they are.
 */
export type Place = "command" | "value" | "quoted" | "pattern";

/** Finds the tildes: at the start of a word, in assignments also behind `=` and colons. */
export function withTildes(parts: readonly Part[], place: Place): readonly Part[] {
  if (place === "quoted" || !parts.some((part) => part.type === "text" && !part.quoted && part.value.includes("~")))
    return parts;
  const first = parts[0]!;
  const assignment =
    place === "command" &&
    first.type === "text" &&
    !first.quoted &&
    /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(first.value);
  const found: Part[] = [];
  for (const [at, part] of parts.entries()) {
    if (part.type !== "text" || part.quoted) found.push(part);
    else found.push(...splitTildes(part.value, at === 0, at === parts.length - 1, place === "value" || assignment));
  }
  return found;
}

function splitTildes(text: string, first: boolean, last: boolean, colons: boolean): Part[] {
  const parts: Part[] = [];
  const start = colons ? /(^|[:=])~([^/:]*)(?=([/:]|$))/g : /^()~([^/]*)(?=(\/|$))/g;
  let from = 0;
  let assigned = false;
  for (const match of text.matchAll(start)) {
    const [, before, name, after] = match as unknown as [string, string, string, string];
    const position = match.index + before.length;
    if (before === "" && !first) continue;
    if (before === "=" && (assigned || !/^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=$/.test(text.slice(0, position)))) continue;
    // What follows directly, quoted or expanded, would belong to the name.
    if (after === "" && !last) continue;
    if (before === "=") assigned = true;
    if (position > from) parts.push({ type: "text", value: text.slice(from, position), quoted: false });
    parts.push({ type: "tilde", name });
    from = position + 1 + name.length;
  }
  if (from < text.length) parts.push({ type: "text", value: text.slice(from), quoted: false });
  return parts;
}
