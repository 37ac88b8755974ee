// Makes the root authority of all worlds: `node server/sim/world/internet/root-ca.generate.mjs`. Run once: a new one is in the
// bundle of every machine and image. The key is public, protects nothing and must not be trusted outside a simulation.
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fromCalendar } from "../../kernel/index.ts";
import { certificatePem, issueCertificate, readPrivateKeyPem } from "../../kube/pki/index.ts";

const O = "2.5.4.10";
const CN = "2.5.4.3";
const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs1" });
const key = readPrivateKeyPem(String(pem));
const certificate = issueCertificate(
  {
    serial: 0x5d1f0c2b7a9e4836b1c4d07e92af6533n,
    subject: [[{ type: O, value: "Drydock" }], [{ type: CN, value: "Drydock World Root CA" }]],
    notBefore: fromCalendar(2015, 6, 4, 11),
    notAfter: fromCalendar(2045, 6, 4, 11),
    publicKey: key.public,
    keyUsage: ["keyCertSign", "cRLSign"],
    ca: true,
  },
  key,
);
writeFileSync(
  new URL("../../host/profiles/root-certificate.ts", import.meta.url),
  `/** The authority that all machines and images with the package ca-certificates trust (world/internet/root-ca.generate.mjs). */
export const ROOT_CERTIFICATE = \`${certificatePem(certificate)}\`;
`,
);
writeFileSync(
  new URL("root-key.ts", import.meta.url),
  `/** The key of that authority, made by root-ca.generate.mjs. It is public: protect nothing with it. */
export const ROOT_KEY = \`${pem}\`;
`,
);
