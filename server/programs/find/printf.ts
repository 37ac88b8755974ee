import { attempt, basename, dirname, Errno, type FileType, type Process } from "../../sim/host/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import { padText } from "../gnu/c-format.ts";
import { blocks512, diskOf } from "../gnu/disk.ts";
import { unescape } from "../gnu/escapes.ts";
import { modeLetters } from "../gnu/mode.ts";
import { strftime } from "../gnu/strftime.ts";
import type { Found } from "./expression.ts";

const LETTERS: Record<FileType, string> = {
  file: "f",
  dir: "d",
  link: "l",
  char: "c",
  block: "b",
  fifo: "p",
  socket: "s",
};

/** What `-printf FORMAT` writes for a file. */
export function formatFound(process: Process, found: Found, format: string): string {
  let out = "";
  for (const [part] of format.matchAll(/%[-+ #0]*\d*(?:\.\d+)?(?:[ACT].|[a-zA-Z%])|%|[^%]+/g)) {
    if (!part.startsWith("%")) {
      out += unescape(part, "format").bytes;
      continue;
    }
    const match = /^%([-+ #0]*)(\d*)(?:\.(\d+))?([ACT]?)(.)$/.exec(part);
    if (!match) {
      out += part;
      continue;
    }
    const [, flags, width, precision, time, letter] = match as unknown as [
      string,
      string,
      string,
      string | undefined,
      string,
      string,
    ];
    const text = time !== "" ? timeField(found, letter) : field(process, found, letter);
    out += padText(text ?? part, {
      flags,
      width: Number(width || 0),
      precision: precision === undefined ? undefined : Number(precision),
    });
  }
  return out;
}

function timeField({ stat }: Found, letter: string): string {
  const fraction = `${String(stat.mtime % SECOND).padStart(6, "0")}0000`;
  if (letter === "@") return `${Math.floor(stat.mtime / SECOND)}.${fraction}`;
  if (letter === "+") return strftime(`%Y-%m-%d+%H:%M:%S.${fraction}`, stat.mtime);
  if (letter === "S") return strftime(`%S.${fraction}`, stat.mtime);
  if (letter === "T") return strftime(`%H:%M:%S.${fraction}`, stat.mtime);
  return strftime(`%${letter}`, stat.mtime);
}

function field(process: Process, { path, start, depth, stat }: Found, letter: string): string | undefined {
  const { users, files } = process.host;
  switch (letter) {
    case "%":
      return "%";
    case "a":
    case "c":
    case "t":
      return strftime(`%a %b %e %H:%M:%S.${String(stat.mtime % SECOND).padStart(6, "0")}0000 %Y`, stat.mtime);
    case "b":
      return String(blocks512(stat));
    case "d":
      return String(depth);
    case "D": {
      const { major, minor } = diskOf(process.host, files.mountOf(path, process));
      return String(major * 256 + minor);
    }
    case "f":
      return basename(path);
    case "F":
      return files.mountOf(path, process).type;
    case "g":
      return users.groupByGid(stat.gid)?.name ?? String(stat.gid);
    case "G":
      return String(stat.gid);
    case "h":
      return path.includes("/") ? dirname(path) : ".";
    case "H":
      return start;
    case "i":
      return String(stat.ino);
    case "k":
      return String(blocks512(stat) / 2);
    case "l":
      return stat.type === "link" ? files.readlink(path, process) : "";
    case "m":
      return stat.mode.toString(8);
    case "M":
      return modeLetters(stat.type, stat.mode);
    case "n":
      return String(stat.links);
    case "p":
      return path;
    case "P":
      return path === start ? "" : path.slice(start.endsWith("/") ? start.length : start.length + 1);
    case "s":
      return String(stat.size);
    case "u":
      return users.byUid(stat.uid)?.name ?? String(stat.uid);
    case "U":
      return String(stat.uid);
    case "y":
      return LETTERS[stat.type];
    case "Y": {
      const behind = attempt(() => files.stat(path, process));
      return behind instanceof Errno ? "N" : LETTERS[behind.type];
    }
    default:
      return undefined;
  }
}
