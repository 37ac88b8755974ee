import type { Shell } from "../interpreter/shell.ts";

/** What a name means to the shell when it stands where a command does, in the order in which it is looked up. */
export type Meaning =
  | { readonly type: "alias"; readonly value: string }
  | { readonly type: "keyword" }
  | { readonly type: "function" }
  | { readonly type: "builtin" }
  | { readonly type: "file"; readonly path: string; readonly hashed: boolean };

export const KEYWORDS = new Set([
  "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in",
  "function", "time", "{", "}", "!", "[[", "]]", "coproc",
]); // prettier-ignore

/** Everything that a name means; `all` also what is hidden by something else, and every file in PATH. */
export function meanings(shell: Shell, name: string, all = false): Meaning[] {
  const found: Meaning[] = [];
  const alias = shell.aliases.get(name);
  if (alias !== undefined && shell.options.shopt("expand_aliases")) found.push({ type: "alias", value: alias });
  if (KEYWORDS.has(name)) found.push({ type: "keyword" });
  if (shell.functions.has(name)) found.push({ type: "function" });
  if (shell.builtins.find(name)) found.push({ type: "builtin" });
  if (!all && found.length > 0) return found.slice(0, 1);
  return [...found, ...files(shell, name, all)];
}

function files(shell: Shell, name: string, all: boolean): Meaning[] {
  const { files: tree } = shell.host;
  if (name.includes("/")) {
    const runs = tree.access(name, 1, shell.process) && tree.stat(name, shell.process).type === "file";
    return runs ? [{ type: "file", path: name, hashed: false }] : [];
  }
  const hashed = shell.hash.hashed(shell, name);
  if (hashed !== undefined && !all) return [{ type: "file", path: hashed, hashed: true }];
  const found: Meaning[] = [];
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    const path = `${directory === "" ? "." : directory.replace(/\/+$/, "")}/${name}`;
    if (!tree.access(path, 1, shell.process) || tree.stat(path, shell.process).type !== "file") continue;
    found.push({ type: "file", path, hashed: false });
    if (!all) break;
  }
  return found;
}
