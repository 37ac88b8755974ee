import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rfc3339 } from "../../kernel/index.ts";
import {
  certificatePem,
  commonName,
  issueCertificate,
  KeyRing,
  keyIdentifier,
  parseCertificatesPem,
  signatureError,
  type Certificate,
} from "./index.ts";
import { authority } from "./testing.ts";

/**
 * The authority of a cluster that kubeadm v1.33.0 made (facts/node.md source 11). Whoever published it altered it
 * somewhere: `openssl verify -check_ss_sig` refuses its signature, too.
 */
const pem = readFileSync(new URL("fixtures/kubeadm-1.33.0-ca.crt", import.meta.url), "utf8");

function real(): Certificate {
  const certificates = parseCertificatesPem(pem);
  if ("error" in certificates) throw new Error(certificates.error);
  return certificates[0]!;
}

test("reads what a real kubeadm wrote", () => {
  const ca = real();
  expect({
    version: ca.version,
    serial: ca.serial,
    issuer: commonName(ca.issuer),
    subject: ca.subject,
    from: rfc3339(ca.notBefore),
    to: rfc3339(ca.notAfter),
    keyUsage: ca.keyUsage,
    extendedKeyUsage: ca.extendedKeyUsage,
    basicConstraints: ca.basicConstraints,
    dnsNames: ca.dnsNames,
    extensions: ca.extensions.map(({ id, critical }) => [id, critical]),
  }).toEqual({
    version: 3,
    serial: 5486329878576659643n,
    issuer: "kubernetes",
    subject: [[{ type: "2.5.4.3", value: "kubernetes" }]],
    from: "2025-07-17T13:17:02Z",
    to: "2035-07-15T13:22:02Z",
    keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"],
    extendedKeyUsage: [],
    basicConstraints: { ca: true },
    dnsNames: ["kubernetes"],
    extensions: [
      ["2.5.29.15", true],
      ["2.5.29.19", true],
      ["2.5.29.14", false],
      ["2.5.29.17", false],
    ],
  });
  expect(ca.publicKey.kind === "rsa" && ca.publicKey.modulus.toString(2).length).toBe(2048);
  expect(ca.subjectKeyId).toEqual(Uint8Array.from(keyIdentifier(ca.publicKey)));
  expect(signatureError(ca, ca)).toBe("crypto/rsa: verification error");
  expect(certificatePem(ca)).toBe(pem);
});

test("writes the same bytes for the same facts, up to the signature", () => {
  const ca = real();
  const { serial, subject, notBefore, notAfter, publicKey, keyUsage, dnsNames } = ca;
  const template = { serial, subject, notBefore, notAfter, publicKey, keyUsage: keyUsage!, dnsNames, ca: true };
  const ours = issueCertificate(template, new KeyRing(1).rsa("any"));
  expect(Buffer.from(ours.tbs).toString("hex")).toBe(Buffer.from(ca.tbs).toString("hex"));
});

test("a changed byte is a malformed certificate or breaks the signature", () => {
  const ca = authority("kubernetes").certificate;
  expect(signatureError(ca, ca)).toBeUndefined();
  for (let at = 0; at < ca.raw.length - 256; at += 7) {
    const bytes = Buffer.from(ca.raw);
    bytes[at]! ^= 0x55;
    const changed = parseCertificatesPem(certificatePem({ raw: bytes }));
    if ("error" in changed) expect(changed.error).toMatch(/^x509: (malformed|inner and outer|invalid version)/);
    else expect(signatureError(changed[0]!, ca)).toBe("crypto/rsa: verification error");
  }
});
