import { isPrintable, needsQuotes, shellQuote } from "../gnu/quoting.ts";
import type { QuotingStyle } from "./settings.ts";

/** How a name is shown. With `aligned`, a name without quotes gets a space so that it stands under the others. */
export interface Namer {
  (name: string, aligned: boolean): string;
  /** Whether names without quotes may have to move. */
  readonly aligns: boolean;
}

export function namer(style: QuotingStyle, hideControl: boolean): Namer {
  const show = showAs(style, hideControl);
  const aligns = style === "shell-escape" || style === "shell";
  const name = (text: string, aligned: boolean): string => {
    const shown = show(text);
    return aligned && aligns && shown === text ? ` ${shown}` : shown;
  };
  return Object.assign(name, { aligns });
}

function showAs(style: QuotingStyle, hideControl: boolean): (name: string) => string {
  const shown = (name: string): string => (hideControl ? hide(name) : name);
  switch (style) {
    case "literal":
      return shown;
    case "shell":
      return (name) => (needsQuotes(name) ? shellWord(shown(name)) : name);
    case "shell-always":
      return (name) => shellWord(shown(name));
    case "shell-escape":
      return (name) => (needsQuotes(name) ? shellQuote(name) : name);
    case "shell-escape-always":
      return shellQuote;
    case "c":
      return (name) => `"${cEscapes(name).replaceAll('"', '\\"')}"`;
    case "escape":
      return (name) => cEscapes(name).replaceAll(" ", "\\ ");
  }
}

/** In quotes without escapes: control characters stay as they are. */
function shellWord(name: string): string {
  if (name.includes("'") && shellQuote(name).startsWith('"')) return `"${name}"`;
  return `'${name.replaceAll("'", "'\\''")}'`;
}

function hide(name: string): string {
  return Array.from(name, (char) => (isPrintable(char) ? char : "?")).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\",
}; // prettier-ignore

function cEscapes(name: string): string {
  return Array.from(name, (char) => {
    if (ESCAPES[char] !== undefined) return ESCAPES[char];
    if (isPrintable(char)) return char;
    const code = char.charCodeAt(0);
    return `\\${(code >= 0xdc80 ? code & 0xff : code).toString(8).padStart(3, "0")}`;
  }).join("");
}
