import { createHash } from "node:crypto";

const SYMBOLS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789(){}[]+=_$%^!*|/?.;:@#~";

/** The name of a set for what a text describes: a hash with all the signs that an ipset's name may have (npc/shortname.go). */
export function setName(text: string): string {
  let left = BigInt(`0x${createHash("sha1").update(text).digest("hex")}`);
  let name = "";
  for (const base = BigInt(SYMBOLS.length); left > 0n; left /= base) name += SYMBOLS[Number(left % base)]!;
  return `weave-${name}`;
}
