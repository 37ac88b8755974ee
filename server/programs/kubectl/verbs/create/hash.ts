import { createHash } from "node:crypto";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { encodeJson } from "../../output/index.ts";

/** Characters that make no words, in place of some hexadecimal digits. */
const ENCODE: Readonly<Record<string, string>> = { 0: "g", 1: "h", 3: "k", a: "m", e: "t" };

/** A name with ten characters of a hash over the content, for `--append-hash` (kubectl pkg/util/hash/hash.go). */
export function hashedName(kind: string, name: string, content: JsonObject): string {
  const text = encodeJson({ kind, name, ...content });
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return `${name}-${[...hash].map((digit) => ENCODE[digit] ?? digit).join("")}`;
}
