import { attempt, Errno, mountAt, mountTable, type Mount, type Process } from "../sim/host/index.ts";
import { diskOf, type Disk } from "./gnu/disk.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { humanSize, parseSize } from "./gnu/size.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const df = tool({
  name: "df",
  package: "coreutils",
  summary: "report file system space usage",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "Show information about the file system on which each FILE resides,\nor all file systems by default.\n\nThe sizes of disks are a model: see programs/gnu/disk.ts.",
  flags: {
    all: { short: "a", long: "all", help: "include pseudo, duplicate, inaccessible file systems" },
    blockSize: { short: "B", long: "block-size", arg: "SIZE", help: "scale sizes by SIZE before printing them" },
    human: { short: "h", long: "human-readable", help: "print sizes in powers of 1024 (e.g., 1023M)" },
    si: { short: "H", long: "si", help: "print sizes in powers of 1000 (e.g., 1.1G)" },
    inodes: { short: "i", long: "inodes", help: "list inode information instead of block usage" },
    kilo: { short: "k", help: "like --block-size=1K" },
    mega: { short: "m", help: "like --block-size=1M" },
    local: { short: "l", long: "local", help: "limit listing to local file systems (all are)" },
    noSync: { long: "no-sync", help: "do not invoke sync before getting usage info (default)" },
    output: { long: "output", arg: "FIELD_LIST", optional: true, help: "use the output format defined by FIELD_LIST: source, fstype, itotal, iused, iavail, ipcent, size, used, avail, pcent, file, target" }, // prettier-ignore
    portability: { short: "P", long: "portability", help: "use the POSIX output format" },
    sync: { long: "sync", help: "invoke sync before getting usage info" },
    total: { long: "total", help: "elide all entries insignificant to available space, and produce a grand total" },
    type: { short: "t", long: "type", arg: "TYPE", help: "limit listing to file systems of type TYPE" },
    printType: { short: "T", long: "print-type", help: "print file system type" },
    exclude: { short: "x", long: "exclude-type", arg: "TYPE", help: "limit listing to file systems not of type TYPE" },
    ignored: { short: "v", help: "(ignored)" },
  },
  async run(call) {
    const { process, operands } = call;
    const { host } = process;
    const columns = columnsOf(call);
    if (typeof columns === "string") return call.usage(columns);
    const rows: Row[] = [];
    if (operands.length > 0) {
      for (const path of operands) {
        const mount = attempt(() => shownMount(process, path));
        if (mount instanceof Errno) await call.warn(`${quoteIfNeeded(path)}: ${mount.message}`);
        else rows.push({ mount, disk: diskOf(host, mount), file: path });
      }
      if (rows.length === 0) return call.status;
    } else {
      for (const mount of mountTable(host)) rows.push({ mount, disk: diskOf(host, mount), file: "-" });
    }
    const types = call.options.values("type");
    const excluded = call.options.values("exclude");
    const shown = rows.filter(({ mount, disk }) => {
      if (types.length > 0 && !types.includes(mount.type)) return false;
      if (excluded.includes(mount.type)) return false;
      return operands.length > 0 || call.has("all") || disk.size > 0;
    });
    if (shown.length === 0) return call.fail("no file systems processed");
    if (call.has("total")) shown.push(totalOf(shown));
    const lines = [columns.map(({ title }) => title), ...shown.map((row) => columns.map(({ value }) => value(row)))];
    const widths = columns.map(({ least }, at) => Math.max(least, ...lines.map((line) => line[at]!.length)));
    const text = lines.map((line) => line.map((cell, at) => align(cell, columns[at]!, widths[at]!, at === columns.length - 1)).join(" ")); // prettier-ignore
    await call.out.print(text.map((line) => `${line}\n`).join(""));
    return call.status;
  },
});

/** A directory that stands in the machine's own file system may be a mount of its own in the table. */
function shownMount(process: Process, path: string): Mount {
  const { host } = process;
  const mount = host.files.mountOf(path, process);
  const shown = mountAt(host, host.files.realpath(path, process));
  return shown.at.length > mount.at.length ? shown : mount;
}

interface Row {
  readonly mount: Mount;
  readonly disk: Disk;
  readonly file: string;
}

interface Column {
  readonly title: string;
  readonly least: number;
  readonly left: boolean;
  value(row: Row): string;
}

