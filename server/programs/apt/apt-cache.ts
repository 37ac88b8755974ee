import type { Process, Program } from "../../sim/host/index.ts";
import { readInstalled, type Installed } from "../dpkg/database.ts";
import { aptVersion } from "./apt-version.ts";
import { sizeText } from "./fetch.ts";
import { listLine } from "./list.ts";
import { indexWords, readLists, type Available } from "./package-list.ts";

const USAGE = `Usage: apt-cache [options] command
       apt-cache [options] show pkg1 [pkg2 ...]

apt-cache queries and displays available information about installed
and installable packages. It works exclusively on the data acquired
into the local cache via the 'update' command of e.g. apt-get. The
displayed information may therefore be outdated if the last update was
too long ago, but in exchange apt-cache works independently of the
availability of the configured sources (e.g. offline).

Most used commands:
  showsrc - Show source records
  search - Search the package list for a regex pattern
  depends - Show raw dependency information for a package
  rdepends - Show reverse dependency information for a package
  show - Show a readable record for the package
  pkgnames - List the names of all packages in the system
  policy - Show policy settings

See apt-cache(8) for more information about the available commands.
Configuration options and syntax is detailed in apt.conf(5).
Information about how to configure sources can be found in sources.list(5).
Package and version choices can be expressed via apt_preferences(5).
Security details are available in apt-secure(8).
`;

const ELSEWHERE = [
  "showsrc",
  "rdepends",
  "showpkg",
  "stats",
  "dump",
  "dumpavail",
  "unmet",
  "gencaches",
  "dotty",
  "xvcg",
];

/** Asks the lists and dpkg's database. */
export const aptCache: Program = {
  name: "apt-cache",
  summary: "query the APT cache",
  async run(process, args) {
    const option = args.find((word) => word.startsWith("-"));
    const version = `apt ${aptVersion(process.host)} (amd64)\n`;
    if (option === "-v" || option === "--version") return say(process, version);
    if (option === "-h" || option === "--help") return say(process, version + USAGE);
    if (option !== undefined && !/^(?:-q+|--quiet|-a|--all-versions)$/.test(option)) return refuse(process, option);
    const [command, ...words] = args.filter((word) => !word.startsWith("-"));
    if (command === undefined) {
      await process.print(version + USAGE);
      return 1;
    }
    if (command === "madison") return madison(process, words);
    if (command === "policy") return policy(process, words);
    if (command === "show") return show(process, words, "apt-cache");
    if (command === "search") return search(process, words, "apt-cache");
    if (command === "depends") return depends(process, words);
    if (command === "pkgnames") return names(process);
    if (ELSEWHERE.includes(command)) return refuse(process, command);
    return fail(process, `Invalid operation ${command}`);
  },
};

async function madison(process: Process, words: readonly string[]): Promise<number> {
  const lists = readLists(process.host);
  const lines = words.flatMap((name) =>
    (lists.get(name) ?? []).map((one) => `${name.padStart(10)} | ${one.version.padStart(10)} | ${indexWords(one)}\n`),
  );
  return say(process, lines.join(""));
}

/** Which version would be installed, and where each is from (apt-private/private-show.cc Policy). */
export async function policy(process: Process, words: readonly string[]): Promise<number> {
  if (words.length === 0) return refuse(process, "policy without a package");
  const { host } = process;
  const [lists, installed] = [readLists(host), readInstalled(host)];
  for (const name of words) {
    const [versions, has] = [lists.get(name) ?? [], installed.get(name)];
    if (versions.length === 0 && !has) continue;
    await process.print(policyText(name, versions, has));
  }
  return 0;
}

function policyText(name: string, versions: readonly Available[], has: Installed | undefined): string {
  const known = [...new Set(versions.map(({ version }) => version))];
  const own = has && !known.includes(has.version) ? [has.version] : [];
  // What is installed and nowhere to be had comes first: nothing that this world's lists have is newer.
  const all = [...own, ...known];
  const lines = all.flatMap((version) => {
    const from = versions.filter((one) => one.version === version);
    const here = version === has?.version;
    return [
      `${here ? " ***" : "    "} ${version} ${from.length > 0 ? 500 : 100}\n`,
      ...from.map((one) => `        500 ${indexWords(one)}\n`),
      ...(here ? ["        100 /var/lib/dpkg/status\n"] : []),
    ];
  });
  const candidate = known[0] ?? has?.version ?? "(none)";
  return `${name}:\n  Installed: ${has?.version ?? "(none)"}\n  Candidate: ${candidate}\n  Version table:\n${lines.join("")}`;
}

