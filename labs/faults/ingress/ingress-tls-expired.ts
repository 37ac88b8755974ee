import { z } from "zod";
import { DAY } from "../../../server/sim/kernel/index.ts";
import { certificatePem, issueCertificate, KeyRing, privateKeyPem } from "../../../server/sim/kube/pki/index.ts";
import { defineFault } from "../define-fault.ts";
import { make, Namespace, ObjectName } from "../object.ts";

export const ingressTlsExpired = defineFault({
  name: "ingress-tls-expired",
  area: "ingress",
  words: "The certificate in an Ingress' TLS Secret has expired",
  schema: z.strictObject({
    secret: ObjectName.describe("the Secret of type kubernetes.io/tls, which is made or overwritten"),
    namespace: Namespace,
    host: z.string().describe("the host name that the certificate is for"),
    days: z.int().positive().default(3).describe("for how many days it has been invalid"),
  }),
  symptom:
    "clients refuse the certificate, `openssl x509 -enddate` shows a day in the past; with `curl -k` the page is there",
  repair: "make a new certificate (`openssl req -x509 …`) and put it into the Secret",
  async apply(world, { secret, namespace, host, days }) {
    const { kernel } = world;
    const key = new KeyRing(kernel.seed).rsa(`labs/${namespace}/${secret}`);
    const issued = issueCertificate(
      {
        serial: BigInt(`0x0${kernel.random.hex("labs/certificate", 31)}`) + 1n,
        subject: [[{ type: "2.5.4.3", value: host }]],
        publicKey: key.public,
        notBefore: kernel.now - (days + 365) * DAY,
        notAfter: kernel.now - days * DAY,
        keyUsage: ["digitalSignature", "keyEncipherment"],
        extendedKeyUsage: ["serverAuth"],
        dnsNames: [host],
      },
      key,
    );
    await make(world, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: secret, namespace },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificatePem(issued), "tls.key": privateKeyPem(key) },
    });
  },
});
