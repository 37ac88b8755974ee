import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import type { Bytes } from "../../../../sim/kernel/index.ts";

/** Why a certificate and a key do not make a pair, in the words of Go's tls.X509KeyPair; nothing if they do. */
export function keyPairProblem(certificate: Bytes, key: Bytes): string | undefined {
  const cert = blocks(certificate);
  if (!cert.includes("CERTIFICATE"))
    return cert.length === 0
      ? "tls: failed to find any PEM data in certificate input"
      : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${cert.join(" ")}]`;
  const keys = blocks(key);
  if (!keys.some((type) => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY")))
    return keys.length === 0
      ? "tls: failed to find any PEM data in key input"
      : keys.length === 1 && keys[0] === "CERTIFICATE"
        ? "tls: found a certificate rather than a key in the PEM for the private key"
        : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${keys.join(" ")}]`;
  try {
    const held = new X509Certificate(certificate).publicKey;
    const own = createPublicKey(createPrivateKey(key));
    if (held.asymmetricKeyType !== own.asymmetricKeyType) return "tls: private key type does not match public key type";
    return held.export({ type: "spki", format: "pem" }) === own.export({ type: "spki", format: "pem" })
      ? undefined
      : "tls: private key does not match public key";
  } catch {
    return "tls: failed to parse private key";
  }
}

function blocks(pem: Bytes): string[] {
  return [...pem.matchAll(/-----BEGIN ([^-]+)-----[\s\S]*?-----END \1-----/g)].map((match) => match[1]!);
}
