import { RE2JS, RE2JSSyntaxException } from "re2js";

/** A regular expression as Go's regexp takes it, matched in linear time. */
export class Pattern {
  readonly source: string;
  readonly #engine: RE2JS;

  /** Throws an Error in Go's words if it is none. */
  constructor(source: string) {
    this.source = source;
    try {
      this.#engine = RE2JS.compile(source);
    } catch (error) {
      if (error instanceof RE2JSSyntaxException) throw new Error(error.message, { cause: error });
      throw error;
    }
  }

  /** Throws if it is no regular expression. */
  static check(source: string): void {
    void new Pattern(source);
  }

  get groupCount(): number {
    return this.#engine.groupCount();
  }

  /** The first match and its groups, those without a part in it empty. */
  match(text: string): readonly string[] | undefined {
    const matcher = this.#engine.matcher(text);
    if (!matcher.find()) return undefined;
    return Array.from({ length: matcher.groupCount() + 1 }, (_, at) => matcher.group(at) ?? "");
  }

  /** Numbers of named groups. */
  get names(): Readonly<Record<string, number>> {
    return this.#engine.namedGroups();
  }
}

/** Puts groups in the place of `{1}`, `{2}`, …; the text itself where nothing matched. */
export function replaceMatch(pattern: Pattern, replacement: string, text: string): string {
  const groups = pattern.match(text);
  if (!groups) return text;
  return groups.reduce((out, group, number) => out.replaceAll(`{${number}}`, () => group), replacement);
}
