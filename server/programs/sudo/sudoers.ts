import type { Host, User } from "../../sim/host/index.ts";

/** What sudoers says of a user: nothing, with a password, or without. */
export type SudoRule = "none" | "password" | "no password";

/** Reads /etc/sudoers and the files that it includes; the last rule that fits counts (sudoers(5)). */
export function sudoRule(host: Host, user: User): SudoRule {
  const groups = host.users.groups().filter((group) => group.gid === user.gid || group.members.includes(user.name));
  const who = new Set([
    user.name,
    "ALL",
    `#${user.uid}`,
    ...groups.flatMap(({ name, gid }) => [`%${name}`, `%#${gid}`]),
  ]);
  let rule: SudoRule = "none";
  for (const line of linesOf(host, "/etc/sudoers")) {
    const [, subject, spec] = /^(\S+)\s+\S+?\s*=\s*(.*)$/.exec(line) ?? [];
    if (subject === undefined || !who.has(subject)) continue;
    rule = /\bNOPASSWD\s*:/.test(spec!) ? "no password" : "password";
  }
  return user.uid === 0 && rule !== "none" ? "no password" : rule;
}

function linesOf(host: Host, path: string): string[] {
  const text = (host.readText(path) ?? "").replaceAll("\\\n", " ");
  return text.split("\n").flatMap((raw) => {
    const line = raw.trim();
    const [, directory] = /^[@#]includedir\s+(\S+)/.exec(line) ?? [];
    if (directory !== undefined) {
      if (!host.files.exists(directory)) return [];
      const names = host.files.list(directory).filter((name) => !name.includes(".") && !name.endsWith("~"));
      return names.toSorted().flatMap((name) => linesOf(host, `${directory}/${name}`));
    }
    const [, file] = /^[@#]include\s+(\S+)/.exec(line) ?? [];
    if (file !== undefined) return linesOf(host, file);
    return line === "" || line.startsWith("#") || line.startsWith("Defaults") ? [] : [line];
  });
}

/** PATH for commands, if `Defaults secure_path` gives one. */
export function securePath(host: Host): string | undefined {
  return /^\s*Defaults\s+secure_path\s*=\s*"?([^"\n]+)"?/m.exec(host.readText("/etc/sudoers") ?? "")?.[1];
}
