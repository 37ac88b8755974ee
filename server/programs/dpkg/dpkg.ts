import { attempt, Errno, type Process, type Program } from "../../sim/host/index.ts";
import { compareVersions } from "./version.ts";
import { fieldsOf, filesOf, readInstalled, type Installed } from "./database.ts";
import { packageTable } from "./table.ts";

const HINT = `
Type dpkg --help for help about installing and deinstalling packages [*];
Use 'apt' or 'aptitude' for user-friendly package management;
Type dpkg -Dhelp for a list of dpkg debug flag values;
Type dpkg --force-help for a list of forcing options;
Type dpkg-deb --help for help about manipulating *.deb files;

Options marked [*] produce a lot of output - pipe it through 'less' or 'more' !
`;
const QUERY_HINT = "\nUse --help for help about querying packages.\n";

type Action = (process: Process, words: readonly string[]) => Promise<number>;

const QUERIES: Readonly<Record<string, Action>> = {
  "-l": list,
  "--list": list,
  "-s": status,
  "--status": status,
  "-L": listFiles,
  "--listfiles": listFiles,
  "-S": search,
  "--search": search,
};

const ACTIONS: Readonly<Record<string, Action>> = {
  ...QUERIES,
  "--get-selections": selections,
  "--compare-versions": compare,
  "--print-architecture": (process) => say(process, "amd64\n"),
};

const ELSEWHERE =
  /^(?:-[irPRABCV]|--(?:install|remove|purge|unpack|configure|audit|verify|set-selections|clear-selections|add-architecture|help|info|contents))$/;

/** Debian's package database (dpkg 1.22.6; in Debian's containers 1.21.22): what is asked of it; apt changes it. */
export const dpkg: Program = {
  name: "dpkg",
  summary: "package manager for Debian",
  async run(process, args) {
    const [first, ...words] = args;
    if (first === undefined) return wrong(process, "dpkg", "need an action option", HINT);
    if (first === "--version") return say(process, versionText(process));
    const action = ACTIONS[first];
    if (action) return action(process, words);
    if (ELSEWHERE.test(first)) return refuse(process, "dpkg", first);
    return wrong(process, "dpkg", `unknown option ${first}`, HINT);
  },
};

export const dpkgQuery: Program = {
  name: "dpkg-query",
  summary: "a tool to query the dpkg database",
  async run(process, args) {
    const format = args.map((word) => /^(?:-f=?|--showformat=)(.*)$/s.exec(word)?.[1]).find((one) => one !== undefined);
    const [first, ...words] = args.filter((word) => !/^(?:-f|--showformat=)/.test(word));
    if (first === "-W" || first === "--show") return show(process, words, format ?? "${binary:Package}\t${Version}\n");
    const action = QUERIES[first ?? ""];
    if (action) return action(process, words);
    if (first === undefined) return wrong(process, "dpkg-query", "need an action option", QUERY_HINT);
    return refuse(process, "dpkg-query", first);
  },
};

async function list(process: Process, patterns: readonly string[]): Promise<number> {
  const { found, missing } = matching(process, patterns);
  for (const pattern of missing) await process.error(`dpkg-query: no packages found matching ${pattern}\n`);
  if (found.length > 0) await process.print(packageTable(found));
  return missing.length > 0 ? 1 : 0;
}

async function status(process: Process, names: readonly string[]): Promise<number> {
  const installed = readInstalled(process.host);
  const texts: string[] = [];
  let missing = false;
  for (const name of names.length > 0 ? names : installed.keys()) {
    const one = installed.get(name.replace(/:amd64$/, ""));
    if (one) texts.push(`${one.text}\n`);
    else {
      missing = true;
      await process.error(
        `dpkg-query: package '${name}' is not installed and no information is available\nUse dpkg --info (= dpkg-deb --info) to examine archive files.\n`,
      );
    }
  }
  await process.print(texts.join("\n"));
  return missing ? 1 : 0;
}

async function listFiles(process: Process, names: readonly string[]): Promise<number> {
  if (names.length === 0)
    return wrong(process, "dpkg-query", "error: --listfiles needs at least one package name argument", QUERY_HINT);
  const installed = readInstalled(process.host);
  let code = 0;
  for (const [at, name] of names.entries()) {
    const one = installed.get(name.replace(/:amd64$/, ""));
    const files = one && filesOf(process.host, one);
    if (files) await process.print(`${at > 0 ? "\n" : ""}${files.join("\n")}\n`);
    else if (one) code = await refuse(process, "dpkg", `the list of files of ${name}`);
    else {
      code = 1;
      await process.error(
        `dpkg-query: package '${name}' is not installed\nUse dpkg --contents (= dpkg-deb --contents) to list archive files contents.\n`,
      );
    }
  }
  return code;
}

