import { decode, SECOND } from "../../sim/kernel/index.ts";
import type { FileSpec, Process } from "../../sim/host/index.ts";
import { writeFiles } from "../../sim/world/index.ts";
import { Fetcher, RETRIES, sizeText } from "./fetch.ts";
import { installedVersions, noteInstalled, readLists, type Available } from "./package-list.ts";
import { planOf, type Plan } from "./plan.ts";
import { fetchedLine } from "./update.ts";

export interface InstallOptions {
  readonly quiet: number;
  readonly yes: boolean;
  readonly recommends: boolean;
}

const WIDTH = 80;

/** `apt-get install`: the lists decide what comes; archives are fetched, then unpacked and set up one by one. */
export async function install(process: Process, words: readonly string[], options: InstallOptions): Promise<number> {
  const { host } = process;
  const { quiet } = options;
  const say = async (text: string): Promise<void> => (quiet < 2 ? process.print(text) : undefined);
  if (!mayInstall(process)) {
    const lock = "/var/lib/dpkg/lock-frontend";
    await process.error(
      `E: Could not open lock file ${lock} - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (${lock}), are you root?\n`,
    );
    return 100;
  }
  const done = quiet === 0 ? " Done" : "";
  await say(
    `Reading package lists...${done}\nBuilding dependency tree...${done}\nReading state information...${done}\n`,
  );
  const [available, installed] = [readLists(host), installedVersions(host)];
  const wanted: string[] = [];
  for (const word of words) {
    const name = word.replace(/[=/].*$/, "");
    if (!available.has(name) && !installed.has(name)) {
      await process.error(`E: Unable to locate package ${name}\n`);
      return 100;
    }
    if (installed.has(name)) await say(`${name} is already the newest version (${installed.get(name)!}).\n`);
    else wanted.push(name);
  }
  const plan = planOf(wanted, available, installed, options.recommends);
  const names = plan.packages.map(({ name }) => name).sort();
  const additional = names.filter((name) => !plan.requested.has(name));
  if (additional.length > 0) await say(`The following additional packages will be installed:\n${columns(additional)}`);
  if (plan.recommended.length > 0) await say(`Recommended packages:\n${columns(plan.recommended)}`);
  if (names.length > 0) await say(`The following NEW packages will be installed:\n${columns(names)}`);
  await say(`0 upgraded, ${names.length} newly installed, 0 to remove and 0 not upgraded.\n`);
  if (names.length === 0) return 0;
  const total = plan.packages.reduce((sum, { size }) => sum + size, 0);
  const space = plan.packages.reduce((sum, one) => sum + one.installed, 0) * 1024;
  await say(
    `Need to get ${sizeText(total)} of archives.\nAfter this operation, ${sizeText(space)} of additional disk space will be used.\n`,
  );
  if (additional.length > 0 && !options.yes && !(await agrees(process))) {
    await process.print("Abort.\n");
    return 1;
  }
  const archives = await fetchAll(process, plan, say);
  if (!archives) return 100;
  if (plan.packages.some(({ name }) => name === "ca-certificates" || name === "libpam-cap"))
    await process.error("debconf: delaying package configuration, since apt-utils is not installed\n");
  await unpack(process, plan, archives);
  return 0;
}

function mayInstall(process: Process): boolean {
  return process.row.uid === 0;
}

/** Names in lines of up to 80 columns, indented by two. */
function columns(names: readonly string[]): string {
  const lines: string[] = [];
  let line = " ";
  for (const name of names) {
    if (line.length + 1 + name.length >= WIDTH) {
      lines.push(line);
      line = " ";
    }
    line += ` ${name}`;
  }
  return [...lines, line].map((text) => `${text}\n`).join("");
}

