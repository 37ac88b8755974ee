import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { hostError, parseCertificatesPem, type Certificate as ParsedCertificate } from "../../../pki/index.ts";

/** A certificate with its key, as the controller keeps it. */
export interface Certificate {
  /** `namespace/name` of its Secret; empty for the fake one. */
  readonly name: string;
  readonly uid: string;
  /** Certificate, chain and key in one text, as it is posted to nginx. */
  readonly pem: string;
  /** Of the file: `PEM sha`. */
  readonly sha: string;
  /** Microseconds since 1970. */
  readonly notAfter: number;
}

/** Reads a Secret of type kubernetes.io/tls (ssl.go CreateSSLCert); an error in the controller's words. */
export function readCertificate(
  name: string,
  uid: string,
  data: Readonly<Record<string, string>>,
): Certificate | { readonly error: string } {
  const [certificate, key] = [data["tls.crt"], data["tls.key"]];
  if (certificate === undefined && key === undefined)
    return { error: `secret "${name}" contains no keypair or CA certificate` };
  if (!certificate) return { error: `key 'tls.crt' missing from Secret "${name}"` };
  if (!key) return { error: `key 'tls.key' missing from Secret "${name}"` };
  const parsed = leafOf(certificate);
  const x509 = attempt(() => new X509Certificate(certificate));
  if (!parsed || !x509) return { error: `unexpected error creating SSL Cert: no valid PEM formatted block found` };
  const privateKey = attempt(() => createPrivateKey(key));
  if (!privateKey)
    return { error: "unexpected error creating SSL Cert: certificate and private key does not have a matching public key: tls: failed to find any PEM data in key input" }; // prettier-ignore
  if (!x509.checkPrivateKey(privateKey))
    return { error: "unexpected error creating SSL Cert: certificate and private key does not have a matching public key: tls: private key does not match public key" }; // prettier-ignore
  const pem = `${certificate.trimEnd()}\n${key.trimEnd()}\n`;
  const sha = createHash("sha1").update(pem).digest("hex");
  return { name, uid, pem, sha, notAfter: parsed.notAfter };
}

/** Why a certificate is not good for a host, in Go's words (x509 VerifyHostname). */
export function hostProblem({ pem }: Certificate, host: string): string | undefined {
  const leaf = leafOf(pem);
  return leaf && hostError(leaf, host);
}

function leafOf(pem: string): ParsedCertificate | undefined {
  const found = parseCertificatesPem(pem);
  return "error" in found ? undefined : found[0];
}

function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
