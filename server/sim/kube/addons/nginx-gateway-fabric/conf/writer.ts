/** Lines of a configuration of nginx, indented by their blocks. */
export class ConfWriter {
  #text = "";
  #depth = 0;

  get text(): string {
    return this.#text;
  }

  line(...lines: readonly string[]): void {
    for (const line of lines) this.#text += line === "" ? "\n" : `${"    ".repeat(this.#depth)}${line}\n`;
  }

  block(head: string, inside: () => void): void {
    this.line(`${head} {`);
    this.#depth++;
    inside();
    this.#depth--;
    this.line("}");
  }
}
