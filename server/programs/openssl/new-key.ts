import { checkPrime, type CheckPrimeOptions } from "node:crypto";
import { promisify } from "node:util";
import type { Process } from "../../sim/host/index.ts";
import { MICROSECOND, MILLISECOND } from "../../sim/kernel/index.ts";
import type { Call } from "./call.ts";
import { big, type Curve } from "./curve.ts";
import { ecKey, ed25519Key, readPkcs1, rsaKey, type PrivateKey } from "./key.ts";
import pool from "./rsa-pool.json" with { type: "json" };

const POOL: Readonly<Record<string, readonly string[]>> = pool.keys;

/** Of larger numbers a single test takes too long. */
export const MOST_BITS = 16_384;

/** Refuses keys that nobody could wait for. */
export function refuseLarge(call: Call, command: string, bits: number): void {
  if (bits <= MOST_BITS) return;
  throw call.failure(`drydock: openssl: ${command}: keys of more than ${MOST_BITS} bits are not simulated\n`, [], 64);
}

/**
 * A new RSA key. The search for primes of the usual sizes is made already: the keys of a committed pool, each of them once in a
 * world, in an order that begins where the seed says. Other sizes, and what comes after the pool, are searched for.
 */
export async function newRsaKey(process: Process, bits: number): Promise<PrivateKey> {
  const { kernel } = process;
  if (process.spend((bits / 2048) ** 3 * 60 * MILLISECOND)) await process.pause();
  const keys = POOL[String(bits)] ?? [];
  const taken = kernel.state.table<number, { readonly first: number; readonly count: number }>("openssl-keys");
  const { first, count } = taken.get(bits) ?? {
    first: keys.length === 0 ? 0 : kernel.random.below("openssl/pool", keys.length),
    count: 0,
  };
  if (count >= keys.length) return searchRsaKey(process, bits);
  taken.set(bits, { first, count: count + 1 });
  return readPkcs1(Buffer.from(keys[(first + count) % keys.length]!, "base64"))!;
}

export function newEcKey(process: Process, curve: Curve): PrivateKey {
  return ecKey(curve, (big(randomBytes(process, curve.bytes + 8)) % (curve.order - 1n)) + 1n);
}

export function newEd25519Key(process: Process): PrivateKey {
  return ed25519Key(randomBytes(process, 32));
}

/** Bytes of the simulated random number generator. */
export function randomBytes(process: Process, count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(process.kernel.random.hex("openssl", count * 2), "hex"));
}

const EXPONENT = 65_537n;

async function searchRsaKey(process: Process, bits: number): Promise<PrivateKey> {
  for (;;) {
    const found = [await prime(process, Math.ceil(bits / 2)), await prime(process, Math.floor(bits / 2))];
    const [p, q] = found.toSorted((a, b) => (a > b ? -1 : 1)) as [bigint, bigint];
    const modulus = p * q;
    if (p === q || modulus.toString(2).length !== bits) continue;
    const secret = inverse(EXPONENT, ((p - 1n) * (q - 1n)) / divisor(p - 1n, q - 1n));
    return rsaKey([modulus, EXPONENT, secret, p, q, secret % (p - 1n), secret % (q - 1n), inverse(q, p)]);
  }
}

/** A prime with its two highest bits set, so that a product of two has the wanted size. */
async function prime(process: Process, bits: number): Promise<bigint> {
  const top = 3n << BigInt(bits - 2);
  let candidate = (big(randomBytes(process, Math.ceil(bits / 8))) & ((1n << BigInt(bits)) - 1n)) | top | 1n;
  for (; ; candidate += 2n) {
    if ((candidate - 1n) % EXPONENT === 0n || SMALL_PRIMES.some((small) => candidate % small === 0n)) continue;
    if (await isPrime(process, candidate, { checks: 5 })) return candidate;
  }
}

const check = promisify<bigint, CheckPrimeOptions, boolean>(checkPrime);

/** Tests a number beside the thread, since that takes long for large ones. The program rests afterwards: a Ctrl-C ends it. */
export async function isPrime(process: Process, candidate: bigint, options: CheckPrimeOptions = {}): Promise<boolean> {
  const is = await process.kernel.busy(check(candidate, options));
  await process.sleep(100 * MICROSECOND);
  return is;
}

/** Most candidates have a factor among them. */
const SMALL_PRIMES: readonly bigint[] = primesBelow(2000);

function primesBelow(end: number): bigint[] {
  const primes: number[] = [];
  for (let number = 3; number < end; number += 2)
    if (primes.every((small) => number % small !== 0)) primes.push(number);
  return primes.map(BigInt);
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b);
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** The dots that a search for primes shows (app_RAND's genrsa_cb): chance gives how many. */
export function progress(process: Process): string {
  const { random } = process.kernel;
  const dots = (): string => ".".repeat(1 + random.below("openssl/dots", 25)).replace(/.$/, "+");
  const line = (): string => {
    const search = Array.from({ length: 4 + random.below("openssl/dots", 12) }, dots).join("");
    return `${search}${"+".repeat(64)}*${dots()}${dots()}${"+".repeat(64)}\n`;
  };
  return line() + line();
}
