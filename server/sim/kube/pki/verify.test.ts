import { expect, test } from "vitest";
import { DAY, fromCalendar, HOUR, MINUTE } from "../../kernel/index.ts";
import {
  hostError,
  identity,
  issueCertificate,
  KeyRing,
  verifyCertificate,
  type Certificate,
  type CertificateTemplate,
  type Issuer,
} from "./index.ts";
import { authority, CREATED } from "./testing.ts";

const NOW = CREATED + DAY;
const ca = authority("kubernetes");

function leaf(over: Partial<CertificateTemplate> = {}, issuer: Issuer = ca): Certificate {
  return issueCertificate(
    {
      serial: 2n,
      subject: identity("kube-apiserver"),
      notBefore: CREATED - 5 * MINUTE,
      notAfter: CREATED + 8760 * HOUR,
      publicKey: new KeyRing(8).rsa("leaf").public,
      keyUsage: ["digitalSignature", "keyEncipherment"],
      extendedKeyUsage: ["serverAuth"],
      dnsNames: ["controlplane", "kubernetes", "*.apps.example.com"],
      ipAddresses: ["10.96.0.1", "172.30.1.2"],
      ...over,
    },
    issuer,
  );
}

function said(certificate: Certificate, over: Partial<Parameters<typeof verifyCertificate>[1]> = {}): string | number {
  const verified = verifyCertificate(certificate, { roots: [ca.certificate], now: NOW, ...over });
  return "error" in verified ? verified.error : verified.chain.length;
}

test("a certificate of a known authority verifies for its names and addresses", () => {
  expect(said(leaf(), { host: "controlplane" })).toBe(2);
  expect(said(leaf(), { host: "KUBERNETES." })).toBe(2);
  expect(said(leaf(), { host: "172.30.1.2" })).toBe(2);
  expect(said(leaf(), { host: "web.apps.example.com" })).toBe(2);
  expect(said(leaf({ ipAddresses: ["::1"] }), { host: "[0:0:0:0:0:0:0:1]" })).toBe(2);
});

test("the host's name must be in the certificate, in Go's words", () => {
  expect(said(leaf(), { host: "172.30.2.2" })).toBe(
    "x509: certificate is valid for 10.96.0.1, 172.30.1.2, not 172.30.2.2",
  );
  expect(said(leaf(), { host: "node01" })).toBe(
    "x509: certificate is valid for controlplane, kubernetes, *.apps.example.com, not node01",
  );
  expect(hostError(leaf({ dnsNames: ["*.example.com"] }), "a.b.example.com")).toBe(
    "x509: certificate is valid for *.example.com, not a.b.example.com",
  );
  expect(hostError(leaf({ ipAddresses: [] }), "10.0.0.1")).toBe(
    "x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
  );
  expect(hostError(leaf({ dnsNames: [] }), "node01")).toBe(
    "x509: certificate is not valid for any names, but wanted to match node01",
  );
  expect(hostError(leaf({ dnsNames: [], ipAddresses: [] }), "kube-apiserver")).toBe(
    "x509: certificate relies on legacy Common Name field, use SANs instead",
  );
});

test("a certificate is good from its first to its last second", () => {
  expect(said(leaf(), { now: fromCalendar(2027, 11, 22, 10) })).toBe(
    "x509: certificate has expired or is not yet valid: current time 2027-11-22T10:00:00Z is after 2027-11-21T09:03:10Z",
  );
  expect(said(leaf(), { now: fromCalendar(2026, 11, 21, 8) })).toBe(
    "x509: certificate has expired or is not yet valid: current time 2026-11-21T08:00:00Z is before 2026-11-21T08:58:10Z",
  );
  expect(said(leaf(), { now: CREATED + 8760 * HOUR })).toBe(2);
  expect(said(leaf(), { now: CREATED - 5 * MINUTE })).toBe(2);
});

test("an expired authority is named as expired, not as unknown", () => {
  const young = leaf({ notAfter: CREATED + 200_000 * HOUR });
  expect(said(young, { now: fromCalendar(2037, 1, 1) })).toBe(
    "x509: certificate has expired or is not yet valid: current time 2037-01-01T00:00:00Z is after 2036-11-18T09:03:10Z",
  );
});

test("another authority is unknown, and one of the same name explains itself", () => {
  expect(said(leaf(), { roots: [] })).toBe("x509: certificate signed by unknown authority");
  expect(said(leaf(), { roots: [authority("etcd-ca", "other").certificate] })).toBe(
    "x509: certificate signed by unknown authority",
  );
  expect(said(leaf(), { roots: [authority("kubernetes", "other").certificate] })).toBe(
    'x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "kubernetes")',
  );
});

test("the usage must be allowed", () => {
  expect(said(leaf(), { usages: ["clientAuth"] })).toBe("x509: certificate specifies an incompatible key usage");
  expect(said(leaf({ extendedKeyUsage: ["clientAuth"] }))).toBe(
    "x509: certificate specifies an incompatible key usage",
  );
  expect(said(leaf({ extendedKeyUsage: [] }))).toBe(2);
  expect(said(leaf(), { usages: ["any"] })).toBe(2);
});

test("an intermediate authority leads to the root; a leaf cannot be one", () => {
  const key = new KeyRing(9).rsa("intermediate");
  const intermediate = leaf({
    subject: identity("intermediate"),
    publicKey: key.public,
    ca: true,
    keyUsage: ["keyCertSign"],
    extendedKeyUsage: [],
  });
  const below = leaf({}, { certificate: intermediate, key });
  expect(said(below, { intermediates: [intermediate] })).toBe(3);
  expect(said(below)).toBe("x509: certificate signed by unknown authority");

  const noAuthority = leaf({ subject: identity("intermediate"), publicKey: key.public });
  expect(said(leaf({}, { certificate: noAuthority, key }), { intermediates: [noAuthority] })).toBe(
    'x509: certificate signed by unknown authority (possibly because of "x509: invalid signature: parent certificate cannot sign this kind of certificate" while trying to verify candidate authority certificate "intermediate")',
  );
});

test("a self-signed certificate verifies only as its own root", () => {
  const key = new KeyRing(9).rsa("self");
  const self = issueCertificate({ ...leaf(), keyUsage: ["digitalSignature"], publicKey: key.public }, key);
  expect(said(self)).toBe("x509: certificate signed by unknown authority");
  expect(said(self, { roots: [self] })).toBe(1);
});
