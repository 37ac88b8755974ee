import { createHash } from "node:crypto";
import { signBytes, type PrivateKey } from "./private-key.ts";
import { publicKeyInfo, verifySignature, type PublicKey } from "./public-key.ts";

/** A JSON Web Token of claims, signed with RS256 (RFC 7519, pkg/serviceaccount/jwt.go). */
export function signJwt(key: PrivateKey, claims: object): string {
  const header = { alg: "RS256", kid: keyId(key.public) };
  const signed = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${Buffer.from(signBytes(key, Buffer.from(signed))).toString("base64url")}`;
}

/** The claims of a token whose signature is right; undefined otherwise. Who they are about is not looked at. */
export function verifyJwt(key: PublicKey, token: string): Readonly<Record<string, unknown>> | undefined {
  const [header, body, signature, ...more] = token.split(".");
  if (header === undefined || body === undefined || signature === undefined || more.length > 0) return undefined;
  if (!verifySignature(key, Buffer.from(`${header}.${body}`), Buffer.from(signature, "base64url"))) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString());
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A key as those read it who verify tokens by themselves (RFC 7517); undefined for a kind that signs none here. */
export function jsonWebKey(key: PublicKey): Readonly<Record<string, string>> | undefined {
  if (key.kind !== "rsa") return undefined;
  const n = base64urlNumber(key.modulus);
  return { use: "sig", kty: "RSA", kid: keyId(key), alg: "RS256", n, e: base64urlNumber(key.exponent) };
}

/** Base64urlUInt of RFC 7518: without leading zero bytes. */
function base64urlNumber(value: bigint): string {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex").toString("base64url");
}

/** The name of a key: the hash of what SubjectPublicKeyInfo says of it (keyIDFromPublicKey). */
function keyId(key: PublicKey): string {
  let id = keyIds.get(key);
  if (id === undefined) keyIds.set(key, (id = createHash("sha256").update(publicKeyInfo(key)).digest("base64url")));
  return id;
}

const keyIds = new WeakMap<PublicKey, string>();

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
