import { readsAsText } from "./resolve.ts";

export type Style = "plain" | "single" | "double" | "literal";

/** What the emitter must know of a string before it can choose how to write it (emitterc.go yaml_emitter_analyze_scalar). */
export interface Scalar {
  readonly chars: readonly string[];
  readonly multiline: boolean;
  readonly plainAllowed: boolean;
  readonly singleAllowed: boolean;
  readonly blockAllowed: boolean;
}

/** How a string is written; a key stands on one line. */
export function styleOf(text: string, scalar: Scalar, isKey: boolean): Style {
  let style: Style = text.includes("\n") ? "literal" : readsAsText(text) ? "plain" : "double";
  if (isKey && scalar.multiline) style = "double";
  if (style === "plain" && (!scalar.plainAllowed || (text === "" && isKey))) style = "single";
  if (style === "single" && !scalar.singleAllowed) style = "double";
  if (style === "literal" && (!scalar.blockAllowed || isKey)) style = "double";
  return style;
}

export function analyze(text: string): Scalar {
  if (SIMPLE.test(text))
    return { chars: [], multiline: false, plainAllowed: true, singleAllowed: true, blockAllowed: true };
  const chars = Array.from(text);
  if (chars.length === 0)
    return { chars, multiline: false, plainAllowed: true, singleAllowed: true, blockAllowed: false };
  let indicators = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t]|$))/.test(text);
  let breaks = false;
  let special = false;
  let breakThenSpace = false;
  let spaceThenBreak = false;
  let afterBlank = true;
  let afterSpace = false;
  let afterBreak = false;
  chars.forEach((char, at) => {
    const next = chars[at + 1];
    const beforeBlank = next === undefined || next === " " || next === "\t";
    if (at > 0 && ((char === ":" && beforeBlank) || (char === "#" && afterBlank))) indicators = true;
    if (!isPrintable(char)) special = true;
    if (char === " ") {
      if (afterBreak) breakThenSpace = true;
      afterSpace = true;
      afterBreak = false;
    } else if (isBreak(char)) {
      breaks = true;
      if (afterSpace) spaceThenBreak = true;
      afterSpace = false;
      afterBreak = true;
    } else {
      afterSpace = false;
      afterBreak = false;
    }
    afterBlank = char === " " || char === "\t" || char === "\0" || isBreak(char);
  });
  const isEdge = (char: string): boolean => char === " " || isBreak(char);
  const edges = isEdge(chars[0]!) || isEdge(chars.at(-1)!);
  const quotedOnly = spaceThenBreak || special;
  return {
    chars,
    multiline: breaks,
    plainAllowed: !indicators && !edges && !breakThenSpace && !quotedOnly && !breaks,
    singleAllowed: !breakThenSpace && !quotedOnly,
    blockAllowed: chars.at(-1) !== " " && !quotedOnly,
  };
}

/** Names, addresses and the like, which need no closer look. */
const SIMPLE = /^(?!\.\.\.)[A-Za-z0-9_/.+=][A-Za-z0-9_/.+=-]*(?::[A-Za-z0-9_/.+=-]+)*$/;

export function isBreak(char: string): boolean {
  return char === "\n" || char === "\r" || char === "\u0085" || char === "\u2028" || char === "\u2029";
}

/** What YAML writes unescaped: not tabs, and nothing beyond the basic plane. */
export function isPrintable(char: string): boolean {
  const code = char.codePointAt(0)!;
  if (code < 0x7f) return code >= 0x20 || code === 10;
  return code >= 0xa0 && code <= 0xfffd && code !== 0xfeff && (code <= 0xd7ff || code >= 0xe000);
}

const ESCAPES: Record<number, string> = {
  0: "0", 7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 27: "e", 34: '"', 92: "\\",
  0x85: "N", 0xa0: "_", 0x2028: "L", 0x2029: "P",
}; // prettier-ignore

/** The escape of a character in double quotes, or undefined if it stands for itself. */
export function escapeOf(char: string): string | undefined {
  if (isPrintable(char) && !isBreak(char) && char !== '"' && char !== "\\") return undefined;
  const code = char.codePointAt(0)!;
  const known = ESCAPES[code];
  if (known !== undefined) return `\\${known}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
