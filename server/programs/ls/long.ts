import type { Host, Stat } from "../../sim/host/index.ts";
import { SECOND, type Time } from "../../sim/kernel/index.ts";
import { blocks512, DEVICE_NUMBERS } from "../gnu/disk.ts";
import { modeLetters } from "../gnu/mode.ts";
import { strftime } from "../gnu/strftime.ts";
import { columnsOf } from "../gnu/width.ts";
import type { Colors } from "./colors.ts";
import type { Entry } from "./entry.ts";
import type { Namer } from "./name.ts";
import type { Settings } from "./settings.ts";

export interface Context {
  readonly settings: Settings;
  readonly name: Namer;
  readonly colors: Colors | undefined;
  readonly aligned: boolean;
  readonly host: Host;
  readonly now: Time;
}

/** Half a Gregorian year: older files show their year, as do those from the future. */
const HALF_A_YEAR = (31_556_952 / 2) * SECOND;

/** KiB that a file takes on its disk, in blocks of 4 KiB. */
export function blocksOf({ type, size, ino }: Stat): number {
  return blocks512({ type, size, ino }) / 2;
}

/** The lines of `ls -l`; numbers are as wide as the widest. */
export function longLines(entries: readonly Entry[], context: Context): string {
  const { settings, host } = context;
  const users = new Map(host.users.all().map(({ uid, name }) => [uid, name]));
  const groups = new Map(host.users.groups().map(({ gid, name }) => [gid, name]));
  const nameOf = (names: ReadonlyMap<number, string>, id: number): string =>
    settings.numeric ? String(id) : (names.get(id) ?? String(id));
  const rows = entries.map((entry) => {
    const { stat } = entry;
    return {
      entry,
      inode: String(stat.ino),
      blocks: settings.size(blocksOf(stat) * 1024, "blocks"),
      mode: modeLetters(stat.type, stat.mode),
      links: String(stat.links),
      owner: nameOf(users, stat.uid),
      group: nameOf(groups, stat.gid),
      size: sizeOf(stat, settings),
      date: dateOf(stat.mtime, context),
    };
  });
  const width = (of: "inode" | "blocks" | "links" | "owner" | "group" | "size"): number =>
    Math.max(...rows.map((row) => columnsOf(row[of])));
  const widths = {
    inode: width("inode"),
    blocks: width("blocks"),
    links: width("links"),
    owner: width("owner"),
    group: width("group"),
    size: width("size"),
  };
  const id = (text: string, wide: number): string => (settings.numeric ? text.padStart(wide) : text.padEnd(wide));
  return rows
    .map((row) => {
      const fields = [
        ...(settings.inode ? [row.inode.padStart(widths.inode)] : []),
        ...(settings.blocks ? [row.blocks.padStart(widths.blocks)] : []),
        row.mode,
        row.links.padStart(widths.links),
        ...(settings.owner ? [id(row.owner, widths.owner)] : []),
        ...(settings.group ? [id(row.group, widths.group)] : []),
        ...(settings.author ? [id(row.owner, widths.owner)] : []),
        row.size.padStart(widths.size),
        row.date,
        shownName(row.entry, context) + arrow(row.entry, context),
      ];
      return fields.join(" ") + settings.end;
    })
    .join("");
}

function sizeOf(stat: Stat, settings: Settings): string {
  if (stat.type === "char" || stat.type === "block") {
    // Devices have numbers instead of a size.
    const [major, minor] = DEVICE_NUMBERS[stat.device ?? ""] ?? [0, 0];
    return `${major}, ${String(minor).padStart(3)}`;
  }
  return settings.size(stat.size, "bytes");
}

function dateOf(time: Time, { settings: { timeStyle, zone }, now }: Context): string {
  const recent = time > now - HALF_A_YEAR && time <= now;
  if (timeStyle.startsWith("+")) {
    const [older, newer] = timeStyle.slice(1).split("\n");
    return strftime(recent ? (newer ?? older!) : older!, time, zone);
  }
  switch (timeStyle.replace(/^posix-/, "")) {
    case "full-iso":
      return strftime("%Y-%m-%d %H:%M:%S.%N %z", time, zone);
    case "long-iso":
      return strftime("%Y-%m-%d %H:%M", time, zone);
    case "iso":
      return strftime(recent ? "%m-%d %H:%M" : "%Y-%m-%d ", time, zone);
    default:
      return strftime(recent ? "%b %e %H:%M" : "%b %e  %Y", time, zone);
  }
}

/** A name with its colour and indicator. */
export function shownName(entry: Entry, { name, colors, aligned, settings }: Context): string {
  const quoted = name(entry.name, aligned);
  const lead = quoted.startsWith(" ") && !entry.name.startsWith(" ") ? " " : "";
  const painted = colors ? lead + colors.paint(entry, quoted.slice(lead.length)) : quoted;
  // In a long listing the indicator of a link stands behind its target.
  const hidden = settings.format === "long" && entry.target !== undefined;
  return painted + (hidden ? "" : indicatorOf(entry.stat, settings));
}

function arrow(entry: Entry, { name, colors, settings }: Context): string {
  if (entry.target === undefined) return "";
  const target = name(entry.target, false);
  const painted = colors ? colors.paint(entry, target, true) : target;
  return ` -> ${painted}${entry.behind ? indicatorOf(entry.behind, settings) : ""}`;
}

export function indicatorOf({ type, mode }: Stat, { indicator }: Settings): string {
  if (indicator === "none") return "";
  if (type === "dir") return "/";
  if (indicator === "slash") return "";
  if (type === "link") return "@";
  if (type === "fifo") return "|";
  if (type === "socket") return "=";
  return indicator === "classify" && type === "file" && (mode & 0o111) !== 0 ? "*" : "";
}
