import { isUtf8 } from "./locale.ts";

/** How GNU programs show strings in messages and listings (gnulib lib/quotearg.c). */

const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}; // prettier-ignore

/** For values in messages: ‘x’ in a UTF-8 locale, 'x' in C. */
export function quote(text: string, env: Readonly<Record<string, string>>): string {
  const utf8 = isUtf8(env);
  const [left, right] = utf8 ? ["‘", "’"] : ["'", "'"];
  let out = "";
  for (const char of text) {
    if (char === "\\" || char === right) out += `\\${char}`;
    else out += isPrintable(char) ? char : escaped(char);
  }
  return `${left}${out}${right}`;
}

/** For file names in messages, quoted only where a shell would need it or a colon could mislead (quotef). */
export function quoteIfNeeded(name: string): string {
  return name.includes(":") ? shellQuote(name) : shellQuoteIfNeeded(name);
}

/** As a shell word if it needs quotes, else as it is (shell-escape, the style of `ls` on a terminal). */
export function shellQuoteIfNeeded(name: string): string {
  return needsQuotes(name) ? shellQuote(name) : name;
}

export function needsQuotes(name: string): boolean {
  if (name === "") return true;
  if (/^[#~]|^[{}]$|[ !"$&'()*;<=>?[\\^`|\n\t\r\v\f\b\x07]/.test(name)) return true;
  for (const char of name) if (!isPrintable(char)) return true;
  return false;
}

/** Always in quotes, as a shell word (quoteaf, shell-escape-always). */
export function shellQuote(name: string): string {
  if (name.includes("'") && !/["$`\\!]/.test(name) && Array.from(name).every(isDoubleQuotable)) return `"${name}"`;
  let out = "'";
  let inEscape = false;
  for (const char of name) {
    if (char === "'") {
      out += "'\\''";
      inEscape = false;
    } else if (isPrintable(char)) {
      if (inEscape) out += "''";
      inEscape = false;
      out += char;
    } else {
      if (!inEscape) out += "'$'";
      inEscape = true;
      out += escaped(char);
    }
  }
  return `${out}'`;
}

/** Characters that stay in the form "it's": those that neither C nor a shell would treat in double quotes. */
function isDoubleQuotable(char: string): boolean {
  return /^[A-Za-z0-9%+,\-./:\]_#~ ']$/.test(char);
}

function escaped(char: string): string {
  const known = ESCAPES[char];
  if (known !== undefined) return known;
  let out = "";
  for (const byte of Buffer.from(char, "utf8")) out += `\\${byte.toString(8).padStart(3, "0")}`;
  const code = char.codePointAt(0)!;
  return code >= 0xdc80 && code <= 0xdcff ? `\\${(code & 0xff).toString(8)}` : out;
}

/** Is it shown as it is? Control characters, unassigned ones and bytes that are no text are not. */
export function isPrintable(char: string): boolean {
  return !/[\p{Cc}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u.test(char);
}
