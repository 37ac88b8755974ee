import { DAY, SECOND, type Time } from "../../sim/kernel/index.ts";
import {
  bitString,
  context,
  integer,
  octetString,
  oid,
  boolean,
  parseCertificate,
  publicKeyInfo,
  readSingle,
  sequence,
  TAG,
  time,
  type Certificate,
  type Extension,
} from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import { Config } from "./config.ts";
import {
  keyIdentifier,
  makeExtension,
  replaceExtension,
  type ExtensionContext,
  type IssuerFacts,
} from "./extension.ts";
import { queued, unsupportedAlgorithm } from "./failure.ts";
import {
  publicBits,
  readSpki,
  sameKey,
  signatureAlgorithm,
  spki,
  signWith,
  type PrivateKey,
  type PublicKey,
} from "./key.ts";
import { randomBytes } from "./new-key.ts";

export const SUBJECT_KEY_ID = "2.5.29.14";
export const AUTHORITY_KEY_ID = "2.5.29.35";

/** Who signs: an authority with its certificate, or the key of the certificate itself. */
export interface Signer {
  readonly key: PrivateKey;
  readonly certificate?: Certificate;
}

export interface Draft {
  readonly serial: bigint;
  /** Encoded names. */
  readonly subject: Uint8Array;
  readonly notBefore: Time;
  readonly notAfter: Time;
  readonly publicKey: PublicKey;
  readonly extensions: readonly Extension[];
}

/** Days from now, in whole seconds. */
export function validity(now: Time, days: number): { notBefore: Time; notAfter: Time } {
  const notBefore = now - (now % SECOND);
  return { notBefore, notAfter: notBefore + days * DAY };
}

/** What extensions of a certificate can say of who signs it. */
export function issuerFacts(draft: Omit<Draft, "extensions">, signer: Signer): ExtensionContext["issuer"] {
  return (made): IssuerFacts => {
    const { certificate, key } = signer;
    const same = sameKey(draft.publicKey, key.public);
    if (certificate)
      return {
        ...(certificate.subjectKeyId ? { keyId: certificate.subjectKeyId } : {}),
        issuerName: certificate.rawIssuer,
        serial: certificate.serial,
        same,
      };
    const own = made.find(({ id }) => id === SUBJECT_KEY_ID);
    const keyId = own && readSingle(own.value, TAG.octetString)?.content;
    return {
      ...(keyId ? { keyId } : {}),
      ownKeyId: keyIdentifier(publicBits(key.public)),
      issuerName: draft.subject,
      serial: draft.serial,
      same,
    };
  };
}

/**
 * Signs a certificate as do_X509_sign of apps/lib/apps.c: one with extensions is of version 3 and gets key identifiers unless
 * it says `none`.
 */
export function signCertificate(call: Call, draft: Draft, signer: Signer, hash: string): Certificate {
  const algorithm = signatureAlgorithm(signer.key, hash);
  if (!algorithm) throw call.failure("", [unsupportedAlgorithm(hash)]);
  const extensions = withKeyIdentifiers(draft, signer);
  const tbs = sequence(
    ...(extensions.length > 0 ? [context(0, integer(2))] : []),
    signedInteger(draft.serial),
    algorithm,
    signer.certificate?.rawSubject ?? draft.subject,
    sequence(time(draft.notBefore), time(draft.notAfter)),
    draft.subject,
    spki(draft.publicKey),
    ...(extensions.length > 0 ? [context(3, sequence(...extensions.map(encodeExtension)))] : []),
  );
  const der = sequence(tbs, algorithm, bitString(signWith(signer.key, hash, tbs)));
  const certificate = parseCertificate(der);
  if ("error" in certificate) throw new Error(`wrote a certificate that does not parse: ${certificate.error}`);
  return certificate;
}

function withKeyIdentifiers(draft: Draft, signer: Signer): readonly Extension[] {
  if (draft.extensions.length === 0) return [];
  const ctx: ExtensionContext = {
    config: new Config(""),
    section: "default",
    keyBits: publicBits(draft.publicKey),
    ...definedIssuer(issuerFacts(draft, signer)),
  };
  const own = sameKey(draft.publicKey, signer.key.public);
  let out = adapt(draft.extensions, ctx, "subjectKeyIdentifier", "hash", true);
  out = adapt(out, ctx, "authorityKeyIdentifier", "keyid, issuer", !own);
  return out;
}

function definedIssuer(issuer: ExtensionContext["issuer"]): Pick<ExtensionContext, "issuer"> {
  return issuer ? { issuer } : {};
}

/** adapt_keyid_ext: an empty one is taken out, a missing one added. */
function adapt(
  list: readonly Extension[],
  ctx: ExtensionContext,
  name: string,
  value: string,
  add: boolean,
): Extension[] {
  const made = makeExtension(ctx, name, value, list);
  if (Array.isArray(made)) return [...list];
  const found = list.find(({ id }) => id === made.id);
  if (found) return found.value.length <= 2 ? list.filter((one) => one !== found) : [...list];
  return add ? replaceExtension(list, made) : [...list];
}

export function encodeExtension({ id, critical, value }: Extension): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** The public key of a certificate or request; unknown kinds cannot be signed with here. */
export function publicKeyOf(call: Call, of: Pick<Certificate, "publicKey">): PublicKey {
  const key = readSpki(publicKeyInfo(of.publicKey));
  if (!key) throw call.failure("drydock: openssl: this kind of public key is not simulated\n", [], 64);
  return key;
}

/** 159 random bits (SERIAL_RAND_BITS). */
export function randomSerial(call: Call): bigint {
  return BigInt(`0x${Buffer.from(randomBytes(call.process, 20)).toString("hex")}`) & ((1n << 159n) - 1n);
}

/** `0x…` or decimal (s2i_ASN1_INTEGER). */
export function readSerial(call: Call, text: string): bigint {
  const match = /^(-?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text);
  if (!match)
    throw call.failure(`${call.name}: Use -help for summary.\n`, [
      queued("11000064", "X509 V3 routines", "s2i_ASN1_INTEGER", "bn dec2bn error", "../crypto/x509/v3_utl.c:231"),
    ]);
  const value = BigInt(match[2]!);
  return match[1] === "-" ? -value : value;
}

function signedInteger(value: bigint): Uint8Array {
  if (value >= 0n) return integer(value);
  const size = Math.floor((-value - 1n).toString(2).length / 8) + 1;
  const bytes = Buffer.from(((1n << BigInt(size * 8)) + value).toString(16).padStart(size * 2, "0"), "hex");
  return Uint8Array.of(2, size, ...bytes);
}
