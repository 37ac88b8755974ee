import { createHash, createHmac } from "node:crypto";
import { integer, sequence } from "./der-writer.ts";

/**
 * Points of NIST P-256 (FIPS 186-4 D.1.2.3) and ECDSA with the nonce of RFC 6979. node:crypto draws its nonce from the
 * machine, which would make worlds of one seed differ. Two milliseconds a signature: kubelets need one per certificate request.
 */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const G: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** Jacobian coordinates: the point (x / z², y / z³), or the point at infinity where z is 0. They need no inversion per step. */
interface Jacobian extends Point {
  readonly z: bigint;
}

/** The public key of a private one, uncompressed. */
export function pointOf(scalar: bigint): Uint8Array {
  const point = multiply(scalar);
  return Uint8Array.of(4, ...bytes32(point.x), ...bytes32(point.y));
}

/** ECDSA over SHA-256 as a DER sequence of r and s. */
export function signP256(scalar: bigint, message: Uint8Array): Uint8Array {
  const digest = createHash("sha256").update(message).digest();
  const z = toInteger(digest);
  for (const k of nonces(scalar, digest)) {
    const r = multiply(k).x % N;
    const s = mod(invert(k, N) * (z + r * scalar), N);
    if (r > 0n && s > 0n) return sequence(integer(r), integer(s));
  }
  throw new Error("unreachable: RFC 6979 yields nonces for ever");
}

/** RFC 6979 3.2 with HMAC-SHA-256. */
function* nonces(scalar: bigint, digest: Uint8Array): Generator<bigint> {
  const seed = Buffer.concat([bytes32(scalar), bytes32(toInteger(digest) % N)]);
  let value: Uint8Array = Buffer.alloc(32, 1);
  let key: Uint8Array = Buffer.alloc(32);
  for (const round of [0, 1]) {
    key = hmac(key, value, Uint8Array.of(round), seed);
    value = hmac(key, value);
  }
  for (;;) {
    value = hmac(key, value);
    const k = toInteger(value);
    if (k > 0n && k < N) yield k;
    key = hmac(key, value, Uint8Array.of(0));
    value = hmac(key, value);
  }
}

/** `scalar` times the base point, by doubling and adding from the highest bit. `scalar` is between 1 and N - 1. */
function multiply(scalar: bigint): Point {
  let sum: Jacobian = { x: 1n, y: 1n, z: 0n };
  for (const bit of scalar.toString(2)) {
    sum = double(sum);
    if (bit === "1") sum = addBase(sum);
  }
  const inverse = invert(sum.z, P);
  const square = mod(inverse * inverse, P);
  return { x: mod(sum.x * square, P), y: mod(sum.y * square * inverse, P) };
}

/** For curves with a = -3 (hyperelliptic.org/EFD, dbl-2001-b). */
function double({ x, y, z }: Jacobian): Jacobian {
  const delta = mod(z * z, P);
  const gamma = mod(y * y, P);
  const beta = mod(x * gamma, P);
  const alpha = mod(3n * (x - delta) * (x + delta), P);
  const x3 = mod(alpha * alpha - 8n * beta, P);
  return { x: x3, y: mod(alpha * (4n * beta - x3) - 8n * gamma * gamma, P), z: mod((y + z) ** 2n - gamma - delta, P) };
}

/** The sum with the base point, whose z is 1. A scalar below N never meets the base point itself or its negative here. */
function addBase(a: Jacobian): Jacobian {
  if (a.z === 0n) return { ...G, z: 1n };
  const square = mod(a.z * a.z, P);
  const h = mod(G.x * square - a.x, P);
  const r = mod(G.y * a.z * square - a.y, P);
  const hh = mod(h * h, P);
  const hhh = mod(h * hh, P);
  const v = mod(a.x * hh, P);
  const x = mod(r * r - hhh - 2n * v, P);
  return { x, y: mod(r * (v - x) - a.y * hhh, P), z: mod(a.z * h, P) };
}

/** The inverse modulo a prime, by Euclid's algorithm. */
function invert(value: bigint, prime: bigint): bigint {
  let [a, b] = [mod(value, prime), prime];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return mod(x, prime);
}

function mod(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function bytes32(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}
