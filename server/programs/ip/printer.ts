import { JsonWriter } from "./json-writer.ts";

/** Colours by what they mark (lib/color.c, for dark letters on a light ground). */
const COLORS = {
  interface: "\x1b[36m",
  mac: "\x1b[33m",
  inet: "\x1b[35m",
  inet6: "\x1b[34m",
  up: "\x1b[32m",
  down: "\x1b[31m",
} as const;

export type Color = keyof typeof COLORS;

export interface PrinterOptions {
  readonly json: boolean;
  readonly pretty: boolean;
  readonly oneline: boolean;
  readonly color: boolean;
}

/** Prints facts as text or as JSON, whichever was asked for (lib/json_print.c). */
export class Printer {
  readonly #options: PrinterOptions;
  #json: JsonWriter | undefined;
  #text = "";

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  get isJson(): boolean {
    return this.#json !== undefined;
  }

  /** From here on, until `closeList`, everything is one JSON array if JSON was asked for. */
  openList(): void {
    if (!this.#options.json) return;
    this.#json = new JsonWriter(this.#options.pretty);
    this.#json.startArray();
  }

  closeList(): void {
    if (!this.#json) return;
    this.#json.endArray();
    this.#text += this.#json.text;
    this.#json = undefined;
  }

  openObject(name?: string): void {
    this.#json?.startObject(name);
  }

  closeObject(): void {
    this.#json?.endObject();
  }

  /** An array; as text, `before` and what it holds. */
  openArray(name: string | undefined, before = ""): void {
    if (this.#json) this.#json.startArray(name);
    else this.#text += before;
  }

  closeArray(after = ""): void {
    if (this.#json) this.#json.endArray();
    else this.#text += after;
  }

  /** A fact in both forms: in text, `words`; in JSON, `key` and `value`. */
  fact(key: string | undefined, words: string, value: string | number | boolean | null, color?: Color): void {
    if (this.#json) this.#json.value(key, value);
    else this.text(words, color);
  }

  /** Only in text. */
  text(words: string, color?: Color): void {
    if (this.#json) return;
    this.#text += color === undefined || !this.#options.color ? words : `${COLORS[color]}${words}\x1b[0m`;
  }

  /** Only in JSON. */
  field(key: string | undefined, value: string | number | boolean | null, raw = false): void {
    this.#json?.value(key, value, raw);
  }

  /** A new line within one entry. */
  newLine(): void {
    this.text(this.#options.oneline ? "\\" : "\n");
  }

  /** What was printed since the last call. */
  take(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}
