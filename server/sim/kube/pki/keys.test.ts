import { createPrivateKey, createPublicKey, verify, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { HOUR } from "../../kernel/index.ts";
import {
  certificatePem,
  createRequest,
  EC_POOL_SIZE,
  identity,
  issueCertificate,
  KeyRing,
  parseRequest,
  pkcs8Pem,
  privateKeyPem,
  publicKeyPem,
  readPrivateKeyPem,
  requestIsSigned,
  requestPem,
  RSA_POOL_SIZE,
  signBytes,
  verifySignature,
} from "./index.ts";
import { ecPrivateKey } from "./private-key.ts";
import { authority, CREATED } from "./testing.ts";

test("a key ring gives each purpose a key of its own, by the seed alone", () => {
  const purposes = Array.from({ length: RSA_POOL_SIZE }, (_, at) => `purpose ${String(at)}`);
  const keys = (seed: number): string[] => {
    const ring = new KeyRing(seed);
    return purposes.map((purpose) => privateKeyPem(ring.rsa(purpose)));
  };
  expect(new Set(keys(1)).size).toBe(RSA_POOL_SIZE);
  expect(keys(1)).toEqual(keys(1));
  expect(keys(1)).not.toEqual(keys(2));
});

test("a key ring goes on after its purposes were stored", () => {
  const ring = new KeyRing(5);
  const before = [ring.rsa("ca"), ring.ec("kubelet"), ring.rsa("etcd/ca")];
  const again = new KeyRing(5, ring.purposes);
  expect([again.rsa("ca"), again.ec("kubelet"), again.rsa("etcd/ca")]).toEqual(before);
  expect(again.rsa("new")).toEqual(ring.rsa("new"));
});

test("two clusters of one ring have keys of their own", () => {
  const ring = new KeyRing(5);
  const [one, two] = [ring.within("one"), ring.within("two")];
  expect(one.rsa("ca")).not.toEqual(two.rsa("ca"));
  expect(ring.within("one").rsa("ca")).toEqual(one.rsa("ca"));
  expect(ring.purposes).toEqual(["rsa:one/ca", "rsa:two/ca"]);
});

test("keys are what OpenSSL reads, in each of the three forms", () => {
  for (const key of [new KeyRing(1).rsa("a"), new KeyRing(1).ec("a")]) {
    for (const pem of [privateKeyPem(key), pkcs8Pem(key)]) {
      expect(readPrivateKeyPem(pem)?.public).toEqual(key.public);
      const object = createPrivateKey(pem);
      expect(createPublicKey(object).export({ format: "pem", type: "spki" })).toBe(publicKeyPem(key.public));
      expect(object.export({ format: "pem", type: "pkcs8" })).toBe(pkcs8Pem(key));
    }
  }
  expect(readPrivateKeyPem("no key")).toBeUndefined();
});

test("signatures verify, are the same each time and fail for other bytes", () => {
  for (const key of [new KeyRing(1).rsa("a"), new KeyRing(1).ec("a")]) {
    const bytes = Buffer.from("a message");
    const signature = signBytes(key, bytes);
    expect(Buffer.compare(signature, signBytes(key, bytes))).toBe(0);
    expect(verify("sha256", bytes, publicKeyPem(key.public), signature)).toBe(true);
    expect(verifySignature(key.public, bytes, signature)).toBe(true);
    expect(verifySignature(key.public, Buffer.from("a massage"), signature)).toBe(false);
  }
});

test("ECDSA takes the nonce of RFC 6979 (its appendix A.2.5, SHA-256, 'sample')", () => {
  const key = ecPrivateKey(0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721n);
  const point = Buffer.from(key.public.point).toString("hex").toUpperCase();
  expect(point.slice(2, 66)).toBe("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6");
  const signature = Buffer.from(signBytes(key, Buffer.from("sample")))
    .toString("hex")
    .toUpperCase();
  expect(signature).toContain("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716");
  expect(signature).toContain("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
});

test("Node's own X509Certificate sees the certificate that we meant", () => {
  const ca = authority("kubernetes");
  const key = new KeyRing(1).ec("kubelet");
  const certificate = issueCertificate(
    {
      serial: 0x1f2e3d4c5b6a7988n,
      subject: identity("system:node:node01", ["system:nodes", "a, b"]),
      notBefore: CREATED,
      notAfter: CREATED + HOUR,
      publicKey: key.public,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: ["clientAuth"],
      dnsNames: ["node01"],
      ipAddresses: ["172.30.2.2", "fd00::2"],
    },
    ca,
  );
  const seen = new X509Certificate(certificatePem(certificate));
  expect(seen.serialNumber).toBe("1F2E3D4C5B6A7988");
  expect(seen.subject).toBe("O=a\\, b + O=system:nodes\nCN=system:node:node01");
  expect(seen.issuer).toBe("CN=kubernetes");
  expect(seen.validFrom).toBe("Nov 21 09:03:10 2026 GMT");
  expect(seen.validTo).toBe("Nov 21 10:03:10 2026 GMT");
  expect(seen.subjectAltName).toBe("DNS:node01, IP Address:172.30.2.2, IP Address:FD00:0:0:0:0:0:0:2");
  expect(seen.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect(seen.ca).toBe(false);
  expect(seen.verify(createPublicKey(publicKeyPem(ca.key.public)))).toBe(true);
  expect(seen.checkPrivateKey(createPrivateKey(privateKeyPem(key)))).toBe(true);
});

test("the public half of every pooled key is computed from its secret", () => {
  const ring = new KeyRing(1);
  for (let at = 0; at < EC_POOL_SIZE; at++) {
    const key = ring.ec(String(at));
    expect(ecPrivateKey(key.scalar).public).toEqual(key.public);
  }
});

test("a request says who asks for what and proves that it holds the key", () => {
  const ring = new KeyRing(1);
  for (const key of [ring.rsa("a"), ring.ec("a")]) {
    const der = createRequest(
      { subject: identity("jane", ["dev"]), dnsNames: ["web"], ipAddresses: ["10.0.0.1"] },
      key,
    );
    const request = parseRequest(der);
    if ("error" in request) throw new Error(request.error);
    expect(requestPem(der)).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
    expect(request.subject).toEqual(identity("jane", ["dev"]));
    expect(request.dnsNames).toEqual(["web"]);
    expect(request.ipAddresses).toEqual(["10.0.0.1"]);
    expect(request.publicKey).toEqual(key.public);
    expect(requestIsSigned(request)).toBe(true);
    expect(requestIsSigned({ ...request, publicKey: ring.rsa("b").public })).toBe(false);
  }
  expect(parseRequest(Buffer.from("nothing"))).toHaveProperty("error");
});
