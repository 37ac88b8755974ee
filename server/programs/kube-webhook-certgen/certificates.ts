import { DAY, MINUTE, type Kernel } from "../../sim/kernel/index.ts";
import {
  certificatePem,
  issueCertificate,
  KeyRing,
  privateKeyPem,
  type DistinguishedName,
} from "../../sim/kube/pki/index.ts";

export interface Generated {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority and a certificate of it for names between commas, as PEM texts (images/kube-webhook-certgen/rootfs/pkg/certs/certs.go). */
export function generateCertificates(kernel: Kernel, hosts: string): Generated {
  const ring = new KeyRing(kernel.random.below("kube-webhook-certgen", 2 ** 31));
  const [rootKey, leafKey] = [ring.ec("root"), ring.ec("leaf")];
  const notBefore = kernel.now - 5 * MINUTE;
  const common = { notBefore, notAfter: notBefore + 100 * 365 * DAY, extendedKeyUsage: ["serverAuth"] };
  const serial = (): bigint => BigInt(`0x0${kernel.random.hex("kube-webhook-certgen", 31)}`) + 1n;
  const root = issueCertificate(
    {
      ...common,
      serial: serial(),
      subject: of("nil1"),
      publicKey: rootKey.public,
      keyUsage: ["keyCertSign"],
      ca: true,
    },
    rootKey,
  );
  const names = hosts.split(",");
  const addresses = names.filter((name) => /^[\d.]+$|:/.test(name));
  const leaf = issueCertificate(
    {
      ...common,
      serial: serial(),
      subject: of("nil2"),
      publicKey: leafKey.public,
      keyUsage: ["digitalSignature", "keyEncipherment"],
      dnsNames: names.filter((name) => !addresses.includes(name)),
      ipAddresses: addresses,
    },
    { certificate: root, key: rootKey },
  );
  return { ca: certificatePem(root), cert: certificatePem(leaf), key: privateKeyPem(leafKey) };
}

/** organizationName */
function of(value: string): DistinguishedName {
  return [[{ type: "2.5.4.10", value }]];
}
