import { createHash } from "node:crypto";

/** So many random bytes. */
export type Random = (count: number) => Uint8Array;

/** 256 bits that nobody guesses, for a cookie or a link. */
export function newSecret(random: Random): string {
  return Buffer.from(random(32)).toString("base64url");
}

/** What is stored of a secret. It is random enough that a plain hash does. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The id of a new account, session, invitation or class. It is no secret. */
export function newId(random: Random): string {
  return Buffer.from(random(12)).toString("base64url");
}
