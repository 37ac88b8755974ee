/** Writes a configuration line by line, with a tab for each block that is open (template.go cleanConf). */
export class ConfWriter {
  readonly #lines: string[] = [];
  #depth = 0;

  /** Each text is a line; a blank one stands between parts. */
  line(...texts: readonly string[]): void {
    for (const text of texts) this.#lines.push(text === "" ? "" : "\t".repeat(this.#depth) + text);
  }

  /** A directive, its value from column 40 as the template has it for the long lists of a location. */
  set(name: string, value: string | number): void {
    this.line(`${name.padEnd(39)} ${value};`);
  }

  block(head: string, body: () => void): void {
    this.line(`${head} {`);
    this.#depth++;
    body();
    this.#depth--;
    this.line("}");
  }

  /** Lines of somebody else: a snippet. */
  snippet(text: string): void {
    for (const line of text.trimEnd().split("\n")) this.line(line.trim());
  }

  get text(): string {
    return `${this.#lines.join("\n").replaceAll(/\n{3,}/g, "\n\n")}\n`;
  }
}

/** A value in quotation marks, as Go's %q writes it. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