function align(cell: string, { left }: Column, width: number, last: boolean): string {
  if (!left) return cell.padStart(width);
  return last ? cell : cell.padEnd(width);
}

function columnsOf(call: Call<string>): readonly Column[] | string {
  const last = call.options.lastOf("human", "si", "kilo", "mega", "blockSize");
  let size = (kib: number): string => String(kib);
  let title = "1K-blocks";
  if (last === "human" || last === "si") {
    size = (kib) => (kib === 0 ? "0" : humanSize(kib * 1024, last === "si" ? 1000 : 1024));
    title = "Size";
  } else if (last === "mega") {
    size = (kib) => String(Math.ceil(kib / 1024));
    title = "1M-blocks";
  } else if (last === "blockSize") {
    const text = call.value("blockSize")!;
    const unit = parseSize(/^\d/.test(text) ? text : `1${text}`);
    if (!unit) return `invalid --block-size argument ${call.quote(text)}`;
    size = (kib) => `${Math.ceil((kib * 1024) / unit)}${/^\d/.test(text) ? "" : text}`;
    title = `${/^\d/.test(text) ? text : `1${text}`}-blocks`;
  }
  if (call.has("portability") && (title === "1K-blocks" || last === undefined)) title = "1024-blocks";
  const percent = (used: number, total: number): string => (total === 0 ? "-" : `${Math.ceil((used * 100) / total)}%`);
  const human = last === "human" || last === "si";
  const base = human ? (last === "si" ? 1000 : 1024) : undefined;
  const all: Record<string, Column> = {
    source: { title: "Filesystem", least: 14, left: true, value: ({ mount }) => mount.source },
    fstype: { title: "Type", least: 4, left: true, value: ({ mount }) => mount.type },
    itotal: { title: "Inodes", least: 5, left: false, value: ({ disk }) => count(disk.inodes, base) },
    iused: { title: "IUsed", least: 5, left: false, value: ({ disk }) => count(disk.inodesUsed, base) },
    iavail: { title: "IFree", least: 5, left: false, value: ({ disk }) => count(disk.inodes - disk.inodesUsed, base) },
    ipcent: { title: "IUse%", least: 4, left: false, value: ({ disk }) => percent(disk.inodesUsed, disk.inodes) },
    size: { title, least: 5, left: false, value: ({ disk }) => size(disk.size) },
    used: { title: "Used", least: 5, left: false, value: ({ disk }) => size(disk.used) },
    avail: { title: human || call.has("output") ? "Avail" : "Available", least: 5, left: false, value: ({ disk }) => size(disk.available) }, // prettier-ignore
    pcent: { title: call.has("portability") ? "Capacity" : "Use%", least: 4, left: false, value: ({ disk }) => percent(disk.used, disk.used + disk.available) }, // prettier-ignore
    file: { title: "File", least: 4, left: true, value: ({ file }) => file },
    target: { title: "Mounted on", least: 0, left: true, value: ({ mount }) => mount.at },
  };
  if (call.has("output")) {
    const names = (call.value("output") ?? Object.keys(all).join(",")).split(",");
    const bad = names.find((name) => !all[name]);
    if (bad !== undefined) return `option --output: field ${call.quote(bad)} unknown`;
    return names.map((name) => all[name]!);
  }
  const middle = call.has("inodes") ? ["itotal", "iused", "iavail", "ipcent"] : ["size", "used", "avail", "pcent"];
  return ["source", ...(call.has("printType") ? ["fstype"] : []), ...middle, "target"].map((name) => all[name]!);
}

function count(inodes: number, base: 1000 | 1024 | undefined): string {
  return base === undefined ? String(inodes) : humanSize(inodes, base);
}

function totalOf(rows: readonly Row[]): Row {
  const sum = (of: (disk: Disk) => number): number => rows.reduce((all, { disk }) => all + of(disk), 0);
  return {
    mount: { at: "-", source: "total", type: "-" },
    disk: {
      size: sum((disk) => disk.size),
      used: sum((disk) => disk.used),
      available: sum((disk) => disk.available),
      inodes: sum((disk) => disk.inodes),
      inodesUsed: sum((disk) => disk.inodesUsed),
      major: 0,
      minor: 0,
    },
    file: "-",
  };
}
