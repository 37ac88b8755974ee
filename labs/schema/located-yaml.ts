import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document, type YAMLParseError } from "yaml";
import type { z } from "zod";
import { BadFile } from "./bad-file.ts";
import { knownFields } from "./known-fields.ts";
import { problemWords, unknownField } from "./problem-words.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

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
    const problems = this.#document.errors.map((error) => `${this.#at(this.#cause(error))}: ${error.message}`);
    if (problems.length > 0) throw new BadFile(problems);
    this.value = this.#document.toJS({ maxAliasCount: 100 });
  }

  /** `file:line:column` of a value, or of the nearest one around it that is there. */
  position(path: Path): string {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true);
      const key = keyOffset(this.#document.getIn(path.slice(0, length - 1), true), path[length - 1]!);
      const range = key ?? (isNode(node) ? node.range?.[0] : undefined);
      if (range !== undefined) return this.#at(range);
    }
    return this.#at(0);
  }

  /** A problem of the value at a path, at its place. */
  problem(path: Path, words: string): string {
    return `${this.position(path)}: ${path.length > 0 ? `${dotted(path)}: ` : ""}${words}`;
  }

  /** Checks `value` (by default the file's own) against a schema. Throws BadFile with every problem at its place. */
  check<T>(schema: z.ZodType<T>, value: unknown = this.value): T {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const find = (path: Path): unknown => valueAt(value, path);
    throw new BadFile(causes(result.error.issues).flatMap((issue) => this.#problems(schema, find, issue, [])));
  }

  #problems(schema: z.ZodType, find: (path: Path) => unknown, issue: Issue, outer: Path): string[] {
    const path = [...outer, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      const known = knownFields(schema, path);
      return issue.keys.map((key) => this.problem([...path, key], unknownField(key, known)));
    }
    if (issue.code === "invalid_union") {
      const best = likeliest(issue.errors);
      if (best) return causes(best).flatMap((inner) => this.#problems(schema, find, inner, path));
      const strange = unknownToAll(issue.errors);
      if (strange.length > 0) {
        const known = knownFields(schema, path);
        return strange.map((key) => this.problem([...path, key], unknownField(key, known)));
      }
    }
    return [this.problem(path, problemWords(issue, find(path)))];
  }

  /** Where a mistake begins: a quote that is never closed, not the end of the file. */
  #cause({ code, pos }: YAMLParseError): number {
    let start = pos[0];
    if (code !== "MISSING_CHAR") return start;
    visit(this.#document, {
      Scalar: (_, { type, range }) => {
        if (type?.startsWith("QUOTE") && range && range[1] >= pos[0]) start = range[0];
      },
    });
    return start;
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  }
}

/** Without what only follows from an unknown field: that none of the known ones is there. */
function causes(issues: readonly Issue[]): readonly Issue[] {
  const unknown = new Set(issues.flatMap(({ code, path }) => (code === "unrecognized_keys" ? [dotted(path)] : [])));
  return issues.filter(({ code, path }) => code !== "custom" || !unknown.has(dotted(path)));
}

/** Fields that no alternative of a union knows. */
function unknownToAll(alternatives: readonly (readonly Issue[])[]): readonly string[] {
  const objects = alternatives.flatMap((issues) => {
    const issue = issues.find(({ code, path }) => code === "unrecognized_keys" && path.length === 0);
    return issue?.code === "unrecognized_keys" ? [issue.keys] : [];
  });
  const [first = [], ...rest] = objects;
  return first.filter((key) => rest.every((keys) => keys.includes(key)));
}

/**
 * Of a union's alternatives the one that was meant: its problems lie deepest, or it has the fewest. Undefined if the value is
 * of no kind that any of them takes, or several fit equally badly.
 */
function likeliest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));
  const weight = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
  const possible = alternatives.filter(
    (issues) =>
      !issues.some(({ path, code }) => path.length === 0 && code !== "unrecognized_keys" && code !== "custom"),
  );
  const [best, second] = possible.toSorted(
    (a, b) => Number(missesOnly(a)) - Number(missesOnly(b)) || weight(a) - weight(b) || depth(b) - depth(a),
  );
  if (!best) return undefined;
  return second && weight(second) === weight(best) && depth(best) === depth(second) ? undefined : best;
}

/** Fields are unknown and others missing: another alternative was meant. */
function missesOnly(issues: readonly Issue[]): boolean {
  return issues.some(({ code }) => code === "unrecognized_keys") && issues.some(({ code }) => code === "invalid_type");
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

function keyOffset(parent: unknown, key: PropertyKey): number | undefined {
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** `tasks[0].checks[1].reach.to` */
export function dotted(path: Path): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at === 0 ? "" : "."}${String(part)}`))
    .join("");
}
