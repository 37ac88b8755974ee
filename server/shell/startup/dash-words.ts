/**
 * dash's words for what goes wrong, from bash's. The interpreter is one; what it says is told in the words of the shell
 * that it plays. Recorded from dash 0.5.12 (fixtures/cases/dash.txt).
 */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^(\S*\/\S*): No such file or directory$/, "$1: not found"],
  [/^(\S+): cannot execute: required file not found$/, "$1: not found"],
  [/^(\S+): Is a directory$/, "$1: Permission denied"],
  [/^(\S+): command not found$/, "$1: not found"],
  [/^cd: (.*): (?:No such file or directory|Not a directory|Permission denied)$/, "cd: can't cd to $1"],
  [/^(?:(unset|local): )?(\S+): (?:cannot unset: )?readonly variable$/, "$2: is read only"],
  [/^(\S+): unbound variable$/, "$1: parameter not set"],
  [/^(\S+): parameter null or not set$/, "$1: parameter not set or null"],
  [/^\$\{.*\}: bad substitution$/s, "Bad substitution"],
  [/^(.*?) ?: division by 0 \(error token is ".*"\)$/s, 'arithmetic expression: division by zero: "$1"'],
  [
    /^(.*?) ?: syntax error: operand expected \(error token is ".*"\)$/s,
    'arithmetic expression: expecting primary: "$1"',
  ],
  [/^(.*?) ?: syntax error in expression \(error token is ".*"\)$/s, 'arithmetic expression: expecting EOF: "$1"'],
  [/^(\[|test): missing `]'$/, "[: missing ]"],
  [/^(\[|test): (.*): integer expression expected$/, "$1: Illegal number: $2"],
  [/^(\[|test): .*?: (?:unary|binary) operator expected$/, "$1: unexpected operator"],
  [/^printf: (.*): invalid number$/, "printf: $1: expected numeric value"],
  [/^(\w+): (.*): numeric argument required$/, "$1: Illegal number: $2"],
  [/^(\w+): -(.): invalid option$/, "$1: Illegal option -$2"],
  [/^set: (.*): invalid option name$/, "set: Illegal option -o $1"],
  [/^(\w+): `(\w+).*': not a valid identifier$/, "$1: $2: bad variable name"],
  [/^`.*': not a valid identifier$/, "Syntax error: Bad for loop variable"],
  [/^local: can only be used in a function$/, "local: not in a function"],
  [/^kill: (.*): arguments must be process or job IDs$/, "kill: Illegal number: $1"],
  [/^wait: `(.*)': not a pid or valid job spec$/, "wait: Illegal number: $1"],
  [/^(\w+): (%.*): no such job$/, "$1: No such job: $2"],
  [/^(\w+): (?:current: no such job|no job control)$/, "$1: No current job"],
  [/^umask: (.*): octal number out of range$/, "umask: Illegal number: $1"],
];

export function dashPhrase(text: string): string {
  for (const [pattern, words] of PHRASES) if (pattern.test(text)) return text.replace(pattern, words);
  return text;
}

/** A redirection that failed: the file, and why. */
export function dashRedirectPhrase(path: string, reason: string, reads: boolean): string {
  if (reads) return `cannot open ${path}: ${reason.replace(/ or directory$/, "")}`;
  return `cannot create ${path}: ${reason === "No such file or directory" ? "Directory nonexistent" : reason}`;
}

/** A text that cannot be read. */
export function dashSyntaxPhrase(complaint: string, expected: string | undefined): string | undefined {
  const token = /^syntax error near unexpected token `(.*)'$/s.exec(complaint)?.[1];
  if (token !== undefined) return `Syntax error: ${token === "newline" ? "newline" : `"${token}"`} unexpected`;
  if (complaint === "syntax error: unexpected end of file")
    return `Syntax error: end of file unexpected${expected === undefined ? "" : ` (expecting "${expected}")`}`;
  const close = /matching `(.)'$/.exec(complaint)?.[1];
  if (close === "'" || close === '"') return "Syntax error: Unterminated quoted string";
  if (close === "`") return "Syntax error: EOF in backquote substitution";
  if (close === "}") return "Syntax error: Missing '}'";
  if (close === ")") return 'Syntax error: end of file unexpected (expecting ")")';
  return complaint.startsWith("`") ? undefined : `Syntax error: ${complaint}`;
}
