/** The flags that were given, each with its values as text, and the other words. */
export class Given {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];

  constructor(values: ReadonlyMap<string, readonly string[]>, operands: readonly string[]) {
    this.#values = values;
    this.operands = operands;
  }

  has(flag: string): boolean {
    return this.#values.has(flag);
  }

  /** What was given last. */
  text(flag: string): string | undefined {
    return this.#values.get(flag)?.at(-1);
  }

  isTrue(flag: string): boolean {
    const text = this.text(flag);
    return text !== undefined && TRUE.has(text);
  }

  /** The values of a list, over all times that it was given. */
  list(flag: string): string[] {
    return (this.#values.get(flag) ?? []).flatMap((text) => (text === "" ? [] : text.split(",")));
  }

  /** The names of the flags, sorted, as pflag visits them. */
  get names(): string[] {
    return [...this.#values.keys()].sort();
  }
}

/** What strconv.ParseBool takes. */
export const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True"]);
export const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);
