import { hash } from "node:crypto";

/** What stands before a name that was shortened. */
const SHORTENED = "_";

/** `s:dSXImMSA1iXO…`: a name for what a text describes (libcalico-go/lib/hash MakeUniqueID). */
export function makeUniqueId(prefix: string, content: string): string {
  return `${prefix}:${hash("sha224", `${prefix}:${content}`, "base64url")}`;
}

/** The prefix and the suffix, or in place of a suffix that is too long its hash (libcalico-go/lib/hash GetLengthLimitedID). */
export function lengthLimitedId(prefix: string, suffix: string, most: number): string {
  const whole = prefix + (suffix === "" ? SHORTENED : suffix);
  if (whole.length < most || (whole.length === most && !suffix.startsWith(SHORTENED))) return whole;
  return prefix + SHORTENED + hash("sha256", suffix, "base64url").slice(0, most - prefix.length - 1);
}
