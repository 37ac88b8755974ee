import { createHash } from "node:crypto";
import { DAY, type Kernel } from "../../../kernel/index.ts";
import { certificatePem, issueCertificate, KeyRing, privateKeyPem } from "../../pki/index.ts";
import type { Certificate } from "./model/certificate.ts";

/** What hosts without a certificate of their own show (ssl.go getFakeHostSSLCert). */
export function fakeCertificate(kernel: Kernel, process: string): Certificate {
  const key = new KeyRing(kernel.seed).rsa(`ingress-nginx/${process}`);
  const subject = [
    [{ type: "2.5.4.10", value: "Acme Co" }],
    [{ type: "2.5.4.3", value: "Kubernetes Ingress Controller Fake Certificate" }],
  ];
  const issued = issueCertificate(
    {
      serial: BigInt(`0x0${kernel.random.hex("ingress-nginx/fake", 31)}`) + 1n,
      subject,
      publicKey: key.public,
      notBefore: kernel.now,
      notAfter: kernel.now + 365 * DAY,
      keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"],
      extendedKeyUsage: ["serverAuth"],
      ca: true,
      dnsNames: ["ingress.local"],
    },
    key,
  );
  const pem = `${certificatePem(issued).trimEnd()}\n${privateKeyPem(key).trimEnd()}\n`;
  return {
    name: "",
    uid: "00000000-0000-0000-0000-000000000000",
    pem,
    sha: createHash("sha1").update(pem).digest("hex"),
    notAfter: kernel.now + 365 * DAY,
  };
}
