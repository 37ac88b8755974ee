/** Reads the lists of kubectl lines in cases/, which are in the format of shared/tools/parity.mjs. */

export interface Case {
  /** What bash runs. */
  readonly line: string;
  readonly stdin: string | undefined;
  /** Lines that run before, in the same world. */
  readonly setup: readonly string[];
  /** Lines of the output are compared sorted. */
  readonly unordered: boolean;
  /** Only the exit code is compared. */
  readonly codeOnly: boolean;
  /** Why a difference is expected. */
  readonly differs: string | undefined;
}

export interface CaseFile {
  readonly cases: readonly Case[];
  /** Of the whole file, wherever they stand in it. */
  readonly replacements: readonly Replacement[];
}

export interface Replacement {
  readonly pattern: RegExp;
  readonly by: string;
}

/**
 * One line each; `#` comments. Indented lines below one are its standard input. `@setup LINE` runs before every case that
 * follows (a bare `@setup` clears), `@norm /PATTERN/FLAGS => TEXT` holds for the file, `@unordered`, `@rc` and `@xfail WHY` for
 * the next case.
 */
export function readCases(text: string): CaseFile {
  const cases: Case[] = [];
  const replacements: Replacement[] = [];
  let setup: readonly string[] = [];
  let next: Partial<Case> = {};
  for (const raw of text.split("\n")) {
    const last = cases.at(-1);
    if (/^\s+\S/.test(raw) && last) {
      cases[cases.length - 1] = { ...last, stdin: `${last.stdin ?? ""}${raw.replace(/^ {1,2}/, "")}\n` };
      continue;
    }
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [, directive, rest = ""] = /^@(\w+)\b ?(.*)$/.exec(line) ?? [];
    if (directive === undefined) {
      cases.push({ line, stdin: undefined, setup, unordered: false, codeOnly: false, differs: undefined, ...next });
      next = {};
    } else if (directive === "setup") setup = rest === "" ? [] : [...setup, rest];
    else if (directive === "norm") replacements.push(replacement(rest));
    else if (directive === "unordered") next = { ...next, unordered: true };
    else if (directive === "rc") next = { ...next, codeOnly: true };
    else if (directive === "xfail") next = { ...next, differs: rest };
    else throw new Error(`no directive @${directive}`);
  }
  return { cases, replacements };
}

function replacement(text: string): Replacement {
  const [, pattern, flags, by] = /^\/(.*)\/(\w*) => (.*)$/.exec(text) ?? [];
  if (pattern === undefined || by === undefined) throw new Error(`@norm takes /PATTERN/FLAGS => TEXT, not ${text}`);
  return { pattern: new RegExp(pattern, flags === "" ? "g" : flags), by };
}

const READS =
  /^(timeout \d+ )?(k|kubectl) (get|describe|logs|events|top|explain|api-resources|api-versions|cluster-info|version|auth (can-i|whoami))\b[^;&]*$/;

/** Whether a line leaves the world as it is, so that another one may follow in it. */
export function readsOnly(line: string): boolean {
  return READS.test(line);
}
