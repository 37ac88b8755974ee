/** Files that a suite starts with: text, or a directory, link or mode. Paths are relative to the suite's directory. */
export type FileSetup =
  | string
  | { readonly dir: true; readonly mode?: number }
  | { readonly link: string }
  | { readonly text: string; readonly mode?: number; readonly mtime?: string };

/** One case: command lines that run one after another in the same fresh directory. */
export interface Case {
  readonly run: string | readonly string[];
  /** For the first of them. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Why ours differs on purpose: the case is recorded and not compared. */
  readonly differs?: string;
}

/** Many small calls of real programs. Each is recorded with `record.ts` and replayed against ours. */
export interface Suite {
  readonly files: Readonly<Record<string, FileSetup>>;
  readonly cases: readonly (string | Case)[];
}

/** What a command line did. Bytes that are no UTF-8 are U+DC80 to U+DCFF, as in `decode`. */
export interface Step {
  readonly stdout: string;
  readonly stderr?: string;
  readonly code: number;
}

export interface Recorded extends Omit<Case, "run"> {
  readonly run: readonly string[];
  readonly steps: readonly Step[];
}

/** Where cases run, and the time of all files unless they say another. */
export const DIRECTORY = "/tmp/golden";
export const MTIME = "2026-11-01T00:00:00Z";

export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/bin:/bin",
  HOME: "/root",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
};

/** What is installed on the machine of the recordings. */
export const VERSIONS: Readonly<Record<string, string>> = {
  coreutils: "9.1",
  grep: "3.8",
  sed: "4.9",
  procps: "4.0.2",
  findutils: "4.9.0",
  jq: "1.7",
  mawk: "1.3.4 20250131",
  "util-linux": "2.38.1",
};

/** Without the time of day of files that a case made: recordings are of another time than replays. */
export function masked(output: string): string {
  return output.replace(/ Nov 21 \d\d:\d\d /g, " Nov 21 --:-- ");
}

export function toCase(entry: string | Case): Case & { readonly run: readonly string[] } {
  const one = typeof entry === "string" ? { run: entry } : entry;
  return { ...one, run: typeof one.run === "string" ? [one.run] : one.run };
}

/** Splits a command line into words as a shell does: '…', "…", $'…' with escapes, backslash. Nothing is expanded. */
export function words(line: string): string[] {
  const out: string[] = [];
  for (const [match] of line.matchAll(/(?:\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\])+/g)) {
    out.push(
      match.replace(
        /\$'((?:[^'\\]|\\[^])*)'|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])/g,
        (_, escaped?: string, single?: string, double?: string, one?: string) =>
          escaped === undefined ? (single ?? double?.replace(/\\([^])/g, "$1") ?? one ?? "") : unescape(escaped),
      ),
    );
  }
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", e: "\x1b", "0": "\0" };

function unescape(text: string): string {
  return text.replace(/\\(x[0-9a-f]{2}|[^])/gi, (_, escape: string) =>
    escape.length === 3 ? String.fromCharCode(parseInt(escape.slice(1), 16)) : (ESCAPES[escape] ?? escape),
  );
}
