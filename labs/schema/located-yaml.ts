import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { BadFile } from "./bad-file.ts";
import { knownFields } from "./known-fields.ts";
import { problemWords, unknownField } from "./problem-words.ts";
import { MANY_ALIASES, yamlMistake } from "./yaml-mistake.ts";

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
    const mistake = yamlMistake(this.#document, text);
    if (mistake) throw new BadFile([`${this.#at(mistake.offset)}: ${mistake.words}`]);
    const value = this.#plain();
    this.value = value;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new BadFile([
        `${this.#at(0)}: ${value === null ? "nothing stands in this file" : "no fields stand in this file"}: it begins with version: 1; labs/README.md shows the others`,
      ]);
  }

  /** Fields of the file itself that `schema` does not know, and those that it needs: other problems may only follow from them. */
  fieldProblems(schema: z.ZodType): string[] {
    const known = knownFields(schema, []);
    const value = this.value as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(value).filter((key) => !known.includes(key));
    if (unknown.length > 0) return unknown.map((key) => this.problem([key], unknownField(key, known)));
    const missing = (schema.safeParse(value).error?.issues ?? []).flatMap(({ code, path: [field, ...below] }) =>
      code !== "custom" && field !== undefined && below.length === 0 && value[String(field)] === undefined
        ? [[field]]
        : [],
    );
    return missing.length > 1 ? [this.#allMissing(missing)] : [];
  }

  #plain(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 }) as unknown;
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      throw new BadFile([`${this.#at(0)}: ${MANY_ALIASES}`]);
    }
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
    const issues = causes(result.error.issues, find);
    const missing = issues.filter(({ code, path }) => code !== "custom" && path.length > 0 && find(path) === undefined);
    const byParent = Map.groupBy(missing, ({ path }) => dotted(path.slice(0, -1)));
    const told = [...byParent.values()].filter((each) => each.length > 1);
    const rest = issues.filter((issue) => !told.some((each) => each.includes(issue)));
    throw new BadFile([
      ...told.map((each) => this.#allMissing(each.map(({ path }) => path))),
      ...rest.flatMap((issue) => this.#problems(schema, find, issue, [])),
    ]);
  }

  #allMissing(paths: readonly Path[]): string {
    const fields = paths.map((path) => String(path.at(-1)));
    return this.problem(
      paths[0]!.slice(0, -1),
      `${fields.slice(0, -1).join(", ")} and ${fields.at(-1)!} are missing: write them`,
    );
  }

  #problems(schema: z.ZodType, find: (path: Path) => unknown, issue: Issue, outer: Path): string[] {
    const path = [...outer, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      const known = knownFields(schema, path);
      return issue.keys.map((key) => this.problem([...path, key], unknownField(key, known)));
    }
    if (issue.code === "invalid_union") {
      const best = likeliest(issue.errors);
      if (best)
        return causes(best, (inner) => find([...path, ...inner])).flatMap((inner) =>
          this.#problems(schema, find, inner, path),
        );
      const strange = unknownToAll(issue.errors);
      if (strange.length > 0) {
        const known = knownFields(schema, path);
        return strange.map((key) => this.problem([...path, key], unknownField(key, known)));
      }
    }
    return [this.problem(path, problemWords(issue, find(path)))];
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  }
}

/** Without what only follows from an unknown field: that others beside it are missing, or that none of the known ones is there. */
function causes(issues: readonly Issue[], find: (path: Path) => unknown): readonly Issue[] {
  const unknown = new Set(issues.flatMap(({ code, path }) => (code === "unrecognized_keys" ? [dotted(path)] : [])));
  const items = new Set<string>();
  return issues.filter(({ code, path, message }, at) => {
    // A number that is too large for any whole number is too large for this one.
    if (
      code === "too_big" &&
      issues.slice(at + 1).some((more) => more.code === code && dotted(more.path) === dotted(path))
    )
      return false;
    if (typeof path.at(-1) === "number") {
      // What is wrong with one item is mostly wrong with all of them.
      const same = `${dotted(path.slice(0, -1))} ${code} ${message}`;
      if (items.has(same)) return false;
      items.add(same);
    }
    if (code === "custom") return !unknown.has(dotted(path));
    return code === "unrecognized_keys" || !unknown.has(dotted(path.slice(0, -1))) || find(path) !== undefined;
  });
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
  const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** `tasks[0].checks[1].reach.to` */
export function dotted(path: Path): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at === 0 ? "" : "."}${String(part)}`))
    .join("");
}
