import type { Host } from "../../sim/host/index.ts";
import type { Time } from "../../sim/kernel/index.ts";
import {
  commonName,
  hostError,
  parseCertificatesPem,
  signatureError,
  type Certificate,
} from "../../sim/kube/pki/index.ts";

/** OpenSSL's verification errors (X509_V_ERR_*): their numbers and words. */
export interface TrustError {
  readonly code: number;
  readonly words: string;
}

const WORDS: Readonly<Record<number, string>> = {
  9: "certificate is not yet valid",
  10: "certificate has expired",
  18: "self-signed certificate",
  19: "self-signed certificate in certificate chain",
  20: "unable to get local issuer certificate",
  21: "unable to verify the first certificate",
};

/** Checks a server's chain against known authorities, as X509_verify_cert does; undefined if it is trusted. */
export function trustError(
  chain: readonly Certificate[],
  roots: readonly Certificate[],
  now: Time,
): TrustError | undefined {
  let [current] = chain;
  if (!current) return error(20);
  const path: Certificate[] = [current];
  for (let depth = 0; depth < 10; depth++) {
    const anchor = roots.find((root) => isIssuer(root, current!) || same(root, current!));
    if (anchor) return timeError(path, now);
    const next = chain.find((other) => !path.includes(other) && isIssuer(other, current!));
    if (!next) break;
    path.push((current = next));
  }
  const last = path.at(-1)!;
  if (Buffer.compare(last.rawSubject, last.rawIssuer) === 0) return error(path.length === 1 ? 18 : 19);
  return error(20);
}

/** True if a certificate is for a name or address. */
export function isFor(certificate: Certificate, host: string): boolean {
  return hostError(certificate, host) === undefined;
}

/** What curl says of a certificate for another host; `word` is how that version calls it. */
export function wrongHost(certificate: Certificate, host: string, word: string): string {
  if (certificate.dnsNames.length > 0 || certificate.ipAddresses.length > 0)
    return `SSL: no alternative certificate subject name matches target ${word} '${host}'`;
  return `SSL: certificate subject name '${commonName(certificate.subject)}' does not match target ${word} '${host}'`;
}

/** The certificates of a PEM file; undefined if it cannot be read or has none. */
export function readAuthorities(host: Host, path: string): Certificate[] | undefined {
  const text = host.readText(path);
  if (text === undefined) return undefined;
  const parsed = parseCertificatesPem(text);
  return "error" in parsed ? undefined : parsed;
}

function error(code: number): TrustError {
  return { code, words: WORDS[code]! };
}

function timeError(path: readonly Certificate[], now: Time): TrustError | undefined {
  for (const { notBefore, notAfter } of path) {
    if (now < notBefore) return error(9);
    if (now > notAfter) return error(10);
  }
  return undefined;
}

function isIssuer(issuer: Certificate, certificate: Certificate): boolean {
  return (
    Buffer.compare(issuer.rawSubject, certificate.rawIssuer) === 0 && signatureError(certificate, issuer) === undefined
  );
}

function same(a: Certificate, b: Certificate): boolean {
  return Buffer.compare(a.raw, b.raw) === 0;
}
