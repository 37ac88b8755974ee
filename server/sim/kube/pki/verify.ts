import ipaddr from "ipaddr.js";
import { rfc3339, type Time } from "../../kernel/index.ts";
import type { Certificate } from "./certificate.ts";
import { commonName, organizations } from "./distinguished-name.ts";
import { hasAltNames } from "./extensions.ts";
import { verifySignature } from "./public-key.ts";

export interface VerifyOptions {
  readonly roots: readonly Certificate[];
  readonly intermediates?: readonly Certificate[];
  readonly now: Time;
  /** A DNS name or an IP address that the certificate must be for. */
  readonly host?: string;
  /** One of these must be allowed along the whole chain; `serverAuth` if left out, as in Go. */
  readonly usages?: readonly string[];
}

export type Verified = { readonly chain: readonly Certificate[] } | { readonly error: string };

/**
 * Verifies as Go's x509.Certificate.Verify does (crypto/x509/verify.go), with its order of checks and its words: time,
 * host, chain to a root, usages.
 */
export function verifyCertificate(leaf: Certificate, options: VerifyOptions): Verified {
  const expired = timeError(leaf, options.now);
  if (expired) return { error: expired };
  const wrongHost = options.host === undefined ? undefined : hostError(leaf, options.host);
  if (wrongHost) return { error: wrongHost };
  const built = options.roots.some((root) => same(root, leaf)) ? { chains: [[leaf]] } : buildChains([leaf], options);
  if ("error" in built) return built;
  const usages = options.usages ?? ["serverAuth"];
  const chain = built.chains.find((candidate) => allowsUsage(candidate, usages));
  return chain ? { chain } : { error: "x509: certificate specifies an incompatible key usage" };
}

/** Why `issuer` cannot have signed the certificate, or undefined: Go's Certificate.CheckSignatureFrom. */
export function signatureError(certificate: Certificate, issuer: Certificate): string | undefined {
  const mayNotSign =
    (issuer.version === 3 && !issuer.basicConstraints) || (issuer.basicConstraints && !issuer.basicConstraints.ca);
  if (mayNotSign || (issuer.keyUsage && !issuer.keyUsage.includes("keyCertSign")))
    return "x509: invalid signature: parent certificate cannot sign this kind of certificate";
  if (isSignedBy(certificate, issuer)) return undefined;
  if (issuer.publicKey.kind === "rsa") return "crypto/rsa: verification error";
  return issuer.publicKey.kind === "ec"
    ? "x509: ECDSA verification failure"
    : "x509: cannot verify signature: algorithm unimplemented";
}

const signedBy = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

/** A signature is right or wrong for ever, so it is computed once: the same few certificates are verified with every connection. */
function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  let known = signedBy.get(certificate);
  if (!known) signedBy.set(certificate, (known = new WeakMap()));
  let right = known.get(issuer);
  if (right === undefined)
    known.set(
      issuer,
      (right = verifySignature(
        issuer.publicKey,
        certificate.tbs,
        certificate.signature,
        certificate.signatureAlgorithm,
      )),
    );
  return right;
}

/** Why the certificate is not for `host` (a name, an address, or an address in brackets), or undefined. */
export function hostError(certificate: Certificate, host: string): string | undefined {
  const address = addressOf(host);
  if (address !== undefined) {
    if (certificate.ipAddresses.includes(address)) return undefined;
    if (certificate.ipAddresses.length === 0)
      return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
    return `x509: certificate is valid for ${certificate.ipAddresses.join(", ")}, not ${host}`;
  }
  if (certificate.dnsNames.some((pattern) => matchesName(pattern, host))) return undefined;
  if (!hasAltNames(certificate) && matchesName(commonName(certificate.subject), host))
    return "x509: certificate relies on legacy Common Name field, use SANs instead";
  return certificate.dnsNames.length === 0
    ? `x509: certificate is not valid for any names, but wanted to match ${host}`
    : `x509: certificate is valid for ${certificate.dnsNames.join(", ")}, not ${host}`;
}

