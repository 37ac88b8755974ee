import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { AccountError } from "./errors.ts";

const LEAST = 10;
const MOST = 200;
const SALT = 16;
const KEY = 32;

/** How much a hash costs: N = 2^cost, with blocks of r and p in turn. It needs 128 * N * r bytes of memory. */
export interface Cost {
  readonly cost: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB a hash; OWASP's Password Storage Cheat Sheet has it among the settings for scrypt that are as strong as each other. */
export const COST: Cost = { cost: 15, r: 8, p: 3 };

/** Throws AccountError if a password is not one to take. */
export function checkPassword(password: string): void {
  const length = [...password.normalize("NFKC")].length;
  if (length < LEAST)
    throw new AccountError(
      "bad-password",
      `A password has at least ${LEAST} characters.`,
      "A few words make a good one.",
    );
  if (length > MOST) throw new AccountError("bad-password", `A password has at most ${MOST} characters.`);
}

/** `scrypt$15$8$3$SALT$KEY`: salted and hashed, with its parameters, so that those of new ones may change. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(SALT);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost.cost, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Whether a password is the one that was hashed, in the same time whether it is or not. */
export async function isPassword(password: string, hashed: string): Promise<boolean> {
  const [scheme, cost, r, p, salt, key] = hashed.split("$");
  if (scheme !== "scrypt" || salt === undefined || key === undefined) return false;
  const derived = await derive(password, Buffer.from(salt, "base64url"), {
    cost: Number(cost),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(derived, Buffer.from(key, "base64url"));
}

function derive(password: string, salt: Buffer, { cost, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** cost;
  const options: ScryptOptions = { N, r, p, maxmem: 129 * N * r + 1024 * 1024 };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, KEY, options, (error, key) => (error ? reject(error) : resolve(key))),
  );
}
