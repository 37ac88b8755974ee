import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import {
  bitString,
  context,
  DerReader,
  integer,
  nullValue,
  octetString,
  oid,
  readSingle,
  sequence,
  TAG,
} from "../../sim/kube/pki/index.ts";
import { big, findCurve, fixed, pointOn, signEcdsa, type Curve } from "./curve.ts";

const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
const ED25519 = "1.3.101.112";

export type PublicKey =
  | { readonly kind: "rsa"; readonly modulus: bigint; readonly exponent: bigint }
  | { readonly kind: "ec"; readonly curve: Curve; readonly point: Uint8Array }
  | { readonly kind: "ed25519"; readonly bytes: Uint8Array };

/** `numbers` are those of PKCS #1: modulus, exponents, primes, their exponents, coefficient. */
export type PrivateKey =
  | { readonly kind: "rsa"; readonly numbers: readonly bigint[]; readonly public: PublicKey & { kind: "rsa" } }
  | { readonly kind: "ec"; readonly scalar: bigint; readonly public: PublicKey & { kind: "ec" } }
  | { readonly kind: "ed25519"; readonly seed: Uint8Array; readonly public: PublicKey & { kind: "ed25519" } };

export function rsaKey(numbers: readonly bigint[]): PrivateKey {
  return { kind: "rsa", numbers, public: { kind: "rsa", modulus: numbers[0]!, exponent: numbers[1]! } };
}

export function ecKey(curve: Curve, scalar: bigint, point = pointOn(curve, scalar)): PrivateKey {
  return { kind: "ec", scalar, public: { kind: "ec", curve, point } };
}

export function ed25519Key(seed: Uint8Array): PrivateKey {
  const object = createPrivateKey({ key: Buffer.from(edPkcs8(seed)), format: "der", type: "pkcs8" });
  const spki = createPublicKey(object).export({ format: "der", type: "spki" });
  return { kind: "ed25519", seed, public: { kind: "ed25519", bytes: Uint8Array.from(spki.subarray(-32)) } };
}

/** SubjectPublicKeyInfo. */
export function spki(key: PublicKey): Uint8Array {
  return sequence(algorithm(key), bitString(publicBits(key)));
}

/** What a key identifier is the SHA-1 of. */
export function publicBits(key: PublicKey): Uint8Array {
  if (key.kind === "rsa") return sequence(integer(key.modulus), integer(key.exponent));
  return key.kind === "ec" ? key.point : key.bytes;
}

export function readSpki(der: Uint8Array): PublicKey | undefined {
  const body = new DerReader(der).enter();
  const info = body?.enter();
  const name = info?.oid();
  const bits = body?.bitString();
  if (!info || !bits) return undefined;
  if (name === RSA) return readRsaPublic(bits);
  if (name === ED25519) return { kind: "ed25519", bytes: Uint8Array.from(bits) };
  const curve = name === EC ? findCurve(info.oid() ?? "") : undefined;
  return curve && { kind: "ec", curve, point: Uint8Array.from(bits) };
}

/** PKCS #1 RSAPublicKey. */
export function readRsaPublic(der: Uint8Array): PublicKey | undefined {
  const body = new DerReader(der).enter();
  const modulus = body?.integer();
  const exponent = body?.integer();
  return modulus === undefined || exponent === undefined ? undefined : { kind: "rsa", modulus, exponent };
}

/** PKCS #1, or SEC 1: the forms of their own that RSA and EC keys have. Ed25519 has none. */
export function traditional(key: PrivateKey): Uint8Array | undefined {
  if (key.kind === "rsa") return sequence(integer(0), ...key.numbers.map((number) => integer(number)));
  if (key.kind === "ec") return sec1(key, true);
  return undefined;
}

export function pkcs8(key: PrivateKey): Uint8Array {
  if (key.kind === "ed25519") return edPkcs8(key.seed);
  const content = key.kind === "ec" ? sec1(key, false) : traditional(key)!;
  return sequence(integer(0), algorithm(key.public), octetString(content));
}

export function readPkcs8(der: Uint8Array): PrivateKey | undefined {
  const body = new DerReader(der).enter();
  if (body?.integer() === undefined) return undefined;
  const info = body.enter();
  const name = info?.oid();
  const content = body.next(TAG.octetString)?.content;
  if (!info || !content) return undefined;
  if (name === RSA) return readPkcs1(content);
  if (name === EC) return readSec1(content, info.oid());
  const seed = name === ED25519 ? readSingle(content, TAG.octetString)?.content : undefined;
  return seed?.length === 32 ? ed25519Key(Uint8Array.from(seed)) : undefined;
}

