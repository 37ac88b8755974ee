import type { Process } from "../../sim/host/index.ts";
import { homeOf } from "./home.ts";
import { settingKind } from "./options.ts";

/** What the files say about a host, names in small letters: the first value of a name counts; or what is wrong in them. */
export type FileSettings = ReadonlyMap<string, string> | { readonly words: string };

/** Files that include others go no deeper (readconf.c READCONF_MAX_DEPTH). */
const MOST_INCLUDED = 16;

/** Reads `-F FILE`, or ~/.ssh/config and /etc/ssh/ssh_config (ssh_config(5): Host blocks, first value wins). */
export function fileSettings(process: Process, host: string, file: string | undefined): FileSettings {
  const settings = new Map<string, string>();
  if (file === "none") return settings;
  const paths = file === undefined ? [`${homeOf(process)}/.ssh/config`, "/etc/ssh/ssh_config"] : [fullPath(process, file)]; // prettier-ignore
  for (const path of paths) {
    if (!process.host.files.exists(path) || !process.host.files.access(path, 4, process)) {
      if (file !== undefined) return { words: `Can't open user config file ${file}: No such file or directory\r\n` };
      continue;
    }
    const wrong = read(process, path, host, settings);
    if (wrong.length > 0)
      return { words: `${wrong.join("")}${path}: terminating, ${wrong.length} bad configuration options\r\n` };
  }
  return settings;
}

function fullPath(process: Process, path: string): string {
  return path.startsWith("/") ? path : `${process.cwd}/${path}`;
}

function read(process: Process, path: string, host: string, settings: Map<string, string>, depth = 0): string[] {
  const wrong: string[] = [];
  let applies = true;
  for (const [at, line] of (process.host.readText(path) ?? "").split("\n").entries()) {
    const [, name, rest] = /^\s*([a-z0-9]+)(?:\s*=\s*|\s+)"?(.*?)"?\s*$/i.exec(line.replace(/^\s*#.*/, "")) ?? [];
    if (name === undefined || rest === undefined) continue;
    const key = name.toLowerCase();
    if (key === "host") applies = matches(rest, host);
    // Of Match, `all` alone is simulated: what stands behind another one is for nobody.
    else if (key === "match") applies = rest.trim().toLowerCase() === "all";
    else if (key === "include") {
      if (!applies || depth >= MOST_INCLUDED) continue;
      for (const included of includedFiles(process, path, rest))
        wrong.push(...read(process, included, host, settings, depth + 1));
    } else if (settingKind(key) === undefined)
      wrong.push(`${path}: line ${at + 1}: Bad configuration option: ${key}\r\n`);
    else if (applies && !settings.has(key)) settings.set(key, rest);
  }
  return wrong;
}

/** Files that an Include names, with `*` and `?` in the last part; relative ones are beside the file. */
function includedFiles({ host }: Process, from: string, words: string): string[] {
  return words
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((word) => {
      const path = word.startsWith("/") ? word : `${from.slice(0, from.lastIndexOf("/"))}/${word}`;
      const directory = path.slice(0, path.lastIndexOf("/"));
      if (!host.files.exists(directory)) return [];
      const names = host.files.list(directory).filter((name) => matches(path.slice(directory.length + 1), name));
      return names.toSorted().map((name) => `${directory}/${name}`);
    });
}

/** Patterns with `*` and `?`; one that begins with `!` excludes. */
function matches(patterns: string, host: string): boolean {
  const words = patterns.split(/\s+/).filter(Boolean);
  const fits = (pattern: string): boolean =>
    new RegExp(
      `^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")}$`, // prettier-ignore
    ).test(host);
  if (words.some((word) => word.startsWith("!") && fits(word.slice(1)))) return false;
  return words.some((word) => !word.startsWith("!") && fits(word));
}
