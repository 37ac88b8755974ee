import { DAY, MINUTE, type Kernel } from "../../../kernel/index.ts";
import { isStatus, Unreachable, type Client } from "../../api/index.ts";
import { secrets } from "../../kinds/index.ts";
import { certificatePem, issueCertificate, KeyRing, privateKeyPem } from "../../pki/index.ts";

export interface CertificateOptions {
  readonly namespace: string;
  readonly service: string;
  readonly domain: string;
  readonly serverSecret: string;
  readonly agentSecret: string;
}

/** `gateway generate-certs`: what the control plane and the agents know each other by, in two Secrets; an error if one is refused. */
export function generateCertificates(kernel: Kernel, client: Client, options: CertificateOptions): string | undefined {
  const { namespace, service, domain, serverSecret, agentSecret } = options;
  const ring = new KeyRing(kernel.random.below("nginx-gateway/keys", 2 ** 31));
  const [rootKey, serverKey, agentKey] = [ring.rsa("root"), ring.rsa("server"), ring.rsa("agent")];
  const common = { notBefore: kernel.now - MINUTE, notAfter: kernel.now + 3 * 365 * DAY };
  const subject = [
    [{ type: "2.5.4.6", value: "US" }],
    [{ type: "2.5.4.10", value: "F5" }],
    [{ type: "2.5.4.11", value: "NGINX" }],
  ];
  const serial = (): bigint => BigInt(`0x0${kernel.random.hex("nginx-gateway/serial", 31)}`) + 1n;
  const root = issueCertificate({ ...common, serial: serial(), subject: [...subject, [{ type: "2.5.4.3", value: "nginx-gateway" }]], publicKey: rootKey.public, keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"], ca: true }, rootKey); // prettier-ignore
  const leaf = (publicKey: typeof serverKey.public, dnsNames: readonly string[]) =>
    issueCertificate({ ...common, serial: serial(), subject, publicKey, keyUsage: ["digitalSignature", "keyEncipherment"], extendedKeyUsage: ["serverAuth", "clientAuth"], dnsNames }, { certificate: root, key: rootKey }); // prettier-ignore
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const data = (key: typeof serverKey, names: readonly string[]) => ({
    "ca.crt": base64(certificatePem(root)),
    "tls.crt": base64(certificatePem(leaf(key.public, names))),
    "tls.key": base64(privateKeyPem(key)),
  });
  const wanted = [
    [serverSecret, data(serverKey, [`${service}.${namespace}.svc`])],
    [agentSecret, data(agentKey, [`*.${domain}`])],
  ] as const;
  for (const [name, made] of wanted)
    try {
      if (client.get(secrets, namespace, name)) continue;
      client.create(secrets, { metadata: { name, namespace }, data: made, type: "kubernetes.io/tls" });
    } catch (error) {
      if (!(error instanceof Unreachable) && !isStatus(error)) throw error;
      return `failed to create secret ${namespace}/${name}: ${error.message}`;
    }
  return undefined;
}