export function readPkcs1(der: Uint8Array): PrivateKey | undefined {
  const body = new DerReader(der).enter();
  if (body?.integer() !== 0n) return undefined;
  const numbers: bigint[] = [];
  while (numbers.length < 8) {
    const number = body.integer();
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return rsaKey(numbers);
}

export function readSec1(der: Uint8Array, curveName?: string): PrivateKey | undefined {
  const body = new DerReader(der).enter();
  if (body?.integer() !== 1n) return undefined;
  const secret = body.next(TAG.octetString)?.content;
  const named = body.peek() === 0xa0 ? body.enter(0xa0)?.oid() : curveName;
  const point = body.peek() === 0xa1 ? body.enter(0xa1)?.bitString() : undefined;
  const curve = named === undefined ? undefined : findCurve(named);
  return secret && curve && ecKey(curve, big(secret), point && Uint8Array.from(point));
}

/** Signs bytes: with their hash, except for Ed25519. RSA by PKCS #1 v1.5. Always the same signature. */
export function signWith(key: PrivateKey, hash: string, bytes: Uint8Array): Uint8Array {
  if (key.kind === "ec") return signEcdsa(key.public.curve, key.scalar, hash, bytes);
  const object = createPrivateKey({ key: Buffer.from(pkcs8(key)), format: "der", type: "pkcs8" });
  return sign(key.kind === "rsa" ? hash : null, bytes, object);
}

export function verifyWith(info: Uint8Array, hash: string | null, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    const object = createPublicKey({ key: Buffer.from(info), format: "der", type: "spki" });
    return verify(hash, bytes, object, signature);
  } catch {
    // Bytes that are no key.
    return false;
  }
}

const RSA_SIGNATURES: Readonly<Record<string, string>> = { md5: "4", sha1: "5", sha256: "11", sha384: "12", sha512: "13", sha224: "14" }; // prettier-ignore
const EC_SIGNATURES: Readonly<Record<string, string>> = { sha1: "1", sha224: "3.1", sha256: "3.2", sha384: "3.3", sha512: "3.4" }; // prettier-ignore

/** AlgorithmIdentifier of a signature; undefined if the kind of key cannot sign that hash. */
export function signatureAlgorithm(key: PrivateKey, hash: string): Uint8Array | undefined {
  if (key.kind === "ed25519") return sequence(oid(ED25519));
  if (key.kind === "rsa")
    return RSA_SIGNATURES[hash] === undefined
      ? undefined
      : sequence(oid(`1.2.840.113549.1.1.${RSA_SIGNATURES[hash]}`), nullValue());
  return EC_SIGNATURES[hash] === undefined ? undefined : sequence(oid(`1.2.840.10045.4.${EC_SIGNATURES[hash]}`));
}

/** The hash of a signature's algorithm, null where the algorithm has its own, undefined if it is not known. */
export function signatureHash(dotted: string): string | null | undefined {
  if (dotted === ED25519) return null;
  const of = (prefix: string, table: Readonly<Record<string, string>>): string | undefined =>
    dotted.startsWith(prefix)
      ? Object.keys(table).find((hash) => table[hash] === dotted.slice(prefix.length))
      : undefined;
  return of("1.2.840.113549.1.1.", RSA_SIGNATURES) ?? of("1.2.840.10045.4.", EC_SIGNATURES);
}

export function sameKey(a: PublicKey, b: PublicKey): boolean {
  return Buffer.compare(spki(a), spki(b)) === 0;
}

export function bitsOf(key: PublicKey): number {
  if (key.kind === "rsa") return key.modulus.toString(2).length;
  return key.kind === "ec" ? key.curve.bits : 253;
}

function algorithm(key: PublicKey): Uint8Array {
  if (key.kind === "rsa") return sequence(oid(RSA), nullValue());
  return key.kind === "ec" ? sequence(oid(EC), oid(key.curve.dotted)) : sequence(oid(ED25519));
}

function sec1({ scalar, public: { curve, point } }: PrivateKey & { kind: "ec" }, named: boolean): Uint8Array {
  return sequence(
    integer(1),
    octetString(fixed(scalar, curve.bytes)),
    ...(named ? [context(0, oid(curve.dotted))] : []),
    context(1, bitString(point)),
  );
}

function edPkcs8(seed: Uint8Array): Uint8Array {
  return sequence(integer(0), sequence(oid(ED25519)), octetString(octetString(seed)));
}
