/** Writes JSON as iproute2 does, in one line or "pretty" (lib/json_writer.c). */
export class JsonWriter {
  readonly #pretty: boolean;
  #out = "";
  #depth = 0;
  #separator = "";

  constructor(pretty: boolean) {
    this.#pretty = pretty;
  }

  get text(): string {
    return `${this.#out}\n`;
  }

  startArray(name?: string): void {
    if (name !== undefined) this.#name(name);
    this.#begin("[");
    if (this.#pretty) this.#out += " ";
  }

  endArray(): void {
    if (this.#pretty && this.#separator !== "") this.#out += " ";
    this.#separator = "";
    this.#end("]");
  }

  startObject(name?: string): void {
    if (name !== undefined) this.#name(name);
    this.#begin("{");
  }

  endObject(): void {
    this.#end("}");
  }

  /** A string, number, boolean or null; without a name, an element of an array. `raw` is written as it is. */
  value(name: string | undefined, value: string | number | boolean | null, raw = false): void {
    if (name !== undefined) this.#name(name);
    this.#endOfItem();
    this.#out += raw ? String(value) : JSON.stringify(value);
  }

  #name(name: string): void {
    this.#endOfItem();
    this.#endOfLine();
    this.#separator = "";
    this.#out += `${JSON.stringify(name)}:${this.#pretty ? " " : ""}`;
  }

  #begin(bracket: string): void {
    this.#endOfItem();
    this.#out += bracket;
    this.#depth++;
    this.#separator = "";
  }

  #end(bracket: string): void {
    this.#depth--;
    if (this.#separator !== "") this.#endOfLine();
    this.#separator = ",";
    this.#out += bracket;
  }

  #endOfItem(): void {
    this.#out += this.#separator;
    this.#separator = ",";
  }

  #endOfLine(): void {
    if (this.#pretty) this.#out += `\n${"    ".repeat(this.#depth)}`;
  }
}
