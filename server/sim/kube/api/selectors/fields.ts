/** Field selectors (`spec.nodeName=x,status.phase!=Running`), as apimachinery/pkg/fields/selector.go. */
export interface FieldTerm {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

export function parseFieldSelector(text: string): readonly FieldTerm[] | { readonly error: string } {
  const terms: FieldTerm[] = [];
  for (const part of split(text).sort()) {
    if (part === "") continue;
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(part);
    if (!match) return { error: `invalid selector: '${text}'; can't understand '${part}'` };
    const value = unescape(match[3]!);
    if (typeof value === "object") return value;
    terms.push({ field: match[1]!, equal: match[2] !== "!=", value });
  }
  return terms;
}

/** At commas that no backslash precedes. */
function split(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === ",") {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function unescape(text: string): string | { readonly error: string } {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\\") {
      const next = text[++at] ?? "";
      if (!/[\\,=]/.test(next)) return { error: `invalid field selector: invalid escape sequence: \\${next}` };
      out += next;
    } else if (char === "," || char === "=") {
      return { error: `invalid field selector: unescaped character in value: ${char.charCodeAt(0)}` };
    } else out += char;
  }
  return out;
}
