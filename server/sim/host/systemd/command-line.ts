import type { Host } from "../host.ts";
import { value, values, type UnitFile } from "./unit-file.ts";

/** A command of a unit, ready to be started. `-` before it in the file makes a failure not count. */
export interface UnitCommand {
  readonly path: string;
  readonly argv: readonly string[];
  readonly ignoreFailure: boolean;
  /** As the file has it, for `systemctl status`. */
  readonly text: string;
}

/** The environment of a unit's processes: systemd's own, Environment= and EnvironmentFile=. */
export function unitEnvironment(host: Host, unit: UnitFile): Record<string, string> {
  const env: Record<string, string> = {
    LANG: "C.UTF-8",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  };
  const user = value(unit, "Service", "User");
  if (user !== undefined) env["USER"] = user;
  for (const line of values(unit, "Service", "Environment")) for (const word of splitWords(line)) assign(env, word);
  for (const file of values(unit, "Service", "EnvironmentFile")) {
    for (const line of (host.readText(file.replace(/^-/, "")) ?? "").split("\n")) {
      if (!/^\s*([#;]|$)/.test(line)) assign(env, line.trim(), true);
    }
  }
  return env;
}

/** The commands under a key such as ExecStart, with variables put in: `$X` becomes words, `${X}` stays in its word. */
export function unitCommands(unit: UnitFile, key: string, env: Readonly<Record<string, string>>): UnitCommand[] {
  return values(unit, "Service", key).map((line) => {
    const prefix = /^[-@:+!]*/.exec(line)![0];
    const words = splitWords(line.slice(prefix.length)).flatMap((word) => expand(word, env));
    const path = words[0] ?? "";
    const argv = prefix.includes("@") ? words.slice(1) : words;
    return { path, argv, ignoreFailure: prefix.includes("-"), text: line.slice(prefix.length) };
  });
}

/** Variables that a command line uses and nobody sets: systemd logs a notice for each. */
export function unsetVariables(unit: UnitFile, key: string, env: Readonly<Record<string, string>>): string[] {
  const used = values(unit, "Service", key).flatMap((line) =>
    [...line.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g)].map((match) => match[1]!),
  );
  return used.filter((name) => env[name] === undefined);
}

function expand(word: string, env: Readonly<Record<string, string>>): string[] {
  const whole = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(word);
  if (whole) return splitWords(env[whole[1]!] ?? "");
  return [word.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => env[name] ?? "").replace(/\$\$/g, "$")];
}

function assign(env: Record<string, string>, assignment: string, unquote = false): void {
  const equals = assignment.indexOf("=");
  if (equals <= 0) return;
  const text = assignment.slice(equals + 1);
  env[assignment.slice(0, equals)] = unquote ? text.replace(/^(["'])(.*)\1$/, "$2") : text;
}

/** Splits at white space; quotes keep words together (systemd.service(5), "Command lines"). */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\\(.)|([^\s"'\\]))+/g)) {
    words.push(
      match[0].replace(
        /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\\(.)/g,
        (_, double?: string, single?: string, escaped?: string) =>
          (double ?? single ?? escaped ?? "").replace(/\\(.)/g, "$1"),
      ),
    );
  }
  return words;
}
