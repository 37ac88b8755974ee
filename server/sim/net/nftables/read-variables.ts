import type { Cursor } from "./cursor.ts";
import type { CommandReader } from "./read-command.ts";
import type { Token } from "./scan.ts";

/** Reads `define`, `redefine`, `undefine` and `include`. */
export function readVariables(reader: CommandReader, first: Token): void {
  const cursor = reader.cursor;
  if (first.text === "include") {
    const path = cursor.quoted();
    const text = reader.session.surroundings.readFile?.(path);
    if (text === undefined) {
      const { source, start, end } = cursor.since(first);
      cursor.complain(`File not found: ${path}`, { source, start, end: end + 1 });
      return;
    }
    reader.end();
    cursor.insert({ name: path, text });
    return;
  }
  const name = cursor.next();
  if (name.kind !== "string") cursor.fail("string", name);
  if (first.text === "undefine") {
    if (!cursor.undefine(name.text)) cursor.complain("undefined symbol", name);
    return;
  }
  if (first.text === "define" && cursor.defined(name.text))
    cursor.complain(`redefinition of symbol '${name.text}'`, name);
  if (!cursor.is("=")) cursor.fail("'='");
  cursor.next();
  cursor.define(name.text, valueTokens(cursor));
}

/** The tokens of a definition: to the end of its line, or of its braces. */
function valueTokens(cursor: Cursor): Token[] {
  const out: Token[] = [];
  let depth = 0;
  while (cursor.token.kind !== "end" && (depth > 0 || !cursor.ends)) {
    if (cursor.is("{")) depth++;
    if (cursor.is("}")) depth--;
    const token = cursor.next();
    if (token.kind !== "newline") out.push(token);
  }
  if (out.length === 0) cursor.fail();
  return out;
}
