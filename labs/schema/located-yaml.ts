import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";

/** What is wrong with a file, where, and what to do: `labs/x/lab.yaml:12:5: tasks[0].points: expected number, received string`. */
export class BadFile extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** A YAML file whose values remember where they stand. */
export class LocatedYaml {
  readonly file: string;
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines: LineCounter;

  /** Throws BadFile if the text is not YAML. */
  constructor(file: string, text: string) {
    this.file = file;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true });
    const problems = this.#document.errors.map((error) => `${this.#at(error.pos[0])}: ${error.message}`);
    if (problems.length > 0) throw new BadFile(problems);
    this.value = this.#document.toJS({ maxAliasCount: 100 });
  }

  /** `file:line:column` of a value, or of the nearest one around it that is there. */
  position(path: readonly PropertyKey[]): string {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true);
      const key = keyNode(this.#document.getIn(path.slice(0, length - 1), true), path[length - 1]!);
      const range = key ?? (isNode(node) ? node.range?.[0] : undefined);
      if (range !== undefined) return this.#at(range);
    }
    return this.#at(0);
  }

  /** Checks `value` (by default the file's own) against a schema. Throws BadFile with every problem at its place. */
  check<T>(schema: z.ZodType<T>, value: unknown = this.value): T {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new BadFile(result.error.issues.flatMap((issue) => this.#problems(issue, [])));
  }

  #problems(issue: z.core.$ZodIssue, outer: readonly PropertyKey[]): string[] {
    const path = [...outer, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `${this.position([...path, key])}: ${dotted([...path, key])}: unknown field`);
    }
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      // The alternative that came furthest is the one that was meant.
      const depth = (issues: readonly z.core.$ZodIssue[]): number =>
        Math.max(...issues.map((inner) => inner.path.length));
      const best = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0]!;
      if (depth(best) > 0) return best.flatMap((inner) => this.#problems(inner, path));
    }
    return [`${this.position(path)}: ${path.length > 0 ? `${dotted(path)}: ` : ""}${issue.message}`];
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  }
}

function keyNode(parent: unknown, key: PropertyKey): number | undefined {
  if (isSeq(parent)) return undefined;
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** `tasks[0].checks[1].reach.to` */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at === 0 ? "" : "."}${String(part)}`))
    .join("");
}
