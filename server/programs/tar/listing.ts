import { calendar, pad } from "../../sim/kernel/index.ts";
import type { Member } from "./header.ts";

const LETTERS = { file: "-", dir: "d", link: "l", hard: "h", fifo: "p" } as const;

/** A member as `t` shows it; with `long` as `tv` does. */
export function listing(member: Member, long: boolean, name = member.name): string {
  if (!long) return `${name}\n`;
  const { year, month, day, hour, minute } = calendar(member.mtime);
  const date = `${year}-${pad(month, 2)}-${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}`;
  const owner = `${member.owner || member.uid}/${member.group || member.gid}`;
  const size = String(member.size);
  const gap = " ".repeat(Math.max(1, 19 - owner.length - size.length));
  const link =
    member.type === "link" ? ` -> ${member.target}` : member.type === "hard" ? ` link to ${member.target}` : "";
  return `${LETTERS[member.type]}${permissions(member.mode)} ${owner}${gap}${size} ${date} ${name}${link}\n`;
}

function permissions(mode: number): string {
  const bits = Array.from(mode.toString(2).padStart(12, "0").slice(-9));
  const shown = bits.map((bit, at) => (bit === "1" ? "rwx"[at % 3]! : "-"));
  const special = (mask: number, at: number, set: string): void => {
    if (mode & mask) shown[at] = shown[at] === "x" ? set : set.toUpperCase();
  };
  special(0o4000, 2, "s");
  special(0o2000, 5, "s");
  special(0o1000, 8, "t");
  return shown.join("");
}
