/** A configuration file as NCONF reads it (crypto/conf/conf_def.c): sections of names and values, in their order. */
export class Config {
  readonly #sections = new Map<string, (readonly [name: string, value: string])[]>([["default", []]]);
  readonly #env: Readonly<Record<string, string>>;

  constructor(text: string, env: Readonly<Record<string, string>> = {}) {
    this.#env = env;
    let section = "default";
    for (const line of logicalLines(text)) {
      const bare = line.trim();
      if (bare === "" || bare.startsWith(".include")) continue;
      const header = /^\[\s*([^\]]*?)\s*\]/.exec(bare);
      if (header) {
        section = header[1]!;
        if (!this.#sections.has(section)) this.#sections.set(section, []);
        continue;
      }
      const match = /^(?:([^=]*?)::)?\s*([^=]*?)\s*=\s*([^]*)$/.exec(bare);
      if (!match) continue;
      const [, other, name, value] = match as unknown as [string, string | undefined, string, string];
      this.#put(other ?? section, name, this.#expand(value, section));
    }
  }

  has(section: string): boolean {
    return this.#sections.has(section);
  }

  section(name: string): readonly (readonly [name: string, value: string])[] {
    return this.#sections.get(name) ?? [];
  }

  /** The value in a section, or in the default one. */
  get(section: string, name: string): string | undefined {
    const find = (where: string): string | undefined => this.section(where).findLast(([key]) => key === name)?.[1];
    return find(section) ?? find("default");
  }

  #put(section: string, name: string, value: string): void {
    let rows = this.#sections.get(section);
    if (!rows) this.#sections.set(section, (rows = []));
    rows.push([name, value]);
  }

  /** Quotes, escapes, and `$name`, `${name}`, `${section::name}`, `$ENV::NAME`. */
  #expand(text: string, section: string): string {
    return text
      .trimEnd()
      .replace(
        /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|\$(?:\{(?:(\w+)::)?([\w.]+)\}|\((?:(\w+)::)?([\w.]+)\)|(?:(\w+)::)?(\w+))/g,
        (_, single?: string, double?: string, escape?: string, ...names: (string | undefined)[]) => {
          if (single !== undefined) return single;
          if (double !== undefined) return double.replace(/\\(.)/g, "$1");
          if (escape !== undefined)
            return ({ n: "\n", t: "\t", r: "\r", b: "\b" } as Record<string, string>)[escape] ?? escape;
          const where = names[0] ?? names[2] ?? names[4];
          const name = names[1] ?? names[3] ?? names[5]!;
          if (where === "ENV") return this.#env[name] ?? "";
          return this.get(where ?? section, name) ?? "";
        },
      );
  }
}

/** Lines without comments; one that ends with a backslash goes on in the next. */
function* logicalLines(text: string): Generator<string> {
  let line = "";
  for (const piece of text.split("\n")) {
    const bare = withoutComment(piece.replace(/\r$/, ""));
    if (bare.endsWith("\\")) {
      line += bare.slice(0, -1);
      continue;
    }
    yield line + bare;
    line = "";
  }
  if (line !== "") yield line;
}

function withoutComment(line: string): string {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (char === "\\") at++;
    else if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === "#") return line.slice(0, at);
  }
  return line;
}
