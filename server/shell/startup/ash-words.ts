import type { Shell } from "../interpreter/shell.ts";
import { dashPhrase } from "./dash-words.ts";

/**
 * Who speaks: the shell (`sh: `, in a script with the line), the builtin that runs (`sh: cd: line 0: `), a program that
 * is built into the shell as it is (`sh: `), or nobody.
 */
type Speaker = "shell" | "builtin" | "applet" | "nobody";

/** busybox's words for what goes wrong, from bash's. Recorded from busybox 1.35 (startup/ash.test.ts has the commands). */
const PHRASES: readonly (readonly [from: RegExp, to: string, speaker?: Speaker])[] = [
  [/^cd: (.*): (No such file or directory|Not a directory|Permission denied)$/, "can't cd to $1: $2", "builtin"],
  [/^(?:source|\.): cannot open (.*\/.*): No such file$/, "can't open '$1': No such file or directory", "builtin"],
  [/^(?:source|\.): cannot open (.*): No such file$/, "$1: not found", "builtin"],
  [/^(?:.*: )?division by 0 \(error token is ".*"\)$/s, "divide by zero"],
  [/^.*: exponent less than 0 \(error token is ".*"\)$/s, "exponent less than 0"],
  [/^(?:let: )?.*\(error token is ".*"\)$/s, "arithmetic syntax error"],
  [/^\$\{.*\}: bad substitution$/s, "syntax error: bad substitution", "shell"],
  [/^(?:\[|test): missing `]'$/, "missing ]", "applet"],
  [/^(?:\[|test): (.*): integer expression expected$/, "$1: bad number", "applet"],
  [/^(?:\[|test): ((?:.*: )?(?:unknown operand|argument expected))$/, "$1", "applet"],
  [/^printf: (.*): invalid number$/, "invalid number '$1'", "applet"],
  [/^printf: usage: .*$/, "usage: printf FORMAT [ARGUMENT...]", "applet"],
  [/^ulimit: (.*): invalid number$/, "invalid number '$1'", "applet"],
  [/^ulimit: -(.): invalid option$/, "ulimit: invalid option -- '$1'", "nobody"],
  [/^kill: usage: .*$/s, "you need to specify whom to kill", "applet"],
  [/^kill: (.*): arguments must be process or job IDs$/, "invalid number '$1'", "applet"],
  [/^kill: \((-?\d+)\) - (.*)$/, "can't kill pid $1: $2", "applet"],
  [/^kill: (.*): invalid signal specification$/, "bad signal name '$1'", "applet"],
  [/^((?:un)?alias): (.*): not found$/, "$1: $2 not found", "nobody"],
  [/^umask: (.*): octal number out of range$/, "illegal mode: $1", "builtin"],
  [/^set: (.*): invalid option name$/, "illegal option -o $1", "builtin"],
  [/^\S+: -(.): invalid option$/, "illegal option -$1", "builtin"],
  [/^\S+: -(.): option requires an argument$/, "no arg for -$1 option", "builtin"],
  [/^getopts: usage: .*$/, "usage: getopts optstring var [arg]", "builtin"],
  [/^`.*': not a valid identifier$/, "syntax error: bad for loop variable", "shell"],
  [/^(?:fg|bg): (?:current: no such job|no job control)$/, "No current job", "builtin"],
  [/^\S+: (%.*: no such job)$/, "$1", "builtin"],
];

/** The line that busybox's shell prints for a complaint in bash's words. */
export function ashComplaint(shell: Shell, text: string): string {
  for (const [pattern, words, speaker] of PHRASES) {
    if (!pattern.test(text)) continue;
    return spoken(shell, text.replace(pattern, words), speaker ?? (shell.builtin === undefined ? "shell" : "builtin"));
  }
  const phrase = dashPhrase(text);
  const { builtin } = shell;
  if (builtin !== undefined && phrase.startsWith(`${builtin}: `))
    return spoken(shell, phrase.slice(builtin.length + 2), "builtin");
  return spoken(shell, phrase, builtin === "eval" ? "builtin" : "shell");
}

/** As shell/ash.c ash_vmsg: a builtin's complaint has the line, unless somebody types it. */
function spoken(shell: Shell, words: string, speaker: Speaker): string {
  if (speaker === "nobody") return words;
  if (speaker === "applet") return `${appletName(shell)}: ${words}`;
  if (speaker === "shell" || shell.builtin === undefined) return `${ashPrefix(shell)}${words}`;
  const line = shell.start.interactive ? "" : `line ${lineNumber(shell, shell.line)}: `;
  return `${shell.name}: ${shell.builtin}: ${line}${words}`;
}

export function ashPrefix(shell: Shell): string {
  return isScript(shell) ? `${shell.name}: line ${shell.line}: ` : `${shell.name}: `;
}

export function ashSyntaxPrefix(shell: Shell, line: number, origin: string | undefined): string {
  if (origin === "eval") return `${shell.name}: eval: line ${lineNumber(shell, shell.line)}: `;
  return isScript(shell) ? `${shell.name}: line ${line}: ` : `${shell.name}: `;
}

function isScript({ start }: Shell): boolean {
  return !start.interactive && !/[cs]/.test(start.letters);
}

/** The lines of `sh -c` are counted from 0. */
function lineNumber({ start }: Shell, line: number): number {
  return start.letters.includes("c") ? Math.max(0, line - 1) : line;
}

/** What busybox calls itself in the words of `test`, `printf` and `kill`: the applet that runs. */
function appletName({ process }: Shell): string {
  return (process.argv[0] ?? "sh").replace(/^-/, "").replace(/.*\//, "");
}

/** A redirection that failed: the file, and why. */
export function ashRedirectPhrase(path: string, reason: string, reads: boolean): string {
  if (reads) return `can't open ${path}: ${reason === "No such file or directory" ? "no such file" : reason}`;
  return `can't create ${path}: ${reason === "No such file or directory" ? "nonexistent directory" : reason}`;
}

/** A text that cannot be read; `expected` would have ended the command that is open. */
export function ashSyntaxPhrase(complaint: string, expected: string | undefined): string | undefined {
  const token = /^syntax error near unexpected token `(.*)'$/s.exec(complaint)?.[1];
  if (token !== undefined) return `syntax error: unexpected ${tokenName(token)}`;
  if (complaint === "syntax error: unexpected end of file")
    return `syntax error: unexpected end of file${expected === undefined ? "" : ` (expecting "${expected}")`}`;
  const close = /matching `(.)'$/.exec(complaint)?.[1];
  if (close === "'" || close === '"') return "syntax error: unterminated quoted string";
  if (close === "`") return "syntax error: EOF in backquote substitution";
  if (close === "}") return "syntax error: missing '}'";
  if (close === ")") return 'syntax error: unexpected end of file (expecting ")")';
  return complaint.startsWith("`") ? undefined : `syntax error: ${complaint}`;
}

const RESERVED = /^(?:!|case|do|done|elif|else|esac|fi|for|function|if|in|then|until|while|\[\[|\]\]|\{|\})$/;

function tokenName(token: string): string {
  if (token === "newline") return "newline";
  if (/[<>]/.test(token)) return "redirection";
  return RESERVED.test(token) || /^[;&|()]+$/.test(token) ? `"${token}"` : "word";
}
