import { createHash } from "node:crypto";
import type { Process } from "../../sim/host/index.ts";
import { MICROSECOND } from "../../sim/kernel/index.ts";

const ROUND = 5 * MICROSECOND;

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Ulrich Drepper's crypt with SHA-256 (`$5$`) and SHA-512 (`$6$`); the salt may begin with `rounds=N$`. */
export async function shaCrypt(
  process: Process,
  name: "sha256" | "sha512",
  password: string,
  given: string,
): Promise<string> {
  const stated = /^rounds=(\d+)\$(.*)$/.exec(given);
  const rounds = stated ? Math.min(Math.max(Number(stated[1]), 1000), 999_999_999) : 5000;
  const salt = (stated ? stated[2]! : given).split("$")[0]!.slice(0, 16);
  const secret = Buffer.from(password, "utf8");
  const start = Buffer.from(salt, "utf8");
  const size = name === "sha512" ? 64 : 32;
  const digest = (...parts: readonly Uint8Array[]): Buffer => createHash(name).update(Buffer.concat(parts)).digest();
  const repeated = (source: Uint8Array, length: number): Buffer => Buffer.alloc(length, source);

  const alternate = digest(secret, start, secret);
  const parts: Uint8Array[] = [secret, start];
  if (secret.length > 0) parts.push(repeated(alternate, secret.length));
  for (let bits = secret.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : secret);
  let hash = digest(...parts);
  const p =
    secret.length === 0
      ? Buffer.alloc(0)
      : repeated(digest(...Array.from({ length: secret.length }, () => secret)), secret.length);
  const saltHash = digest(...Array.from({ length: 16 + hash[0]! }, () => start));
  const s = start.length === 0 ? Buffer.alloc(0) : repeated(saltHash, start.length);
  for (let round = 0; round < rounds; round++) {
    const odd = (round & 1) === 1;
    const mix: Uint8Array[] = [odd ? p : hash];
    if (round % 3 !== 0) mix.push(s);
    if (round % 7 !== 0) mix.push(p);
    mix.push(odd ? hash : p);
    hash = digest(...mix);
    if (process.spend(ROUND)) await process.pause();
  }
  const magic = name === "sha512" ? "6" : "5";
  return `$${magic}$${stated ? `rounds=${rounds}$` : ""}${salt}$${letters(hash, size)}`;
}

/** Three bytes as four letters, the lowest bits first. */
export function crypt64(a: number, b: number, c: number, count: number): string {
  let value = (a << 16) | (b << 8) | c;
  let out = "";
  for (let at = 0; at < count; at++) {
    out += ALPHABET[value & 0x3f]!;
    value >>>= 6;
  }
  return out;
}

/** The bytes in the order of the specification: three at a distance of a third, turned with every group. */
function letters(hash: Buffer, size: number): string {
  const third = Math.floor(size / 3);
  let [a, b, c] = [0, third, third * 2];
  let out = "";
  for (let group = 0; group < third; group++) {
    out += crypt64(hash[a]!, hash[b]!, hash[c]!, 4);
    if (size === 64) [a, b, c] = [b + 1, c + 1, a + 1];
    else [a, b, c] = [c + 1, a + 1, b + 1];
  }
  if (size === 64) return out + crypt64(0, 0, hash[63]!, 2);
  return out + crypt64(0, hash[31]!, hash[30]!, 3);
}
