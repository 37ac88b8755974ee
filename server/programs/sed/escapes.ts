/** What escapes such as `\t` and `\x41` in a script stand for (sed/compile.c normalize_text). */

const LETTERS: Readonly<Record<string, string>> = {
  a: "\x07",
  f: "\f",
  n: "\n",
  "\n": "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Characters that mean something in a pattern: made by a number they are themselves. */
const SPECIAL = /[$*.[\\\]^]/;

/** In patterns and replacements unknown escapes stay for those who read on; in texts (a, i, c, y) the backslash goes. */
export function unescape(text: string, kind: "regex" | "replacement" | "text", utf8: boolean): string {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const next = text[at + 1];
    if (char !== "\\" || next === undefined) {
      out += char;
      continue;
    }
    const number = /^(?:d(\d{1,3})|x([0-9a-fA-F]{1,2})|o([0-7]{1,3}))/.exec(text.slice(at + 1));
    if (LETTERS[next] !== undefined && !(kind === "regex" && next === "\n")) {
      out += kind === "replacement" && next === "\n" ? "\\\n" : LETTERS[next];
      at++;
    } else if (number) {
      const code = number[1] ? Number(number[1]) : number[2] ? parseInt(number[2], 16) : parseInt(number[3]!, 8);
      const made = byteCharacter(code & 0xff, utf8);
      out +=
        (kind === "regex" && SPECIAL.test(made)) || (kind === "replacement" && (made === "&" || made === "\\"))
          ? `\\${made}`
          : made;
      at += number[0].length;
    } else if (next === "c" && text[at + 2] !== undefined) {
      const control = text[at + 2]!;
      out += String.fromCharCode(control.toUpperCase().charCodeAt(0) ^ 0x40);
      at += control === "\\" ? 3 : 2;
    } else {
      out += kind === "text" ? next : char + next;
      at++;
    }
  }
  return out;
}

/** A byte over 127 is no character in UTF-8: it is kept as `decode` keeps it. */
function byteCharacter(code: number, utf8: boolean): string {
  return String.fromCharCode(utf8 && code > 127 ? 0xdc00 | code : code);
}
