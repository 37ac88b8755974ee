import { readPairs } from "./words.ts";

/** One instruction of a Dockerfile, as it stands there. */
export interface Instruction {
  /** Of its first line, from 1. */
  readonly line: number;
  /** `RUN` */
  readonly keyword: string;
  /** With its continued lines in one, as the builder shows it. */
  readonly original: string;
  /** `--from=build`: what stands before the arguments. */
  readonly flags: ReadonlyMap<string, string>;
  /** Everything behind keyword and flags. */
  readonly rest: string;
  /** The arguments, if they are a list of strings in JSON: the exec form. */
  readonly list?: readonly string[];
}

export interface Dockerfile {
  readonly instructions: readonly Instruction[];
  /** Instructions with empty lines in them, which the builder warns of. */
  readonly broken: readonly string[];
}

const KEYWORDS = ["ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"]; // prettier-ignore
/** Those whose arguments may be a list. */
const LISTS = ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"];
const AT_LEAST_ONE = ["ARG", "ENV", "EXPOSE", "LABEL", "VOLUME"];
/** Names with values. */
const PAIRS = ["ENV", "LABEL"];
const EXACTLY_ONE = ["MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"];

/** Reads a Dockerfile (moby/buildkit frontend/dockerfile/parser); the error is the daemon's. */
export function parseDockerfile(text: string, name: string): Dockerfile | { readonly error: string } {
  const { lines, broken } = joinLines(text);
  if (lines.length === 0) return { error: `the Dockerfile (${name}) cannot be empty` };
  const instructions: Instruction[] = [];
  for (const { line, original } of lines) {
    const instruction = parseInstruction(line, original);
    if ("error" in instruction) return { error: `dockerfile parse error line ${line}: ${instruction.error}` };
    const problem = countProblem(instruction);
    if (problem !== undefined) return { error: `dockerfile parse error line ${line}: ${problem}` };
    const pairs = PAIRS.includes(instruction.keyword) ? readPairs(instruction.keyword, instruction.rest, {}) : [];
    if ("error" in pairs)
      return {
        error: pairs.error.endsWith("blank")
          ? `dockerfile parse error line ${line}: ${pairs.error}`
          : `failed to parse ${name}: ${pairs.error}`,
      };
    instructions.push(instruction);
  }
  return { instructions, broken };
}

interface Line {
  readonly line: number;
  readonly original: string;
}

/** Lines that end in a backslash go on in the next one; comments and empty lines between them are left out. */
function joinLines(text: string): { readonly lines: readonly Line[]; readonly broken: readonly string[] } {
  const lines: Line[] = [];
  const broken: string[] = [];
  let begun: { line: number; text: string; empty: boolean } | undefined;
  const finish = (): void => {
    if (!begun) return;
    const original = begun.text.trim();
    lines.push({ line: begun.line, original });
    if (begun.empty) broken.push(original);
    begun = undefined;
  };
  text.split("\n").forEach((raw, at) => {
    const plain = raw.replace(/\r$/, "");
    if (/^\s*#/.test(plain)) return;
    if (plain.trim() === "") {
      if (begun) begun.empty = true;
      return;
    }
    const goesOn = /\\[ \t]*$/.test(plain);
    const kept = goesOn ? plain.replace(/\\[ \t]*$/, "") : plain;
    if (begun) begun.text += kept;
    else begun = { line: at + 1, text: kept.trimStart(), empty: false };
    if (!goesOn) finish();
  });
  finish();
  return { lines, broken };
}

function parseInstruction(line: number, original: string): Instruction | { readonly error: string } {
  const [, word = "", behind = ""] = /^(\S+)\s*(.*)$/s.exec(original)!;
  const keyword = word.toUpperCase();
  if (!KEYWORDS.includes(keyword)) return { error: `unknown instruction: ${keyword}` };
  const flags = new Map<string, string>();
  let rest = behind;
  for (;;) {
    const found = /^--([a-z-]+)(?:=(\S*))?(?:\s+|$)/.exec(rest);
    if (!found) break;
    flags.set(found[1]!, found[2] ?? "");
    rest = rest.slice(found[0].length);
  }
  const list = LISTS.includes(keyword) ? readList(rest) : undefined;
  return { line, keyword, original, flags, rest, ...(list ? { list } : {}) };
}

/** What is no list of strings is a text for the shell. */
function readList(text: string): readonly string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

function countProblem({ keyword, rest, list }: Instruction): string | undefined {
  const words = list ?? rest.split(/\s+/).filter((word) => word !== "");
  if (AT_LEAST_ONE.includes(keyword) && words.length === 0) return `${keyword} requires at least one argument`;
  if (EXACTLY_ONE.includes(keyword) && words.length === 0) return `${keyword} requires exactly one argument`;
  if (keyword === "FROM" && words.length !== 1 && !(words.length === 3 && words[1]!.toLowerCase() === "as"))
    return "FROM requires either one or three arguments";
  if (keyword !== "COPY" && keyword !== "ADD") return undefined;
  if (words.length === 0) return `${keyword} requires at least one argument`;
  return words.length === 1
    ? `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`
    : undefined;
}
