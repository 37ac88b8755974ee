/** Keys as the editors know them: a character, or a name in angle brackets. */
const SEQUENCES: Readonly<Record<string, string>> = (() => {
  const table: Record<string, string> = {};
  const letters: Record<string, string> = { A: "Up", B: "Down", C: "Right", D: "Left", H: "Home", F: "End" };
  for (const [letter, name] of Object.entries(letters)) {
    table[`\x1b[${letter}`] = `<${name}>`;
    table[`\x1bO${letter}`] = `<${name}>`;
    for (const [code, modifier] of [[2, "S"], [3, "A"], [5, "C"], [6, "C-S"]] as const) table[`\x1b[1;${code}${letter}`] = `<${modifier}-${name}>`; // prettier-ignore
  }
  const numbers: Record<number, string> = { 1: "Home", 2: "Insert", 3: "Del", 4: "End", 5: "PageUp", 6: "PageDown", 7: "Home", 8: "End", 11: "F1", 15: "F5", 17: "F6", 18: "F7", 19: "F8", 20: "F9", 21: "F10", 23: "F11", 24: "F12" }; // prettier-ignore
  for (const [number, name] of Object.entries(numbers)) {
    table[`\x1b[${number}~`] = `<${name}>`;
    table[`\x1b[${number};5~`] = `<C-${name}>`;
    table[`\x1b[${number};2~`] = `<S-${name}>`;
  }
  for (const [letter, name] of Object.entries({ P: "F1", Q: "F2", R: "F3", S: "F4" }))
    table[`\x1bO${letter}`] = `<${name}>`;
  table["\x1b[Z"] = "<S-Tab>";
  return table;
})();

const PREFIXES = new Set(Object.keys(SEQUENCES).flatMap((text) => Array.from(text, (_, at) => text.slice(0, at))));
const LONGEST = 8;
const PASTE = "\x1b[200~";
const PASTE_END = "\x1b[201~";
/** Answers of a terminal, and sequences of keys that nobody knows. */
const OTHER = /^\x1b\[[?>]?[0-9;]*[a-zA-Z~]/;

/** Takes keys out of what a terminal sends. A paste is one key: `<Paste>` and its text. */
export class KeyReader {
  #text = "";

  push(text: string): void {
    this.#text += text;
  }

  get empty(): boolean {
    return this.#text === "";
  }

  /** The next key; undefined when nothing is left, or when what is left may go on: an escape that stands alone. */
  next(final = false): string | undefined {
    for (;;) {
      const text = this.#text;
      if (text === "") return undefined;
      if (text[0] !== "\x1b") {
        const char = String.fromCodePoint(text.codePointAt(0)!);
        this.#text = text.slice(char.length);
        return char === "\x7f" ? "<BS>" : char;
      }
      if (text.startsWith(PASTE)) {
        const end = text.indexOf(PASTE_END);
        if (end < 0 && !final) return undefined;
        this.#text = end < 0 ? "" : text.slice(end + PASTE_END.length);
        return `<Paste>${text.slice(PASTE.length, end < 0 ? undefined : end).replace(/\r\n?/g, "\n")}`;
      }
      for (let length = Math.min(LONGEST, text.length); length > 1; length--) {
        const name = SEQUENCES[text.slice(0, length)];
        if (name === undefined) continue;
        this.#text = text.slice(length);
        return name;
      }
      if (!final && (PREFIXES.has(text) || PASTE.startsWith(text))) return undefined;
      const other = OTHER.exec(text);
      if (other) {
        this.#text = text.slice(other[0].length);
        continue;
      }
      this.#text = text.slice(1);
      return "\x1b";
    }
  }
}
