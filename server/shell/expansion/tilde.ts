import type { Shell } from "../interpreter/shell.ts";

/** What `~name` stands for: a home directory, `$PWD` (`~+`), `$OLDPWD` (`~-`), or a directory of the stack (`~2`). */
export function expandTilde(shell: Shell, name: string): string {
  if (name === "") return shell.variables.get("HOME") ?? shell.host.users.byUid(shell.process.uid)?.home ?? "~";
  if (name === "+") return shell.variables.get("PWD") ?? "~+";
  if (name === "-") return shell.variables.get("OLDPWD") ?? "~-";
  const place = /^([+-]?)(\d+)$/.exec(name);
  if (place) {
    const stack = shell.directories.list();
    const index = Number(place[2]);
    return stack.at(place[1] === "-" ? -1 - index : index) ?? `~${name}`;
  }
  return shell.host.users.byName(name)?.home ?? `~${name}`;
}
