import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import { DerReader } from "./der-reader.ts";
import { bitString, integer, nullValue, oid, sequence, type Der } from "./der-writer.ts";
import { OID } from "./oid.ts";
import { decodePem, encodePem } from "./pem.ts";

export interface RsaPublicKey {
  readonly kind: "rsa";
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** A point on NIST P-256, uncompressed: 0x04, x, y. */
export interface EcPublicKey {
  readonly kind: "ec";
  readonly point: Uint8Array;
}

/** A key of another kind (Ed25519, other curves): the simulation verifies with it, and makes none. */
export interface OtherPublicKey {
  readonly kind: "other";
  readonly algorithm: string;
  readonly info: Uint8Array;
}

export type PublicKey = RsaPublicKey | EcPublicKey | OtherPublicKey;

/** SubjectPublicKeyInfo (RFC 5280 4.1.2.7). */
export function publicKeyInfo(key: PublicKey): Der {
  if (key.kind === "other") return Uint8Array.from(key.info);
  const algorithm =
    key.kind === "rsa" ? sequence(oid(OID.rsaEncryption), nullValue()) : sequence(oid(OID.ecPublicKey), oid(OID.p256));
  return sequence(algorithm, bitString(keyBits(key)));
}

/** Reads a SubjectPublicKeyInfo; undefined if it is malformed. */
export function readPublicKeyInfo(info: Uint8Array): PublicKey | undefined {
  const body = new DerReader(info).enter();
  const algorithm = body?.enter();
  const name = algorithm?.oid();
  const bits = body?.bitString();
  if (!body || !algorithm || !name || !bits || !body.atEnd) return undefined;
  if (name === OID.rsaEncryption) {
    const numbers = new DerReader(bits).enter();
    const modulus = numbers?.integer();
    const exponent = numbers?.integer();
    if (modulus === undefined || exponent === undefined || modulus <= 0n || exponent <= 0n) return undefined;
    return { kind: "rsa", modulus, exponent };
  }
  if (name === OID.ecPublicKey && algorithm.oid() === OID.p256 && bits.length === 65 && bits[0] === 4)
    return { kind: "ec", point: Uint8Array.from(bits) };
  return { kind: "other", algorithm: name, info: Uint8Array.from(info) };
}

/** `BEGIN PUBLIC KEY`, as kubeadm writes sa.pub. */
export function publicKeyPem(key: PublicKey): string {
  return encodePem("PUBLIC KEY", publicKeyInfo(key));
}

/** The first public key of a PEM text; undefined if there is none that can be read. */
export function readPublicKeyPem(text: string): PublicKey | undefined {
  const block = decodePem(text).find(({ label }) => label === "PUBLIC KEY");
  return block && readPublicKeyInfo(block.der);
}

/** SHA-1 of the key's bits, as Go's CreateCertificate (up to Go 1.24) makes the subject key identifier of an authority. */
export function keyIdentifier(key: PublicKey): Uint8Array {
  const bits = key.kind === "other" ? key.info : keyBits(key);
  return createHash("sha1").update(bits).digest();
}

const objects = new WeakMap<PublicKey, KeyObject>();

/** By signature algorithm: the hash that is signed; null where the algorithm has its own. */
const HASHES: Readonly<Record<string, string | null>> = {
  [OID.sha256WithRsa]: "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  [OID.ecdsaWithSha256]: "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
  "1.3.101.112": null,
};

/**
 * Whether `signature` is the key's over `bytes` by an algorithm that Go's crypto/x509 takes: RSA PKCS #1 v1.5 or ECDSA (as DER)
 * with SHA-2, or Ed25519. By default with SHA-256.
 */
export function verifySignature(
  key: PublicKey,
  bytes: Uint8Array,
  signature: Uint8Array,
  algorithm: string = OID.sha256WithRsa,
): boolean {
  const hash = HASHES[algorithm];
  if (hash === undefined) return false;
  try {
    let object = objects.get(key);
    if (!object) {
      object = createPublicKey({ key: Buffer.from(publicKeyInfo(key)), format: "der", type: "spki" });
      objects.set(key, object);
    }
    return verify(hash, bytes, object, signature);
  } catch {
    // A key of a kind that nobody knows.
    return false;
  }
}

function keyBits(key: RsaPublicKey | EcPublicKey): Uint8Array {
  return key.kind === "rsa" ? sequence(integer(key.modulus), integer(key.exponent)) : key.point;
}
