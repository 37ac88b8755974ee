import type { Time } from "../../kernel/index.ts";
import { parseCertificate, type Certificate } from "./certificate.ts";
import { bitString, context, integer, nullValue, oid, sequence, time, type Der } from "./der-writer.ts";
import { encodeName, type DistinguishedName } from "./distinguished-name.ts";
import { encodeExtensions, extensionsField, type KeyUsage } from "./extensions.ts";
import { OID } from "./oid.ts";
import { signBytes, type PrivateKey } from "./private-key.ts";
import { keyIdentifier, publicKeyInfo, type PublicKey } from "./public-key.ts";

/** What a certificate shall say. Times are cut to whole seconds. */
export interface CertificateTemplate {
  /** Positive, at most 20 bytes. */
  readonly serial: bigint;
  readonly subject: DistinguishedName;
  readonly notBefore: Time;
  readonly notAfter: Time;
  readonly publicKey: PublicKey;
  readonly keyUsage: readonly KeyUsage[];
  /** `serverAuth`, `clientAuth`, … or dotted object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  readonly ca?: boolean;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly emails?: readonly string[];
  readonly uris?: readonly string[];
}

/** An authority: its certificate and the key that belongs to it. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
}

/**
 * Signs a version 3 certificate of the shape of Go's x509.CreateCertificate: an authority has a subject key identifier,
 * a certificate of another issuer names that issuer's. `issuer` is an authority, or a key for a self-signed certificate.
 */
export function issueCertificate(template: CertificateTemplate, issuer: Issuer | PrivateKey): Certificate {
  const parent = "certificate" in issuer ? issuer.certificate : undefined;
  const key = "certificate" in issuer ? issuer.key : issuer;
  const algorithm = signatureAlgorithm(key);
  const subject = encodeName(template.subject);
  const extensions = encodeExtensions({
    keyUsage: template.keyUsage,
    extendedKeyUsage: template.extendedKeyUsage ?? [],
    basicConstraints: { ca: template.ca ?? false },
    subjectKeyId: template.ca ? keyIdentifier(template.publicKey) : undefined,
    authorityKeyId: parent?.subjectKeyId,
    dnsNames: template.dnsNames ?? [],
    ipAddresses: template.ipAddresses ?? [],
    emails: template.emails ?? [],
    uris: template.uris ?? [],
  });
  const tbs = sequence(
    context(0, integer(2)),
    integer(template.serial),
    algorithm,
    parent?.rawSubject ?? subject,
    sequence(time(template.notBefore), time(template.notAfter)),
    subject,
    publicKeyInfo(template.publicKey),
    ...extensionsField(extensions),
  );
  const certificate = parseCertificate(sequence(tbs, algorithm, bitString(signBytes(key, tbs))));
  if ("error" in certificate) throw new Error(`wrote a certificate that does not parse: ${certificate.error}`);
  return certificate;
}

/** AlgorithmIdentifier of SHA-256 with the key's kind. */
export function signatureAlgorithm(key: PrivateKey): Der {
  return key.kind === "rsa" ? sequence(oid(OID.sha256WithRsa), nullValue()) : sequence(oid(OID.ecdsaWithSha256));
}
