import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync } from "node:crypto";
import type { Process } from "../../sim/host/index.ts";
import { DerReader, integer, nullValue, octetString, oid, sequence } from "../../sim/kube/pki/index.ts";
import { randomBytes } from "./new-key.ts";

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const PRFS: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.11": "sha512",
};
/** Ciphers by OpenSSL's name: object, bytes of key and of initial vector. */
export const CIPHERS: Readonly<Record<string, { readonly dotted: string; readonly key: number; readonly iv: number }>> =
  {
    "aes-128-cbc": { dotted: "2.16.840.1.101.3.4.1.2", key: 16, iv: 16 },
    "aes-192-cbc": { dotted: "2.16.840.1.101.3.4.1.22", key: 24, iv: 16 },
    "aes-256-cbc": { dotted: "2.16.840.1.101.3.4.1.42", key: 32, iv: 16 },
    "des-ede3-cbc": { dotted: "1.2.840.113549.3.7", key: 24, iv: 8 },
  };

/** `aes256`, `AES-256-CBC`, `des3`: the cipher that is meant, if it is simulated. */
export function cipherNamed(name: string): string | undefined {
  const lower = name.toLowerCase();
  const short: Readonly<Record<string, string>> = { aes128: "aes-128-cbc", aes192: "aes-192-cbc", aes256: "aes-256-cbc", des3: "des-ede3-cbc" }; // prettier-ignore
  const found = short[lower] ?? lower;
  return CIPHERS[found] ? found : undefined;
}

/** EncryptedPrivateKeyInfo as OpenSSL 3 writes it: PBES2 with PBKDF2, HMAC-SHA256 and 2048 rounds. */
export function encryptPkcs8(process: Process, der: Uint8Array, cipher: string, passphrase: string): Uint8Array {
  const { dotted, key, iv: ivBytes } = CIPHERS[cipher]!;
  const salt = randomBytes(process, 8);
  const iv = randomBytes(process, ivBytes);
  const secret = pbkdf2Sync(passphrase, salt, 2048, key, "sha256");
  const encryptor = createCipheriv(cipher, secret, iv);
  const derivation = sequence(octetString(salt), integer(2048), sequence(oid("1.2.840.113549.2.9"), nullValue()));
  const scheme = sequence(sequence(oid(PBKDF2), derivation), sequence(oid(dotted), octetString(iv)));
  return sequence(sequence(oid(PBES2), scheme), octetString(Buffer.concat([encryptor.update(der), encryptor.final()])));
}

/** Undefined if the passphrase is wrong, or the scheme another. */
export function decryptPkcs8(der: Uint8Array, passphrase: string): Uint8Array | undefined {
  const body = new DerReader(der).enter();
  const info = body?.enter();
  const content = body?.next()?.content;
  if (info?.oid() !== PBES2 || !content) return undefined;
  const scheme = info.enter();
  const kdf = scheme?.enter();
  const cipherInfo = scheme?.enter();
  if (kdf?.oid() !== PBKDF2) return undefined;
  const parameters = kdf.enter();
  const salt = parameters?.next()?.content;
  const rounds = parameters?.integer();
  if (parameters?.peek() === 2) parameters.integer();
  const prf = PRFS[parameters?.enter()?.oid() ?? ""] ?? "sha1";
  const dotted = cipherInfo?.oid();
  const iv = cipherInfo?.next()?.content;
  const cipher = Object.keys(CIPHERS).find((name) => CIPHERS[name]!.dotted === dotted);
  if (!salt || rounds === undefined || rounds > 1_000_000n || !iv || cipher === undefined) return undefined;
  return decrypt(cipher, pbkdf2Sync(passphrase, salt, Number(rounds), CIPHERS[cipher]!.key, prf), iv, content);
}

/** A PEM with `Proc-Type: 4,ENCRYPTED`: the key is MD5 over passphrase and the vector's first bytes (EVP_BytesToKey). */
export function decryptLegacy(pem: string, passphrase: string): Uint8Array | undefined {
  const match = /DEK-Info: ([\w-]+),([0-9A-F]+)\s+([A-Za-z0-9+/=\s]+)-----END/.exec(pem);
  const cipher = match ? cipherNamed(match[1]!) : undefined;
  if (!match || cipher === undefined) return undefined;
  const iv = Buffer.from(match[2]!, "hex");
  const key = bytesToKey("md5", passphrase, iv.subarray(0, 8), CIPHERS[cipher]!.key);
  return decrypt(cipher, key, iv, Buffer.from(match[3]!, "base64"));
}

/** EVP_BytesToKey with one round. */
export function bytesToKey(hash: string, passphrase: string, salt: Uint8Array, size: number): Buffer {
  let out = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (out.length < size) {
    last = createHash(hash).update(last).update(passphrase).update(salt).digest();
    out = Buffer.concat([out, last]);
  }
  return out.subarray(0, size);
}

function decrypt(cipher: string, key: Uint8Array, iv: Uint8Array, content: Uint8Array): Uint8Array | undefined {
  try {
    const decryptor = createDecipheriv(cipher, key, iv);
    return Uint8Array.from(Buffer.concat([decryptor.update(content), decryptor.final()]));
  } catch {
    // A wrong key leaves a wrong padding.
    return undefined;
  }
}
