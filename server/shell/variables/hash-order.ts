import { encode } from "../../sim/kernel/index.ts";

/**
 * The order in which bash walks its hash tables: variables (what `env` prints) and associative arrays. As hashlib.c:
 * FNV-1 over the bytes, buckets in order, in a bucket the newest first. Tables start with 1024 buckets and grow fourfold
 * when they hold twice as many entries.
 */
export function hashOrder(keys: readonly string[]): string[] {
  let buckets = 1024;
  while (keys.length > buckets * 2) buckets *= 4;
  return keys
    .map((key, at) => ({ key, at, bucket: (hashString(key) & (buckets - 1)) >>> 0 }))
    .sort((a, b) => a.bucket - b.bucket || b.at - a.at)
    .map(({ key }) => key);
}

const FNV_OFFSET = 2166136261;
const FNV_PRIME = 16777619;

function hashString(text: string): number {
  const bytes = encode(text);
  let hash = FNV_OFFSET | 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at);
    // A `char` is signed there.
    hash = Math.imul(hash, FNV_PRIME) ^ (byte > 127 ? byte - 256 : byte);
  }
  return hash;
}