/** Why the certificate is not valid at `now`, or undefined. */
export function timeError(certificate: Certificate, now: Time): string | undefined {
  const { notBefore, notAfter } = certificate;
  if (now >= notBefore && now <= notAfter) return undefined;
  const than = now < notBefore ? `before ${rfc3339(notBefore)}` : `after ${rfc3339(notAfter)}`;
  return `x509: certificate has expired or is not yet valid: current time ${rfc3339(now)} is ${than}`;
}

type Built = { readonly chains: Certificate[][] } | { readonly error: string };

function buildChains(chain: readonly Certificate[], options: VerifyOptions): Built {
  const last = chain.at(-1)!;
  const chains: Certificate[][] = [];
  let error: string | undefined;
  let hint: { readonly error: string; readonly by: Certificate } | undefined;

  const consider = (candidate: Certificate, isRoot: boolean): void => {
    if (chain.some((link) => same(link, candidate))) return;
    const unsigned = signatureError(last, candidate);
    const invalid = unsigned ?? authorityError(candidate, chain, options.now);
    if (!unsigned) error = invalid;
    if (invalid) {
      hint ??= { error: invalid, by: candidate };
    } else if (isRoot) {
      chains.push([...chain, candidate]);
    } else {
      const further = buildChains([...chain, candidate], options);
      if ("error" in further) error = further.error;
      else chains.push(...further.chains);
    }
  };
  for (const root of potentialParents(last, options.roots)) consider(root, true);
  for (const authority of potentialParents(last, options.intermediates ?? [])) consider(authority, false);
  return chains.length > 0 ? { chains } : { error: error ?? unknownAuthority(hint) };
}

/** Certificates with the issuer's name, those with the right key identifier first. */
function potentialParents(certificate: Certificate, pool: readonly Certificate[]): Certificate[] {
  const named = pool.filter((candidate) => Buffer.compare(candidate.rawSubject, certificate.rawIssuer) === 0);
  const rank = (candidate: Certificate): number => {
    if (!candidate.subjectKeyId || !certificate.authorityKeyId) return 1;
    return Buffer.compare(candidate.subjectKeyId, certificate.authorityKeyId) === 0 ? 0 : 2;
  };
  return named.toSorted((a, b) => rank(a) - rank(b));
}

function authorityError(candidate: Certificate, chain: readonly Certificate[], now: Time): string | undefined {
  const expired = timeError(candidate, now);
  if (expired) return expired;
  if (!candidate.basicConstraints?.ca) return "x509: certificate is not authorized to sign other certificates";
  const { pathLength } = candidate.basicConstraints;
  if (pathLength !== undefined && chain.length - 1 > pathLength)
    return "x509: too many intermediates for path length constraint";
  return undefined;
}

function unknownAuthority(hint: { readonly error: string; readonly by: Certificate } | undefined): string {
  const words = "x509: certificate signed by unknown authority";
  if (!hint) return words;
  const { subject, serial } = hint.by;
  const name = commonName(subject) || organizations(subject)[0] || `serial:${String(serial)}`;
  return `${words} (possibly because of ${JSON.stringify(hint.error)} while trying to verify candidate authority certificate ${JSON.stringify(name)})`;
}

/** Go's checkChainForKeyUsage: a certificate without the extension allows everything. */
function allowsUsage(chain: readonly Certificate[], usages: readonly string[]): boolean {
  return (
    usages.includes("any") ||
    usages.some((usage) =>
      chain.every(
        ({ extendedKeyUsage }) =>
          extendedKeyUsage.length === 0 || extendedKeyUsage.includes("any") || extendedKeyUsage.includes(usage),
      ),
    )
  );
}

function addressOf(host: string): string | undefined {
  const bare = /^\[.*\]$/.test(host) ? host.slice(1, -1) : host;
  return ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare)
    ? ipaddr.parse(bare).toString()
    : undefined;
}

/** A name against a pattern whose first label may be `*`; case and a dot at the end do not matter. */
function matchesName(pattern: string, host: string): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, "").split(".");
  const labels = pattern.toLowerCase().split(".");
  if (pattern === "" || labels.length !== wanted.length) return false;
  return labels.every((label, at) => label === wanted[at] || (at === 0 && label === "*" && wanted[at] !== ""));
}

function same(a: Certificate, b: Certificate): boolean {
  return Buffer.compare(a.raw, b.raw) === 0;
}
