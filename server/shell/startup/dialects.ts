import { ashComplaint, ashPrefix, ashRedirectPhrase, ashSyntaxPhrase, ashSyntaxPrefix } from "./ash-words.ts";
import { dashPhrase, dashRedirectPhrase, dashSyntaxPhrase } from "./dash-words.ts";
import { printFunction } from "../syntax/index.ts";
import type { Dialect } from "../interpreter/dialect.ts";
import type { Extension } from "../interpreter/refusals.ts";

/** As exported functions travel: `() {  echo hi; }` over several lines. */
function exportFunction(name: string, body: Parameters<typeof printFunction>[1]): string {
  return printFunction(name, body)
    .slice(name.length + 1)
    .replace("() \n{ \n", "() {  ");
}

export const bashDialect: Dialect = {
  name: "bash",
  prefix: (shell) =>
    shell.start.interactive || shell.line === 0
      ? `${shell.messageName}: `
      : `${shell.messageName}: line ${shell.line}: `,
  syntaxPrefix(shell, line, origin) {
    if (shell.interactive) return `${shell.messageName}: `;
    return `${shell.messageName}: ${origin === undefined ? "" : `${origin}: `}line ${line}: `;
  },
  notFound: (command) => `${command}: command not found`,
  phrase: (text) => text,
  complaint(shell, text) {
    return `${this.prefix(shell)}${this.phrase(text)}`;
  },
  redirectPhrase: (path, reason) => `${path}: ${reason}`,
  syntaxPhrase: (complaint) => complaint,
  strict: false,
  mildBuiltins: new Set(),
  errorStatus: 1,
  builtins: undefined,
  lacks: new Set(),
  prompt: "\\s-\\v\\$ ",
  declaration: (text) => text,
  alias: (name, value) => `alias ${name}=${value}\n`,
  signalName: (name) => name,
  exportFunction,
};

const DASH_BUILTINS = [
  ".", ":", "[", "alias", "bg", "break", "cd", "chdir", "command", "continue", "echo", "eval", "exec", "exit", "export",
  "false", "fg", "getopts", "hash", "jobs", "kill", "local", "printf", "pwd", "read", "readonly", "return", "set",
  "shift", "test", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset", "wait",
]; // prettier-ignore

/** Debian's and Ubuntu's /bin/sh. */
export const dashDialect: Dialect = {
  ...bashDialect,
  name: "dash",
  prefix: (shell) => `${shell.name}: ${shell.line}: `,
  syntaxPrefix: (shell, line) => `${shell.name}: ${line}: `,
  notFound: (command) => `${command}: not found`,
  phrase: dashPhrase,
  redirectPhrase: dashRedirectPhrase,
  syntaxPhrase: dashSyntaxPhrase,
  strict: true,
  mildBuiltins: new Set(["printf", "alias", "unalias", "trap"]),
  errorStatus: 2,
  builtins: new Set(DASH_BUILTINS),
  lacks: new Set<Extension>([
    "arithmetic-command", "arrays", "case-edits", "conditional", "edits", "here-strings", "process-substitution",
  ]), // prettier-ignore
  prompt: "\\$ ",
  declaration: (text, letter) => `${letter === "x" ? "export" : "readonly"} ${text.replace(/^declare -\S+ /, "").replace(/="(.*)"$/s, (_, value: string) => `='${value.replace(/\\(["$`\\])/g, "$1").replaceAll("'", `'"'"'`)}'`)}`, // prettier-ignore
  alias: (name, value) => `${name}=${value}\n`,
  signalName: (name) => name.replace(/^SIG/, ""),
};

const ASH_BUILTINS = [
  ".", ":", "[", "[[", "alias", "bg", "break", "cd", "chdir", "command", "continue", "echo", "eval", "exec", "exit",
  "export", "false", "fg", "getopts", "hash", "help", "history", "jobs", "kill", "let", "local", "printf", "pwd", "read",
  "readonly", "return", "set", "shift", "source", "test", "times", "trap", "true", "type", "ulimit", "umask",
  "unalias", "unset", "wait",
]; // prettier-ignore

/** busybox's sh. */
export const ashDialect: Dialect = {
  ...dashDialect,
  name: "ash",
  prefix: ashPrefix,
  syntaxPrefix: ashSyntaxPrefix,
  complaint: ashComplaint,
  redirectPhrase: ashRedirectPhrase,
  syntaxPhrase: ashSyntaxPhrase,
  mildBuiltins: new Set(["alias", "hash", "kill", "printf", "set", "shift", "trap", "type", "ulimit", "unalias"]),
  errorStatus: 1,
  builtins: new Set(ASH_BUILTINS),
  lacks: new Set<Extension>(["arrays", "case-edits", "here-strings"]),
  prompt: "\\w \\$ ",
};
