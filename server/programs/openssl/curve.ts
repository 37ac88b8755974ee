import { createECDH, createHash, createHmac } from "node:crypto";
import { integer, sequence } from "../../sim/kube/pki/index.ts";

/** A named curve: what OpenSSL and NIST call it, its order, and how many bytes a coordinate has. */
export interface Curve {
  readonly name: string;
  readonly nist?: string;
  readonly dotted: string;
  readonly order: bigint;
  readonly bytes: number;
  readonly bits: number;
}

/** SEC 2 (version 2.0). */
export const CURVES: readonly Curve[] = [
  {
    name: "prime256v1",
    nist: "P-256",
    dotted: "1.2.840.10045.3.1.7",
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    bytes: 32,
    bits: 256,
  },
  {
    name: "secp384r1",
    nist: "P-384",
    dotted: "1.3.132.0.34",
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    bytes: 48,
    bits: 384,
  },
  {
    name: "secp521r1",
    nist: "P-521",
    dotted: "1.3.132.0.35",
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    bytes: 66,
    bits: 521,
  },
  {
    name: "secp256k1",
    dotted: "1.3.132.0.10",
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    bytes: 32,
    bits: 256,
  },
];

/** By OpenSSL's or NIST's name (EC_curve_nist2nid), or by number. */
export function findCurve(name: string): Curve | undefined {
  return CURVES.find((curve) => curve.name === name || curve.nist === name || curve.dotted === name);
}

/** The public point of a secret, uncompressed. */
export function pointOn(curve: Curve, scalar: bigint): Uint8Array {
  const ecdh = createECDH(curve.name);
  ecdh.setPrivateKey(fixed(scalar, curve.bytes));
  return Uint8Array.from(ecdh.getPublicKey());
}

/**
 * ECDSA as a DER sequence of r and s, with the nonce of RFC 6979: the same key and bytes give the same signature, so that
 * worlds of one seed do not differ. (The real openssl draws its nonce.)
 */
export function signEcdsa(curve: Curve, scalar: bigint, hash: string, message: Uint8Array): Uint8Array {
  const { order } = curve;
  const digest = createHash(hash).update(message).digest();
  const z = toInteger(digest, curve);
  for (const k of nonces(curve, scalar, hash, z)) {
    const point = pointOn(curve, k);
    const r = big(point.subarray(1, 1 + curve.bytes)) % order;
    const s = mod(invert(k, order) * (z + r * scalar), order);
    if (r > 0n && s > 0n) return sequence(integer(r), integer(s));
  }
  throw new Error("unreachable: RFC 6979 yields nonces for ever");
}

export function fixed(value: bigint, bytes: number): Uint8Array {
  return Buffer.from(value.toString(16).padStart(bytes * 2, "0"), "hex");
}

export function big(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** RFC 6979 3.2. */
function* nonces(curve: Curve, scalar: bigint, hash: string, z: bigint): Generator<bigint> {
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]): Uint8Array =>
    createHmac(hash, key).update(Buffer.concat(parts)).digest();
  const size = createHash(hash).digest().length;
  const seed = Buffer.concat([fixed(scalar, curve.bytes), fixed(z % curve.order, curve.bytes)]);
  let value: Uint8Array = Buffer.alloc(size, 1);
  let key: Uint8Array = Buffer.alloc(size);
  for (const round of [0, 1]) {
    key = hmac(key, value, Uint8Array.of(round), seed);
    value = hmac(key, value);
  }
  for (;;) {
    let bytes: Uint8Array = new Uint8Array();
    while (bytes.length < curve.bytes) {
      value = hmac(key, value);
      bytes = Buffer.concat([bytes, value]);
    }
    const k = toInteger(bytes.subarray(0, curve.bytes), curve);
    if (k > 0n && k < curve.order) yield k;
    key = hmac(key, value, Uint8Array.of(0));
    value = hmac(key, value);
  }
}

/** The leftmost bits, as many as the order has (bits2int). */
function toInteger(bytes: Uint8Array, curve: Curve): bigint {
  const excess = bytes.length * 8 - curve.bits;
  return excess > 0 ? big(bytes) >> BigInt(excess) : big(bytes);
}

function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function invert(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [mod(value, modulus), modulus, 1n, 0n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return mod(x, modulus);
}
