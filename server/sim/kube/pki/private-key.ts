import { createHash, createPrivateKey, sign, type KeyObject } from "node:crypto";
import { DerReader } from "./der-reader.ts";
import { bitString, context, integer, nullValue, octetString, oid, sequence, TAG, type Der } from "./der-writer.ts";
import { pointOf, signP256 } from "./p256.ts";
import { OID } from "./oid.ts";
import { decodePem, encodePem } from "./pem.ts";
import type { EcPublicKey, RsaPublicKey } from "./public-key.ts";

/** `der` is PKCS #1 (RFC 8017 A.1.2). */
export interface RsaPrivateKey {
  readonly kind: "rsa";
  readonly der: Uint8Array;
  readonly public: RsaPublicKey;
}

/** `der` is SEC 1 (RFC 5915), on P-256. */
export interface EcPrivateKey {
  readonly kind: "ec";
  readonly der: Uint8Array;
  readonly scalar: bigint;
  readonly public: EcPublicKey;
}

export type PrivateKey = RsaPrivateKey | EcPrivateKey;

/** Undefined if the bytes are no PKCS #1 key of two primes. */
export function readPkcs1(der: Uint8Array): RsaPrivateKey | undefined {
  const body = new DerReader(der).enter();
  if (body?.integer() !== 0n) return undefined;
  const modulus = body.integer();
  const exponent = body.integer();
  if (modulus === undefined || exponent === undefined) return undefined;
  return { kind: "rsa", der, public: { kind: "rsa", modulus, exponent } };
}

/** Undefined if the bytes are no SEC 1 key on P-256. The public key is computed if the file leaves it out. */
export function readSec1(der: Uint8Array, curve?: string): EcPrivateKey | undefined {
  const body = new DerReader(der).enter();
  if (body?.integer() !== 1n) return undefined;
  const secret = body.next(TAG.octetString);
  if (!secret) return undefined;
  const scalar = BigInt(`0x${Buffer.from(secret.content).toString("hex")}`);
  if (body.peek() === 0xa0) curve = body.enter(0xa0)?.oid();
  const point = body.peek() === 0xa1 ? body.enter(0xa1)?.bitString() : undefined;
  if (curve !== OID.p256) return undefined;
  return ecPrivateKey(scalar, point && Uint8Array.from(point));
}

export function ecPrivateKey(scalar: bigint, point: Uint8Array = pointOf(scalar)): EcPrivateKey {
  const secret = Buffer.from(scalar.toString(16).padStart(64, "0"), "hex");
  const der = sequence(integer(1), octetString(secret), context(0, oid(OID.p256)), context(1, bitString(point)));
  return { kind: "ec", der, scalar, public: { kind: "ec", point } };
}

/** The PEM that Kubernetes' tools write: `RSA PRIVATE KEY` or `EC PRIVATE KEY`. */
export function privateKeyPem(key: PrivateKey): string {
  return encodePem(key.kind === "rsa" ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", key.der);
}

/** `PRIVATE KEY` (PKCS #8), as OpenSSL 3 writes a new key. */
export function pkcs8Pem(key: PrivateKey): string {
  const algorithm =
    key.kind === "rsa" ? sequence(oid(OID.rsaEncryption), nullValue()) : sequence(oid(OID.ecPublicKey), oid(OID.p256));
  return encodePem("PRIVATE KEY", sequence(integer(0), algorithm, octetString(pkcs8Content(key))));
}

/** The first private key of a PEM text in any of the three forms; undefined if there is none that can be read. */
export function readPrivateKeyPem(text: string): PrivateKey | undefined {
  for (const { label, der } of decodePem(text)) {
    if (label === "RSA PRIVATE KEY") return readPkcs1(der);
    if (label === "EC PRIVATE KEY") return readSec1(der);
    if (label === "PRIVATE KEY") return readPkcs8(der);
  }
  return undefined;
}

interface Signer {
  readonly object: KeyObject;
  /** By the SHA-256 of what was signed. A world that boots again from its seed signs the same bytes again. */
  readonly made: Map<string, Uint8Array>;
}

const signers = new WeakMap<RsaPrivateKey, Signer>();
const REMEMBERED_PER_KEY = 256;

/** Signs the SHA-256 of `bytes`. The same key and bytes give the same signature: PKCS #1 v1.5 for RSA, RFC 6979 for ECDSA. */
export function signBytes(key: PrivateKey, bytes: Uint8Array): Uint8Array {
  if (key.kind === "ec") return signP256(key.scalar, bytes);
  let signer = signers.get(key);
  if (!signer) {
    const object = createPrivateKey({ key: Buffer.from(key.der), format: "der", type: "pkcs1" });
    signers.set(key, (signer = { object, made: new Map() }));
  }
  const digest = createHash("sha256").update(bytes).digest("base64");
  let signature = signer.made.get(digest);
  if (!signature) {
    if (signer.made.size >= REMEMBERED_PER_KEY) signer.made.clear();
    signer.made.set(digest, (signature = sign("sha256", bytes, signer.object)));
  }
  return signature;
}

function readPkcs8(der: Uint8Array): PrivateKey | undefined {
  const body = new DerReader(der).enter();
  if (body?.integer() === undefined) return undefined;
  const algorithm = body.enter();
  const name = algorithm?.oid();
  const key = body.next(TAG.octetString);
  if (!algorithm || !key) return undefined;
  if (name === OID.rsaEncryption) return readPkcs1(key.content);
  return name === OID.ecPublicKey ? readSec1(key.content, algorithm.oid()) : undefined;
}

/** PKCS #8 names the curve outside, so OpenSSL leaves it out inside. */
function pkcs8Content(key: PrivateKey): Der {
  if (key.kind === "rsa") return Uint8Array.from(key.der);
  const secret = Buffer.from(key.scalar.toString(16).padStart(64, "0"), "hex");
  return sequence(integer(1), octetString(secret), context(1, bitString(key.public.point)));
}
