import { decode, encode, SECOND, type Bytes, type Time } from "../../sim/kernel/index.ts";

/** Archives are made of blocks of this size; whole ones are written in records of twenty. */
export const BLOCK = 512;
export const RECORD = 20 * BLOCK;

/** One member of an archive. */
export interface Member {
  readonly name: string;
  readonly type: "file" | "dir" | "link" | "hard" | "fifo";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  /** Bytes of content behind the header. */
  readonly size: number;
  readonly mtime: Time;
  /** Where a link points to. */
  readonly target: string;
}

const FLAGS = { file: "0", hard: "1", link: "2", dir: "5", fifo: "6" } as const;
const TYPES: Readonly<Record<string, Member["type"]>> = {
  "\0": "file", "0": "file", "7": "file", "1": "hard", "2": "link", "5": "dir", "6": "fifo",
}; // prettier-ignore

/** A member's header in GNU's format, with members before it for what is too long. */
export function header(member: Member): Bytes {
  const name = encode(member.name);
  const target = encode(member.target);
  return long("L", name) + long("K", target) + block(member, FLAGS[member.type], name, target, member.size);
}

/** Fills content up to whole blocks. */
export function padding(size: number): Bytes {
  return "\0".repeat((BLOCK - (size % BLOCK)) % BLOCK);
}

function long(flag: "L" | "K", value: Bytes): Bytes {
  if (value.length <= 100) return "";
  const member = { mode: 0o644, uid: 0, gid: 0, owner: "root", group: "root", mtime: 0 };
  const size = value.length + 1;
  return block(member, flag, "././@LongLink", "", size) + value + "\0" + padding(size);
}

function block(
  { mode, uid, gid, owner, group, mtime }: Pick<Member, "mode" | "uid" | "gid" | "owner" | "group" | "mtime">,
  flag: string,
  name: Bytes,
  target: Bytes,
  size: number,
): Bytes {
  const octal = (value: number, width: number): Bytes =>
    `${Math.floor(value)
      .toString(8)
      .padStart(width - 1, "0")}\0`;
  const text = (value: Bytes, width: number): Bytes => value.slice(0, width).padEnd(width, "\0");
  const before =
    text(name, 100) + octal(mode, 8) + octal(uid, 8) + octal(gid, 8) + octal(size, 12) + octal(mtime / SECOND, 12);
  const after =
    flag + text(target, 100) + "ustar  \0" + text(encode(owner), 32) + text(encode(group), 32) + "\0".repeat(16);
  const sum = [...before, ...after].reduce((total, char) => total + char.charCodeAt(0), 8 * 32);
  return text(`${before}${sum.toString(8).padStart(6, "0")}\0 ${after}`, BLOCK);
}

/** What a header block says; undefined if it is none. `flag` is its type as it stands there. */
export function readHeader(bytes: Bytes): { readonly member: Member; readonly flag: string } | undefined {
  const text = (from: number, width: number): string => bytes.slice(from, from + width).split("\0")[0]!;
  const number = (from: number, width: number): number => {
    if (bytes.charCodeAt(from) & 0x80)
      return Array.from(bytes.slice(from + 1, from + width)).reduce(
        (value, char) => value * 256 + char.charCodeAt(0),
        0,
      );
    return parseInt(text(from, width).trim() || "0", 8);
  };
  const sum = [...bytes].reduce((total, char, at) => total + (at >= 148 && at < 156 ? 32 : char.charCodeAt(0)), 0);
  if (sum !== number(148, 8)) return undefined;
  const flag = bytes[156]!;
  const prefix = bytes.slice(257, 263) === "ustar\0" ? text(345, 155) : "";
  const name = decode(prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`);
  const type = name.endsWith("/") && flag === "0" ? "dir" : (TYPES[flag] ?? "file");
  const member = {
    name,
    type,
    mode: number(100, 8) & 0o7777,
    uid: number(108, 8),
    gid: number(116, 8),
    owner: decode(text(265, 32)),
    group: decode(text(297, 32)),
    size: number(124, 12),
    mtime: number(136, 12) * SECOND,
    target: decode(text(157, 100)),
  };
  return { member, flag };
}

/** The records of a pax header: `27 path=some/long/name`. */
export function readPax(content: Bytes): Partial<Pick<Member, "name" | "target" | "size" | "mtime">> {
  const found: { name?: string; target?: string; size?: number; mtime?: Time } = {};
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(" ", at);
    const length = Number(content.slice(at, space));
    if (space < 0 || !(length > 0)) break;
    const [key = "", ...rest] = content.slice(space + 1, at + length - 1).split("=");
    const value = rest.join("=");
    if (key === "path") found.name = decode(value);
    else if (key === "linkpath") found.target = decode(value);
    else if (key === "size") found.size = Number(value);
    else if (key === "mtime") found.mtime = Math.round(Number(value) * SECOND);
    at += length;
  }
  return found;
}
