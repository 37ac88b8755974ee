import { createHash } from "node:crypto";
import { crypt64 } from "./sha-crypt.ts";

/** Poul-Henning Kamp's crypt with MD5, as `$1$` and Apache's `$apr1$` have it (apps/passwd.c md5crypt). */
export function md5Crypt(magic: "1" | "apr1", password: string, salt: string): string {
  const secret = Buffer.from(password, "utf8");
  const start = Buffer.from(salt, "utf8");
  const md5 = (...parts: readonly Uint8Array[]): Buffer => createHash("md5").update(Buffer.concat(parts)).digest();
  const alternate = md5(secret, start, secret);
  const first: Uint8Array[] = [secret, Buffer.from(`$${magic}$`), start];
  for (let left = secret.length; left > 0; left -= 16) first.push(alternate.subarray(0, Math.min(16, left)));
  for (let bits = secret.length; bits > 0; bits >>= 1) first.push(bits & 1 ? Buffer.of(0) : secret.subarray(0, 1));
  let hash = md5(...first);
  for (let round = 0; round < 1000; round++) {
    const parts: Uint8Array[] = [round & 1 ? secret : hash];
    if (round % 3 !== 0) parts.push(start);
    if (round % 7 !== 0) parts.push(secret);
    parts.push(round & 1 ? hash : secret);
    hash = md5(...parts);
  }
  const order = [0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5];
  let out = "";
  for (let at = 0; at < 15; at += 3) out += crypt64(hash[order[at]!]!, hash[order[at + 1]!]!, hash[order[at + 2]!]!, 4);
  return `$${magic}$${salt}$${out}${crypt64(0, 0, hash[11]!, 2)}`;
}