async function agrees(process: Process): Promise<boolean> {
  await process.print("Do you want to continue? [Y/n] ");
  let answer = "";
  for (;;) {
    const read = await process.read(0, 1);
    if (read === "" && answer === "") return false;
    if (read === "" || read === "\n") break;
    answer += read;
  }
  return /^(y.*)?$/i.test(answer.trim());
}

async function fetchAll(
  process: Process,
  plan: Plan,
  say: (text: string) => Promise<void>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const fetcher = new Fetcher(process);
  const started = process.kernel.now;
  const found = new Map<string, string>();
  const failures: string[] = [];
  let bytes = 0;
  for (const [at, one] of plan.packages.entries()) {
    const words = `${one.archive} ${one.section} amd64 ${one.name} ${one.arch} ${one.version}`;
    const url = `${one.archive}/${one.file}`;
    for (let round = 0; ; round++) {
      const got = await fetcher.get(url, one.size);
      if ("body" in got) {
        await say(`Get:${at + 1} ${words} [${sizeText(one.size)}]\n`);
        found.set(one.name, decode(got.body));
        bytes += one.size;
        break;
      }
      if (got.transient && round < RETRIES) {
        await say(`Ign:${at + 1} ${words}\n`);
        await process.sleep(2 ** round * SECOND);
        continue;
      }
      await say(`Err:${at + 1} ${words}\n  ${got.error}\n`);
      failures.push(`E: Failed to fetch ${url}  ${got.error}\n`);
      break;
    }
  }
  fetcher.close();
  if (bytes > 0) await say(fetchedLine(bytes, process.kernel.now - started));
  if (failures.length === 0) return found;
  for (const line of failures) await process.error(line);
  await process.error("E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n");
  return undefined;
}

async function unpack(process: Process, { packages }: Plan, archives: ReadonlyMap<string, string>): Promise<void> {
  const { host } = process;
  const digits = String(packages.length - 1).length;
  for (const [at, one] of packages.entries()) {
    const shown = shownName(one);
    await process.print(`Selecting previously unselected package ${shown}.\n`);
    if (at === 0)
      await process.print(`(Reading database ... ${filesOf(process)} files and directories currently installed.)\n`);
    const place =
      packages.length === 1 ? `.../${archiveName(one)}` : `.../${String(at).padStart(digits, "0")}-${archiveName(one)}`;
    await process.print(`Preparing to unpack ${place} ...\nUnpacking ${shown} (${one.version}) ...\n`);
    writeFiles(host, specsOf(archives.get(one.name) ?? ""));
  }
  for (const one of packages) {
    await process.print(`Setting up ${shownName(one)} (${one.version}) ...\n`);
    noteInstalled(host, one);
  }
  if (packages.some(({ name }) => name.startsWith("lib")))
    await process.print("Processing triggers for libc-bin (2.36-9+deb12u14) ...\n");
}

function shownName({ name, arch, multi }: Available): string {
  return multi ? `${name}:${arch}` : name;
}

/** An epoch's colon is written as `%3a`. */
function archiveName({ name, version, arch }: Available): string {
  return `${name}_${version.replace(":", "%3a")}_${arch}.deb`;
}

/** How many files dpkg knows of: those of the base system, and of what has come since. */
function filesOf(process: Process): number {
  const text = process.host.readText("/var/lib/dpkg/status") ?? "";
  return 6096 + (text.match(/^Package: /gm)?.length ?? 0) * 7;
}

const CALLED: Readonly<Record<string, string>> = { "nc.openbsd": "nc", "vim.tiny": "vi", "inetutils-telnet": "telnet" };

/** `usr/bin/curl 280800` is a program, `usr/bin/nc -> /etc/alternatives/nc` a link. */
function specsOf(text: string): FileSpec[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [path, link] = line.split(" -> ") as [string, string | undefined];
      if (link !== undefined) return { path: `/${path}`, link };
      const [file = "", size] = line.split(" ");
      const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.db$/, "");
      return { path: `/${file}`, program: CALLED[name] ?? name, size: Number(size) };
    });
}
