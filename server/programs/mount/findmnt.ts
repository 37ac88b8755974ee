import { mountAt, mountOptions, mountTable, type Host, type Mount } from "../../sim/host/index.ts";
import { diskOf } from "../gnu/disk.ts";
import { humanSize } from "../gnu/size.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { isWanted } from "./mount.ts";

interface Line {
  readonly mount: Mount;
  /** What is drawn before the target. */
  readonly lead: string;
}

const COLUMNS: Readonly<Record<string, (line: Line, host: Host) => string>> = {
  TARGET: ({ mount, lead }) => lead + mount.at,
  SOURCE: ({ mount }) => mount.source,
  FSTYPE: ({ mount }) => mount.type,
  OPTIONS: ({ mount }) => mountOptions(mount),
  SIZE: ({ mount }, host) => size(diskOf(host, mount).size),
  USED: ({ mount }, host) => size(diskOf(host, mount).used),
  AVAIL: ({ mount }, host) => size(diskOf(host, mount).available),
};

function size(kib: number): string {
  return kib === 0 ? "0" : humanSize(kib * 1024, 1024);
}

export const findmnt = tool({
  name: "findmnt",
  package: "util-linux",
  summary: "find a filesystem",
  usage: ["[options]", "[options] <device> | <mountpoint>", "[options] <device> <mountpoint>"],
  about: "Find a (mounted) filesystem.",
  flags: {
    list: { short: "l", long: "list", help: "use list format output" },
    noHeadings: { short: "n", long: "noheadings", help: "don't print column headings" },
    output: { short: "o", long: "output", arg: "list", help: `output columns: ${Object.keys(COLUMNS).join(", ")}` },
    raw: { short: "r", long: "raw", help: "use raw output format" },
    target: { short: "T", long: "target", arg: "path", help: "the path to the filesystem to use" },
    mountpoint: { short: "M", long: "mountpoint", arg: "dir", help: "the mountpoint directory" },
    source: { short: "S", long: "source", arg: "string", help: "the device to mount" },
    types: { short: "t", long: "types", arg: "list", help: "limit the set of filesystems by FS types" },
    kernel: { short: "k", long: "kernel", help: "search in kernel table of mounted filesystems (default)" },
    first: { short: "f", long: "first-only", help: "print the first found filesystem only" },
    json: { short: "J", long: "json", simulated: false },
    df: { short: "D", long: "df", simulated: false },
    pairs: { short: "P", long: "pairs", simulated: false },
    fstab: { short: "smx", simulated: false },
  },
  async run(call) {
    const { host } = call.process;
    const names = (call.value("output") ?? "TARGET,SOURCE,FSTYPE,OPTIONS").toUpperCase().split(",");
    const unknown = names.find((name) => COLUMNS[name] === undefined);
    if (unknown !== undefined) return call.fail(`unknown column: ${unknown}`);
    const lines = linesOf(call);
    if (lines.length === 0) return 1;
    const cells = lines.map((line) => names.map((name) => COLUMNS[name]!(line, host)));
    if (!call.has("noHeadings")) cells.unshift(names);
    const widths = names.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
    const pad = (cell: string, at: number): string =>
      call.has("raw") || at === names.length - 1 ? cell : cell.padEnd(widths[at]!);
    await call.out.print(cells.map((row) => `${row.map(pad).join(" ")}\n`).join(""));
    return 0;
  },
});

/** All, as a tree; or those that were asked for, one below the other. */
function linesOf(call: Call<string>): readonly Line[] {
  const { host } = call.process;
  const table = mountTable(host);
  const flat = (mounts: readonly Mount[]): Line[] =>
    (call.has("first") ? mounts.slice(0, 1) : mounts).map((mount) => ({ mount, lead: "" }));
  const path = call.value("target");
  if (path !== undefined) return flat([mountAt(host, path.startsWith("/") ? path : `${call.process.cwd}/${path}`)]);
  const [word = call.value("mountpoint") ?? call.value("source"), target] = call.operands;
  const fits = (mount: Mount): boolean =>
    (word === undefined || mount.at === word || mount.source === word) &&
    (target === undefined || mount.at === target) &&
    isWanted(mount.type, call.value("types"));
  const isTree =
    word === undefined && !call.has("types") && !call.has("list") && !call.has("raw") && !call.has("first");
  return isTree ? tree(table) : flat(table.filter(fits));
}

function tree(table: readonly Mount[]): Line[] {
  const parentOf = (mount: Mount, at: number): Mount | undefined => {
    const holds = (other: Mount): boolean =>
      other !== mount && (other.at === "/" || mount.at.startsWith(`${other.at}/`) || (other.at === mount.at && table.indexOf(other) < at)); // prettier-ignore
    const above = table.filter(holds);
    return mount.at === "/" ? undefined : above.reduce<Mount | undefined>((best, one) => (best && best.at.length > one.at.length ? best : one), undefined); // prettier-ignore
  };
  const children = new Map<Mount | undefined, Mount[]>();
  for (const [at, mount] of table.entries()) {
    const parent = parentOf(mount, at);
    children.set(parent, [...(children.get(parent) ?? []), mount]);
  }
  const lines: Line[] = [];
  const walk = (mounts: readonly Mount[], lead: string, isRoot: boolean): void => {
    for (const [at, mount] of mounts.entries()) {
      const last = at === mounts.length - 1;
      lines.push({ mount, lead: isRoot ? "" : `${lead}${last ? "└─" : "├─"}` });
      walk(children.get(mount) ?? [], isRoot ? "" : `${lead}${last ? "  " : "│ "}`, false);
    }
  };
  walk(children.get(undefined) ?? [], "", true);
  return lines;
}
