import { AccountError } from "./errors.ts";

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@'-]{0,63}$/u;

/** A name as it is kept. Throws AccountError if it is not one. */
export function checkName(text: string): string {
  const name = text.normalize("NFC").trim().replaceAll(/ {2,}/g, " ");
  if (NAME.test(name)) return name;
  throw new AccountError(
    "bad-name",
    "That is not a name for an account.",
    "A name has up to 64 letters, digits, spaces and . _ @ ' -, and begins with a letter or a digit.",
  );
}

/** Names that people take for the same have the same key. */
export function nameKey(name: string): string {
  return name.normalize("NFKC").trim().replaceAll(/ {2,}/g, " ").toLowerCase();
}
