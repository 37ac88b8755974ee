import type { Random } from "../../kernel/index.ts";
import type { JsonObject } from "./json.ts";
import { dumpForHash } from "./schema/go/dump.ts";

/** No vowels and none of 0, 1 and 3, so that no word comes about (apimachinery/pkg/util/rand). */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const SUFFIX = 5;
const MAX_LENGTH = 63;

export function randomSuffix(random: Random, length = SUFFIX): string {
  return random.text("kube/names", length, ALPHABET);
}

/** `base` and five random characters; the base is cut so that the name stays a label (apiserver/pkg/storage/names). */
export function generateName(random: Random, base: string): string {
  return base.slice(0, MAX_LENGTH - SUFFIX) + randomSuffix(random);
}

/** 32-bit FNV-1a over the UTF-16 code units of a text and then over the bytes given. */
export function fnv1a(text: string, bytes: readonly number[] = []): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

const dumps = new WeakMap<object, string>();

/**
 * The label pod-template-hash: FNV-1a of the Go dump of a v1.PodTemplateSpec and the collision count, its decimal digits in
 * the alphabet of random suffixes (pkg/controller ComputeHash): the very hashes of a real 1.33 cluster.
 */
export function templateHash(template: object, collisionCount?: number): string {
  let dump = dumps.get(template);
  if (dump === undefined) dumps.set(template, (dump = dumpForHash("v1.PodTemplateSpec", template as JsonObject)));
  const bytes: number[] = [];
  if (collisionCount !== undefined)
    for (let at = 0; at < 8; at++) bytes.push(at < 4 ? (collisionCount >>> (8 * at)) & 0xff : 0);
  return safeEncode(String(fnv1a(dump, bytes)));
}

/** As apimachinery rand.SafeEncodeString. */
export function safeEncode(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; at++) out += ALPHABET[text.charCodeAt(at) % ALPHABET.length]!;
  return out;
}

/** JSON whose keys are sorted at every depth, so that equal values have equal texts. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(sortedKeys(value));
}

function sortedKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortedKeys);
  const object = value as Record<string, unknown>;
  const keys = Object.keys(object).sort();
  if (keys.includes("__proto__")) return Object.fromEntries(keys.map((key) => [key, sortedKeys(object[key])]));
  const out: Record<string, unknown> = {};
  for (const key of keys) out[key] = sortedKeys(object[key]);
  return out;
}
