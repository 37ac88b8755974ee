import { isBlank, isBlankOrEnd, isBreakOrEnd, isWord, YamlError, type Cursor, type Mark } from "./cursor.ts";

/** `!!str` is the handle `!!` and the suffix `str`; without a handle the suffix is all. Of a directive, what a handle stands for. */
export interface Tag {
  readonly handle: string;
  readonly suffix: string;
}

/** `!suffix`, `!handle!suffix` or `!<uri>` (scannerc.go scan_tag). */
export function scanTag(at: Cursor): Tag {
  const start = at.mark;
  let tag: Tag;
  if (at.peek(1) === "<") {
    at.skip(2);
    tag = { handle: "", suffix: scanUri(at, "", start) };
    if (at.peek() !== ">") throw YamlError.scanner("did not find the expected '>'", at.mark, start);
    at.skip();
  } else {
    const handle = scanHandle(at, false, start);
    if (handle.length > 1 && handle.endsWith("!")) tag = { handle, suffix: scanUri(at, "", start) };
    else {
      const suffix = scanUri(at, handle, start);
      tag = suffix === "" ? { handle: "", suffix: "!" } : { handle: "!", suffix };
    }
  }
  if (!isBlankOrEnd(at.peek()))
    throw YamlError.scanner("did not find expected whitespace or line break", at.mark, start);
  return tag;
}

/** `%YAML 1.1` or `%TAG ! prefix` (scan_directive). */
export function scanDirective(at: Cursor): { readonly type: "version" | "tag-directive"; readonly tag: Tag } {
  const start = at.mark;
  at.skip();
  const from = at.pos;
  while (isWord(at.peek())) at.skip();
  const name = at.text.slice(from, at.pos);
  const fail = (problem: string): YamlError => YamlError.scanner(problem, at.mark, start);
  if (name === "") throw fail("could not find expected directive name");
  if (!isBlankOrEnd(at.peek())) throw fail("found unexpected non-alphabetical character");
  if (name !== "YAML" && name !== "TAG") throw fail("found unknown directive name");
  skipBlanks(at);
  let tag: Tag;
  if (name === "YAML") {
    const major = scanNumber(at, fail);
    if (at.peek() !== ".") throw fail("did not find expected digit or '.' character");
    at.skip();
    tag = { handle: major, suffix: scanNumber(at, fail) };
  } else {
    const handle = scanHandle(at, true, start);
    if (!isBlank(at.peek())) throw fail("did not find expected whitespace");
    skipBlanks(at);
    tag = { handle, suffix: scanUri(at, "", start) };
    if (!isBlankOrEnd(at.peek())) throw fail("did not find expected whitespace or line break");
  }
  skipBlanks(at);
  if (at.peek() === "#") while (!isBreakOrEnd(at.peek())) at.skip();
  if (!isBreakOrEnd(at.peek())) throw fail("did not find expected comment or line break");
  at.readBreak();
  return { type: name === "YAML" ? "version" : "tag-directive", tag };
}

function skipBlanks(at: Cursor): void {
  while (isBlank(at.peek())) at.skip();
}

function scanNumber(at: Cursor, fail: (problem: string) => YamlError): string {
  let digits = "";
  while (/^[0-9]$/.test(at.peek())) {
    if (digits.length === 2) throw fail("found extremely long version number");
    digits += at.peek();
    at.skip();
  }
  if (digits === "") throw fail("did not find expected version number");
  return digits;
}

function scanHandle(at: Cursor, directive: boolean, start: Mark): string {
  if (at.peek() !== "!") throw YamlError.scanner("did not find expected '!'", at.mark, start);
  const from = at.pos;
  at.skip();
  while (isWord(at.peek())) at.skip();
  if (at.peek() === "!") at.skip();
  else if (directive && at.pos > from + 1) throw YamlError.scanner("did not find expected '!'", at.mark, start);
  return at.text.slice(from, at.pos);
}

/** `head` is what was read for a handle and turned out to be none; its `!` does not belong to the URI. */
function scanUri(at: Cursor, head: string, start: Mark): string {
  let uri = head.slice(1);
  let found = head !== "";
  for (let char = at.peek(); isWord(char) || (char !== "" && ";/?:@&=+$,.!~*'()[]%".includes(char)); char = at.peek()) {
    found = true;
    if (char === "%") {
      const hex = at.text.slice(at.pos + 1, at.pos + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw YamlError.scanner("did not find URI escaped octet", at.mark, start);
      uri += String.fromCharCode(Number.parseInt(hex, 16));
      at.skip(3);
      continue;
    }
    uri += char;
    at.skip();
  }
  if (!found) throw YamlError.scanner("did not find expected tag URI", at.mark, start);
  return uri;
}
