import type { ParseFailure } from "./certificate.ts";
import { DerReader, readSingle } from "./der-reader.ts";
import { bitString, context, integer, oid, sequence, setOf, TAG } from "./der-writer.ts";
import { encodeName, readName, type DistinguishedName } from "./distinguished-name.ts";
import {
  encodeExtensions,
  readConstraints,
  readExtensionList,
  type Constraints,
  type Extension,
} from "./extensions.ts";
import { signatureAlgorithm } from "./issue.ts";
import { OID } from "./oid.ts";
import { decodePem, encodePem } from "./pem.ts";
import { signBytes, type PrivateKey } from "./private-key.ts";
import { publicKeyInfo, readPublicKeyInfo, verifySignature, type PublicKey } from "./public-key.ts";

/** A certificate signing request (PKCS #10, RFC 2986), parsed. */
export interface CertificateRequest extends Constraints {
  readonly raw: Uint8Array;
  readonly tbs: Uint8Array;
  readonly subject: DistinguishedName;
  readonly rawSubject: Uint8Array;
  readonly publicKey: PublicKey;
  readonly signatureAlgorithm: string;
  readonly extensions: readonly Extension[];
  readonly signature: Uint8Array;
}

export interface RequestTemplate {
  readonly subject: DistinguishedName;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly emails?: readonly string[];
  readonly uris?: readonly string[];
}

/** A request as Go's x509.CreateCertificateRequest makes it: extensions only if there are alternative names. */
export function createRequest(template: RequestTemplate, key: PrivateKey): Uint8Array {
  const extensions = encodeExtensions({
    extendedKeyUsage: [],
    dnsNames: template.dnsNames ?? [],
    ipAddresses: template.ipAddresses ?? [],
    emails: template.emails ?? [],
    uris: template.uris ?? [],
  });
  const attributes = extensions.length > 0 ? [sequence(oid(OID.extensionRequest), setOf(sequence(...extensions)))] : [];
  const tbs = sequence(integer(0), encodeName(template.subject), publicKeyInfo(key.public), context(0, ...attributes));
  return sequence(tbs, signatureAlgorithm(key), bitString(signBytes(key, tbs)));
}

export function requestPem(der: Uint8Array): string {
  return encodePem("CERTIFICATE REQUEST", der);
}

export function parseRequest(der: Uint8Array): CertificateRequest | ParseFailure {
  const failure = { error: "asn1: structure error: malformed certificate request" };
  const outer = readSingle(der, TAG.sequence);
  if (!outer) return failure;
  const request = new DerReader(outer.content);
  const tbs = request.next(TAG.sequence);
  if (!tbs) return failure;
  const body = new DerReader(tbs.content);
  const version = body.integer();
  const rawSubject = body.next(TAG.sequence);
  const subject = rawSubject && readName(rawSubject.raw);
  const keyInfo = body.next(TAG.sequence);
  const publicKey = keyInfo && readPublicKeyInfo(keyInfo.raw);
  if (version === undefined || !rawSubject || !subject || !publicKey) return failure;
  const extensions = readRequestedExtensions(body);
  const constraints = extensions && readConstraints(extensions);
  const algorithm = request.enter()?.oid();
  const signature = request.bitString();
  if (!constraints || !algorithm || !signature) return failure;
  return {
    ...constraints,
    raw: outer.raw,
    tbs: tbs.raw,
    subject,
    rawSubject: rawSubject.raw,
    publicKey,
    signatureAlgorithm: algorithm,
    extensions,
    signature,
  };
}

/** A request as PEM, as the certificates API takes it (pkg/apis/certificates ParseCSR): the first block must be one. */
export function parseRequestPem(text: string): CertificateRequest | ParseFailure {
  const [block] = decodePem(text);
  if (block?.label !== "CERTIFICATE REQUEST") return { error: "PEM block type must be CERTIFICATE REQUEST" };
  return parseRequest(block.der);
}

/** Whether whoever made the request holds its key. */
export function requestIsSigned({ publicKey, tbs, signature, signatureAlgorithm }: CertificateRequest): boolean {
  return verifySignature(publicKey, tbs, signature, signatureAlgorithm);
}

/** The attributes of a request; only the extension request counts. */
function readRequestedExtensions(body: DerReader): Extension[] | undefined {
  if (body.peek() !== 0xa0) return [];
  const attributes = body.enter(0xa0);
  if (!attributes) return undefined;
  while (!attributes.atEnd) {
    const attribute = attributes.enter();
    if (!attribute) return undefined;
    const type = attribute.oid();
    const list = attribute.enter(TAG.set);
    if (type !== OID.extensionRequest) continue;
    const extensions = list?.enter();
    return extensions && readExtensionList(extensions);
  }
  return [];
}