export async function show(process: Process, words: readonly string[], how: "apt" | "apt-cache"): Promise<number> {
  const { host } = process;
  const [lists, installed] = [readLists(host), readInstalled(host)];
  let missing = false;
  for (const word of words) {
    const [name = "", wanted] = word.split("=");
    const versions = (lists.get(name) ?? []).filter(({ version }) => wanted === undefined || version === wanted);
    const has = installed.get(name);
    if (how === "apt" && versions[0]) await process.print(`${showText(versions[0])}\n`);
    else if (versions.length > 0) await process.print(versions.map(({ text }) => `${text}\n\n`).join(""));
    else if (has) await process.print(`${has.text}\n\n`);
    else {
      missing = true;
      if (how === "apt") await process.error(`E: Unable to locate package ${name}\n`);
    }
  }
  return missing ? fail(process, "No packages found") : 0;
}

/** As people like it: without what only apt needs, sizes in units (apt-private/private-show.cc DisplayRecordV2). */
function showText(one: Available): string {
  const skipped =
    /^(?:Filename|Size|SHA\d+|MD5sum|Architecture|Description|Installed-Size|Homepage|Depends|Multi-Arch):/;
  const field = (name: string): string[] => one.text.split("\n").filter((line) => line.startsWith(`${name}:`));
  return [
    ...one.text.split("\n").filter((line) => !skipped.test(line)),
    `Installed-Size: ${sizeText(one.installed * 1024)}`,
    ...field("Depends"),
    ...field("Homepage"),
    `Download-Size: ${sizeText(one.size)}`,
    `APT-Sources: ${indexWords(one)}`,
    ...field("Description"),
    "",
  ].join("\n");
}

export async function search(process: Process, words: readonly string[], how: "apt" | "apt-cache"): Promise<number> {
  if (words.length === 0) return fail(process, "You must give at least one search pattern");
  const patterns: RegExp[] = [];
  for (const word of words)
    try {
      patterns.push(new RegExp(word, "i"));
    } catch {
      return fail(process, `Regex compilation error - ${word}`);
    }
  const { host } = process;
  const [lists, installed] = [readLists(host), readInstalled(host)];
  const found = [...lists.values()]
    .map(([first]) => first!)
    .filter(({ name, summary }) => patterns.every((one) => one.test(name) || one.test(summary)));
  if (how === "apt-cache") return say(process, found.map(({ name, summary }) => `${name} - ${summary}\n`).join(""));
  const sorted = found.sort((a, b) => (a.name < b.name ? -1 : 1));
  await process.print("Sorting...\nFull Text Search...\n");
  for (const one of sorted)
    await process.print(`${listLine(one, lists.get(one.name)!, installed.get(one.name), false)}\n  ${one.summary}\n\n`);
  return 0;
}

async function depends(process: Process, words: readonly string[]): Promise<number> {
  const lists = readLists(process.host);
  const installed = readInstalled(process.host);
  for (const name of words) {
    const one = lists.get(name)?.[0] ?? installed.get(name);
    if (!one) return fail(process, "No packages found");
    await process.print([name, ...one.depends.map((need) => `  Depends: ${need}`)].map((line) => `${line}\n`).join(""));
  }
  return 0;
}

async function names(process: Process): Promise<number> {
  const all = new Set([...readLists(process.host).keys(), ...readInstalled(process.host).keys()]);
  return say(process, [...all].map((name) => `${name}\n`).join(""));
}

async function say(process: Process, text: string): Promise<number> {
  await process.print(text);
  return 0;
}

async function fail(process: Process, text: string): Promise<number> {
  await process.error(`E: ${text}\n`);
  return 100;
}

async function refuse(process: Process, what: string): Promise<number> {
  await process.error(`drydock: apt-cache: '${what}' is not simulated\n`);
  return 64;
}
