/** 'history' of defaults.vim. */
const MOST = 200;

/** What was typed at `:` and at `/`. */
export class CommandHistory {
  readonly #lines: Record<":" | "/", string[]> = { ":": [], "/": [] };

  of(prompt: string): string[] {
    return this.#lines[prompt === ":" ? ":" : "/"];
  }

  add(prompt: string, line: string): void {
    if (line === "") return;
    const lines = this.of(prompt);
    const known = lines.indexOf(line);
    if (known >= 0) lines.splice(known, 1);
    lines.push(line);
    if (lines.length > MOST) lines.shift();
  }
}
