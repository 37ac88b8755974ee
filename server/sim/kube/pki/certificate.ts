import type { Time } from "../../kernel/index.ts";
import { DerReader, readSingle } from "./der-reader.ts";
import { TAG } from "./der-writer.ts";
import { readName, type DistinguishedName } from "./distinguished-name.ts";
import { readConstraints, readExtensionList, type Constraints, type Extension } from "./extensions.ts";
import { decodePem, encodePem } from "./pem.ts";
import { readPublicKeyInfo, type PublicKey } from "./public-key.ts";

/** An X.509 certificate, parsed. Everything that tools show or verifiers ask for; the bytes stay what was signed. */
export interface Certificate extends Constraints {
  readonly raw: Uint8Array;
  /** The part that is signed. */
  readonly tbs: Uint8Array;
  /** 1 to 3. */
  readonly version: number;
  readonly serial: bigint;
  /** Object identifier of the signature's algorithm. */
  readonly signatureAlgorithm: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly rawIssuer: Uint8Array;
  readonly rawSubject: Uint8Array;
  readonly notBefore: Time;
  readonly notAfter: Time;
  readonly publicKey: PublicKey;
  readonly extensions: readonly Extension[];
  readonly signature: Uint8Array;
}

/** What Go's crypto/x509 says of bytes that are no certificate. */
export interface ParseFailure {
  readonly error: string;
}

/** The words of failures are those of Go's crypto/x509/parser.go. */
export function parseCertificate(der: Uint8Array): Certificate | ParseFailure {
  const outer = readSingle(der, TAG.sequence);
  if (!outer) return malformed("certificate");
  const certificate = new DerReader(outer.content);
  const tbs = certificate.next(TAG.sequence);
  if (!tbs) return malformed("tbs certificate");
  const body = new DerReader(tbs.content);

  const version = body.peek() === 0xa0 ? body.enter(0xa0)?.integer() : 0n;
  if (version === undefined) return malformed("version");
  if (version < 0n || version > 2n) return { error: "x509: invalid version" };
  const serial = body.integer();
  if (serial === undefined) return malformed("serial number");
  const algorithm = body.enter()?.oid();
  if (!algorithm) return malformed("signature algorithm identifier");
  const rawIssuer = body.next(TAG.sequence);
  const issuer = rawIssuer && readName(rawIssuer.raw);
  if (!rawIssuer || !issuer) return malformed("issuer");
  const validity = body.enter();
  const notBefore = validity?.time();
  const notAfter = validity?.time();
  if (notBefore === undefined || notAfter === undefined) return malformed("validity");
  const rawSubject = body.next(TAG.sequence);
  const subject = rawSubject && readName(rawSubject.raw);
  if (!rawSubject || !subject) return malformed("issuer");
  const keyInfo = body.next(TAG.sequence);
  const publicKey = keyInfo && readPublicKeyInfo(keyInfo.raw);
  if (!publicKey) return malformed("spki");

  let extensions: Extension[] = [];
  while (!body.atEnd) {
    if (body.peek() !== 0xa3) {
      if (!body.next()) return malformed("certificate");
      continue;
    }
    const list = body.enter(0xa3)?.enter();
    const read = list && readExtensionList(list);
    if (!read) return malformed("extensions");
    extensions = read;
  }
  const constraints = readConstraints(extensions);
  if (!constraints) return malformed("extension");
  if (certificate.enter()?.oid() !== algorithm)
    return { error: "x509: inner and outer signature algorithm identifiers don't match" };
  const signature = certificate.bitString();
  if (!signature) return malformed("signature");
  return {
    ...constraints,
    raw: outer.raw,
    tbs: tbs.raw,
    version: Number(version) + 1,
    serial,
    signatureAlgorithm: algorithm,
    issuer,
    subject,
    rawIssuer: rawIssuer.raw,
    rawSubject: rawSubject.raw,
    notBefore,
    notAfter,
    publicKey,
    extensions,
    signature,
  };
}

/** All certificates of a PEM text, or why one of them cannot be read. Without one: an empty list. */
export function parseCertificatesPem(text: string): Certificate[] | ParseFailure {
  const out: Certificate[] = [];
  for (const { label, der } of decodePem(text)) {
    if (label !== "CERTIFICATE") continue;
    const certificate = parseCertificate(der);
    if ("error" in certificate) return certificate;
    out.push(certificate);
  }
  return out;
}

export function certificatePem(certificate: Pick<Certificate, "raw">): string {
  return encodePem("CERTIFICATE", certificate.raw);
}

function malformed(what: string): ParseFailure {
  return { error: `x509: malformed ${what}` };
}
