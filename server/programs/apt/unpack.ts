import { attempt, listText, packageStatus, type FileSpec, type Process } from "../../sim/host/index.ts";
import { writeFiles } from "../../sim/world/index.ts";
import {
  automatic,
  filesOf,
  noteInstalled,
  noteRemoved,
  readInstalled,
  setAutomatic,
  type Installed,
} from "../dpkg/database.ts";
import type { Available } from "./package-list.ts";
import type { Plan } from "./plan.ts";

/** dpkg's part: what goes is removed, archives are unpacked, then set up one by one. */
export async function unpack(
  process: Process,
  { changes, removals, requested }: Plan,
  archives: ReadonlyMap<string, string>,
): Promise<void> {
  const { host } = process;
  let counted = false;
  const count = async (): Promise<void> => {
    if (!counted)
      await process.print(`(Reading database ... ${fileCount(process)} files and directories currently installed.)\n`);
    counted = true;
  };
  for (const one of removals) {
    await count();
    await process.print(`Removing ${one.shown} (${one.version}) ...\n`);
    remove(process, one);
  }
  const digits = String(changes.length - 1).length;
  for (const [at, { to, from }] of changes.entries()) {
    const shown = shownName(to);
    if (!from) await process.print(`Selecting previously unselected package ${shown}.\n`);
    await count();
    const place =
      changes.length === 1 ? `.../${archiveName(to)}` : `.../${String(at).padStart(digits, "0")}-${archiveName(to)}`;
    const over = from ? ` over (${from.version})` : "";
    await process.print(`Preparing to unpack ${place} ...\nUnpacking ${shown} (${to.version})${over} ...\n`);
    writeFiles(host, specsOf(archives.get(to.name) ?? ""));
  }
  for (const { to } of changes) {
    await process.print(`Setting up ${shownName(to)} (${to.version}) ...\n`);
    const files = specsOf(archives.get(to.name) ?? "").map(({ path }) => path);
    noteInstalled(host, stanzaOf(to), shownName(to), to.name, listText(files));
  }
  const came = changes.flatMap(({ to, from }) => (from || requested.has(to.name) ? [] : [to.name]));
  if (came.length > 0) setAutomatic(host, new Set([...automatic(host), ...came]));
  if (changes.some(({ to }) => to.name.startsWith("lib"))) {
    const version = readInstalled(host).get("libc-bin")?.version;
    if (version !== undefined) await process.print(`Processing triggers for libc-bin (${version}) ...\n`);
  }
}

function remove(process: Process, one: Installed): void {
  const { host } = process;
  for (const path of (filesOf(host, one) ?? []).toReversed())
    if (!isFolder(process, path)) attempt(() => host.files.unlink(path));
  noteRemoved(host, one);
}

function isFolder({ host }: Process, path: string): boolean {
  return path === "/." || !(attempt(() => host.files.list(path)) instanceof Error);
}

function stanzaOf({ name, version, arch, multi, installed, summary, text }: Available): string {
  const depends = /^Depends: (.*)$/m.exec(text)?.[1];
  const maintainer = /^Maintainer: (.*)$/m.exec(text)?.[1];
  return packageStatus([
    {
      name,
      version,
      arch: arch === "all" ? "all" : "amd64",
      summary,
      size: installed,
      ...(multi ? { multi: true } : {}),
      ...(depends === undefined ? {} : { depends }),
      ...(maintainer === undefined ? {} : { maintainer }),
    },
  ]);
}

function shownName({ name, arch, multi }: Available): string {
  return multi ? `${name}:${arch}` : name;
}

/** An epoch's colon is written as `%3a`. */
function archiveName({ name, version, arch }: Available): string {
  return `${name}_${version.replace(":", "%3a")}_${arch}.deb`;
}

/** How many files dpkg knows of: those of the base system, and of what has come since. */
function fileCount(process: Process): number {
  return 5600 + readInstalled(process.host).size * 7;
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
