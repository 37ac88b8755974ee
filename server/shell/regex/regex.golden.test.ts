import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decode, encode } from "../../sim/kernel/index.ts";
import { compile, eachMatch, isRegexError, type Regex, type RegexError, type RegexOptions } from "./index.ts";

interface Row {
  readonly run: readonly string[];
  readonly out: string;
  readonly err?: string;
  readonly code: number;
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as T;
const linesOf = (name: string): string[] => read<string>(name).replace(/\n$/, "").split("\n").map(decode);
const lines = linesOf("input");

/** What differs between the recorded programs and ours is shown all at once. */
function differences(rows: readonly Row[], ours: (row: Row) => string): string[] {
  const out: string[] = [];
  for (const row of rows) {
    const expected = `${row.code} ${row.err ?? ""}${row.out}`.split("\n");
    const got = ours(row).split("\n");
    const missing = expected.filter((line) => !got.includes(line));
    const extra = got.filter((line) => !expected.includes(line));
    if (got.join("\n") !== expected.join("\n"))
      out.push(JSON.stringify({ run: row.run.slice(1).join(" "), missing, extra }));
  }
  return out;
}

/** The matches of a line as grep -o finds them. */
function* grepMatches(regex: Regex, text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const match = regex.exec(text, from);
    if (!match) return;
    if (match.end > match.start) yield text.slice(match.start, match.end);
    from = match.end > match.start ? match.end : match.start + 1;
  }
}

function grep({ run }: Row, input = lines): string {
  const mode = run[2]!;
  const flags = run.slice(3, -2);
  const syntaxes = { "-G": "basic", "-E": "extended", "-P": "perl", "-F": "fixed" } as const;
  const options: RegexOptions = {
    syntax: syntaxes[mode as keyof typeof syntaxes],
    reader: "grep",
    ignoreCase: flags.includes("-i"),
    word: flags.includes("-w"),
    line: flags.includes("-x"),
  };
  const regex = compile(run.at(-1)!, options);
  if (isRegexError(regex)) return `2 grep: ${regex.error}\n`;
  let out = "";
  let selected = false;
  for (const [index, line] of input.entries()) {
    if (!regex.test(line)) continue;
    selected = true;
    if (run[1] === "-an") out += `${index + 1}:${line}\n`;
    else for (const found of grepMatches(regex, line)) out += `${index + 1}:${found}\n`;
  }
  const warnings = regex.warnings
    .filter((warning) => !warning.stray)
    .map((warning) => `grep: warning: ${warning.text}\n`);
  return `${selected ? 0 : 1} ${warnings.join("")}${encode(out)}`;
}

test("grep selects the lines and finds the matches that GNU grep does, with its errors", () => {
  expect(differences(read<Row[]>("grep"), grep)).toEqual([]);
});

test("a byte that is not UTF-8 is no character for `.` and sets", () => {
  const input = linesOf("broken-input");
  expect(differences(read<Row[]>("broken"), (row) => grep(row, input))).toEqual([]);
});

function sed({ run }: Row, input: readonly string[]): string {
  const script = run.at(-1)!;
  const extended = run.includes("-E");
  const joined = script.startsWith("N;");
  const delimiter = script.includes("\x01") ? "\x01" : "/";
  const [, pattern, replacement, flags] = script.replace(/^N;/, "").split(delimiter) as [
    string,
    string,
    string,
    string,
  ];
  const regex = compile(pattern.replace(/\\n/g, "\n"), {
    syntax: extended ? "extended" : "basic",
    reader: "sed",
    ignoreCase: flags.includes("I"),
    everyLine: flags.includes("M"),
  });
  if (isRegexError(regex)) return sedError(regex, script);
  const spaces = joined ? input.flatMap((_, at) => (at % 2 === 0 ? [input.slice(at, at + 2).join("\n")] : [])) : input;
  return `0 ${encode(spaces.map((text) => `${substitute(regex, text, replacement, flags)}\n`).join(""))}`;
}

function sedError({ error, from }: RegexError, script: string): string {
  return from === "dfa" ? `4 sed: ${error}\n` : `1 sed: -e expression #1, char ${encode(script).length}: ${error}\n`;
}

function substitute(regex: Regex, text: string, replacement: string, flags: string): string {
  const nth = Number(/\d+/.exec(flags)?.[0] ?? 1);
  let out = "";
  let copied = 0;
  let count = 0;
  for (const match of eachMatch(regex, text)) {
    if (++count < nth) continue;
    const group = (n: number): string => {
      const span = match.groups[n];
      return span ? text.slice(span.start, span.end) : "";
    };
    out +=
      text.slice(copied, match.start) +
      replacement.replace(/&|\\(\d)/g, (_, n: string | undefined) => group(Number(n ?? 0)));
    copied = match.end;
    if (!flags.includes("g")) break;
  }
  return out + text.slice(copied);
}

test("s/// replaces what GNU sed does, with its groups and errors", () => {
  const input = linesOf("ascii-input");
  expect(differences(read<Row[]>("sed"), (row) => sed(row, input))).toEqual([]);
  const unicode = linesOf("unicode-input");
  expect(differences(read<Row[]>("unicode"), (row) => sed(row, unicode))).toEqual([]);
});

function expr({ run }: Row): string {
  const [, text, , pattern] = run as [string, string, string, string];
  const regex = compile(pattern, { syntax: "basic", reader: "expr" });
  if (isRegexError(regex)) return `2 expr: ${regex.error}\n`;
  const match = regex.exec(text, 0, { anchored: true });
  const grouped = regex.groups > 0;
  const span = match?.groups[1];
  const value = grouped ? (span ? text.slice(span.start, span.end) : "") : String(match ? match.end : 0);
  return `${value === "" || value === "0" ? 1 : 0} ${encode(value)}\n`;
}

test("expr STRING : PATTERN matches at the start of the string", () => {
  expect(differences(read<Row[]>("expr"), expr)).toEqual([]);
});

function bash({ run }: Row): string {
  const regex = compile(run.at(-1)!, { syntax: "extended" });
  if (isRegexError(regex)) return "2 ";
  let out = "";
  for (const line of lines) {
    const match = regex.exec(line);
    if (match) out += `${match.groups.map((span) => `<${span ? line.slice(span.start, span.end) : ""}`).join("")}\n`;
  }
  return `0 ${encode(out)}`;
}

test("[[ =~ ]] fills BASH_REMATCH as bash does", () => {
  expect(differences(read<Row[]>("bash"), bash)).toEqual([]);
});