async function search(process: Process, patterns: readonly string[]): Promise<number> {
  if (patterns.length === 0)
    return wrong(process, "dpkg-query", "error: --search needs at least one file name pattern argument", QUERY_HINT);
  const { host } = process;
  const lists = [...readInstalled(host).values()].map((one) => ({ one, files: filesOf(host, one) ?? [] }));
  let code = 0;
  for (const pattern of patterns) {
    const test = searchPattern(pattern);
    const lines = new Map<string, string[]>();
    for (const { one, files } of lists)
      for (const file of files) if (test(file)) lines.set(file, [...(lines.get(file) ?? []), one.shown]);
    for (const [file, names] of lines) await process.print(`${names.join(", ")}: ${file}\n`);
    if (lines.size > 0) continue;
    const there = pattern.startsWith("/") && !(attempt(() => host.files.stat(pattern)) instanceof Errno);
    // A program of the base system belongs to some package: which, nobody noted.
    if (there && /^\/(?:usr\/)?s?bin\//.test(pattern)) code = await refuse(process, "dpkg", `whose ${pattern} is`);
    else {
      code = 1;
      await process.error(`dpkg-query: no path found matching pattern ${pattern}\n`);
    }
  }
  return code;
}

/** A path as a whole, with wildcards if it has some; a word without a slash is looked for everywhere. */
function searchPattern(pattern: string): (path: string) => boolean {
  if (/[*?[]/.test(pattern)) {
    const test = wildcard(pattern.startsWith("/") || pattern.startsWith("*") ? pattern : `*${pattern}*`);
    return (path) => test.test(path);
  }
  return pattern.startsWith("/") ? (path) => path === pattern : (path) => path.includes(pattern);
}

async function selections(process: Process, patterns: readonly string[]): Promise<number> {
  const { found, missing } = matching(process, patterns);
  const tabs = (name: string): string => "\t".repeat(Math.max(1, 6 - Math.floor(name.length / 8)));
  await process.print(found.map(({ shown, want }) => `${shown}${tabs(shown)}${want}\n`).join(""));
  for (const pattern of missing) await process.error(`dpkg: no packages found matching ${pattern}\n`);
  return 0;
}

async function show(process: Process, patterns: readonly string[], format: string): Promise<number> {
  const { found, missing } = matching(process, patterns);
  for (const one of found) {
    const fields = fieldsOf(one.text);
    const text = format
      .replaceAll("\\n", "\n")
      .replaceAll("\\t", "\t")
      .replaceAll(/\$\{([^};]+)(?:;(-?\d+))?\}/g, (_, field: string, width?: string) => {
        const value =
          field === "binary:Package"
            ? one.shown
            : field === "db:Status-Abbrev"
              ? `${one.want === "hold" ? "h" : "i"}i `
              : field === "binary:Summary"
                ? one.summary
                : (fields.get(field) ?? "");
        const size = Number(width ?? 0);
        return size < 0 ? value.padEnd(-size) : value.padStart(size);
      });
    await process.print(text);
  }
  for (const pattern of missing) await process.error(`dpkg-query: no packages found matching ${pattern}\n`);
  return missing.length > 0 ? 1 : 0;
}

async function compare(process: Process, [one = "", relation = "", other = ""]: readonly string[]): Promise<number> {
  const order = compareVersions(one, other);
  const tests: Readonly<Record<string, boolean>> = {
    lt: order < 0,
    le: order <= 0,
    eq: order === 0,
    ne: order !== 0,
    ge: order >= 0,
    gt: order > 0,
    "<<": order < 0,
    "<=": order <= 0,
    "=": order === 0,
    ">=": order >= 0,
    ">>": order > 0,
  };
  const result = tests[relation];
  if (result === undefined) return wrong(process, "dpkg", "--compare-versions bad relation", HINT);
  return result ? 0 : 1;
}

/** Installed packages that patterns name, each once, in the order of names. */
function matching(process: Process, patterns: readonly string[]): { found: Installed[]; missing: string[] } {
  const all = [...readInstalled(process.host).values()];
  if (patterns.length === 0) return { found: all, missing: [] };
  const tests = patterns.map((pattern) => wildcard(pattern));
  const is = (test: RegExp) => (one: Installed) => test.test(one.name) || test.test(one.shown);
  return {
    found: all.filter((one) => tests.some((test) => is(test)(one))),
    missing: patterns.filter((_, at) => !all.some(is(tests[at]!))),
  };
}

function wildcard(pattern: string): RegExp {
  const text = pattern
    .replaceAll(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`);
}

function versionText({ host }: Process): string {
  const version = [...readInstalled(host).values()]
    .find(({ name }) => name === "dpkg")
    ?.version.replace(/ubuntu.*/, "");
  return `Debian 'dpkg' package management program version ${version ?? "1.22.6"} (amd64).\nThis is free software; see the GNU General Public License version 2 or\nlater for copying conditions. There is NO warranty.\n`;
}

async function say(process: Process, text: string): Promise<number> {
  await process.print(text);
  return 0;
}

async function wrong(process: Process, name: string, words: string, hint: string): Promise<number> {
  await process.error(`${name}: ${words.startsWith("error: ") ? "" : "error: "}${words}\n${hint}`);
  return 2;
}

async function refuse(process: Process, name: string, what: string): Promise<number> {
  await process.error(`drydock: ${name}: '${what}' is not simulated\n`);
  return 64;
}
