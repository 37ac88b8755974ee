import type { Certificate, KeyUsage } from "../../sim/kube/pki/index.ts";

/** Purposes in OpenSSL's order: their names in `-purpose`, and in X509's list. */
export const PURPOSES = [
  { short: "sslclient", long: "SSL client" },
  { short: "sslserver", long: "SSL server" },
  { short: "nssslserver", long: "Netscape SSL server" },
  { short: "smimesign", long: "S/MIME signing" },
  { short: "smimeencrypt", long: "S/MIME encryption" },
  { short: "crlsign", long: "CRL signing" },
  { short: "any", long: "Any Purpose" },
  { short: "ocsphelper", long: "OCSP helper" },
  { short: "timestampsign", long: "Time Stamp signing" },
] as const;
export type Purpose = (typeof PURPOSES)[number]["short"];

/** Whether a certificate can be for that, as an authority or not: 0 no, 1 yes, above yes for other reasons (v3_purp.c). */
export function allows(certificate: Certificate, purpose: Purpose, authority: boolean): number {
  const { keyUsage, extendedKeyUsage, extensions } = certificate;
  const refuses = (...usages: readonly KeyUsage[]): boolean =>
    keyUsage !== undefined && !usages.some((usage) => keyUsage.includes(usage));
  const extends_ = (...purposes: readonly string[]): boolean =>
    extendedKeyUsage.length === 0 || purposes.some((one) => extendedKeyUsage.includes(one));
  const asAuthority = authorityKind(certificate);
  switch (purpose) {
    case "sslclient":
      if (!extends_("clientAuth")) return 0;
      return authority ? asAuthority : refuses("digitalSignature", "keyAgreement") ? 0 : 1;
    case "sslserver":
    case "nssslserver":
      if (!extends_("serverAuth")) return 0;
      if (authority) return asAuthority;
      if (refuses("digitalSignature", "keyEncipherment", "keyAgreement")) return 0;
      return purpose === "nssslserver" && refuses("keyEncipherment") ? 0 : 1;
    case "smimesign":
    case "smimeencrypt":
      if (!extends_("emailProtection")) return 0;
      if (authority) return asAuthority;
      if (purpose === "smimesign") return refuses("digitalSignature", "contentCommitment") ? 0 : 1;
      return refuses("keyEncipherment") ? 0 : 1;
    case "crlsign":
      return authority ? asAuthority : refuses("cRLSign") ? 0 : 1;
    case "any":
      return 1;
    case "ocsphelper":
      return authority ? asAuthority : 1;
    case "timestampsign": {
      if (authority) return asAuthority;
      const stamping = extendedKeyUsage.length === 1 && extendedKeyUsage[0] === "1.3.6.1.5.5.7.3.8";
      const critical = extensions.some((one) => one.id === "2.5.29.37" && one.critical);
      const signs = !keyUsage || keyUsage.every((usage) => ["digitalSignature", "contentCommitment"].includes(usage));
      return stamping && critical && signs ? 1 : 0;
    }
  }
}

/** check_ca: 1 by its constraints, 3 a version 1 certificate that signed itself, 4 by its key usage alone. */
export function authorityKind(certificate: Certificate): number {
  const { keyUsage, basicConstraints, version } = certificate;
  if (keyUsage && !keyUsage.includes("keyCertSign")) return 0;
  if (basicConstraints) return basicConstraints.ca ? 1 : 0;
  if (version === 1 && Buffer.compare(certificate.rawSubject, certificate.rawIssuer) === 0) return 3;
  return keyUsage ? 4 : 0;
}

export function purposesText(certificate: Certificate): string {
  const say = (kind: number): string => (kind === 0 ? "No" : kind === 1 ? "Yes" : `Yes (WARNING code=${kind})`);
  const rows = PURPOSES.flatMap(({ short, long }) => [
    `${long} : ${say(allows(certificate, short, false))}\n`,
    `${long} CA : ${say(allows(certificate, short, true))}\n`,
  ]);
  return `Certificate purposes:\n${rows.join("")}`;
}
