import { publicKeyInfo, type Certificate } from "../../sim/kube/pki/index.ts";
import type { Time } from "../../sim/kernel/index.ts";
import { signatureHash, verifyWith } from "./key.ts";
import { isForAddress, isForEmail, isForHost } from "./match.ts";
import { withinConstraints } from "./name-constraints.ts";
import { allows, authorityKind, type Purpose } from "./purpose.ts";

/** X509_V_ERR_*: numbers and words (crypto/x509/x509_txt.c). */
export const VERIFY_WORDS: Readonly<Record<number, string>> = {
  0: "ok",
  2: "unable to get issuer certificate",
  7: "certificate signature failure",
  9: "certificate is not yet valid",
  10: "certificate has expired",
  18: "self-signed certificate",
  19: "self-signed certificate in certificate chain",
  20: "unable to get local issuer certificate",
  21: "unable to verify the first certificate",
  25: "path length constraint exceeded",
  26: "unsuitable certificate purpose",
  32: "key usage does not include certificate signing",
  47: "permitted subtree violation",
  48: "excluded subtree violation",
  62: "hostname mismatch",
  63: "email address mismatch",
  64: "IP address mismatch",
  79: "invalid CA certificate",
};

export interface Trust {
  readonly roots: readonly Certificate[];
  /** Certificates that may stand between, of the other side or of `-untrusted`. */
  readonly untrusted: readonly Certificate[];
  /** Undefined: times are not checked. */
  readonly now: Time | undefined;
  readonly purpose?: Purpose;
  readonly partial?: boolean;
  readonly host?: string;
  readonly email?: string;
  readonly address?: string;
}

/** What the callback of a verification is told: an error, or that a certificate is right (code 0). */
export interface ChainEvent {
  readonly code: number;
  readonly depth: number;
  readonly certificate: Certificate;
}

export interface CheckedChain {
  readonly chain: readonly Certificate[];
  /** How many of them came from the other side or from `-untrusted`. */
  readonly untrusted: number;
  /** In the order in which they are found; a verification ends with the first error unless its callback goes on. */
  readonly events: readonly ChainEvent[];
}

/** X509_verify_cert (crypto/x509/x509_vfy.c): builds a chain and checks it. All that is wrong is told, in OpenSSL's order. */
export function checkChain(leaf: Certificate, trust: Trust): CheckedChain {
  const built = buildChain(leaf, trust);
  const { chain } = built;
  const events: ChainEvent[] = [];
  const tell = (code: number, depth: number): void => {
    events.push({ code, depth, certificate: chain[depth]! });
  };
  if (built.error !== undefined) tell(built.error, chain.length - 1);
  checkExtensions(chain, trust, tell);
  checkNames(chain, tell);
  if (trust.host !== undefined && !isForHost(leaf, trust.host)) tell(62, 0);
  if (trust.email !== undefined && !isForEmail(leaf, trust.email)) tell(63, 0);
  if (trust.address !== undefined && !isForAddress(leaf, trust.address)) tell(64, 0);
  checkSignatures(chain, trust, tell);
  return { chain, untrusted: built.untrusted, events };
}

type Tell = (code: number, depth: number) => void;

/** check_chain: who is an authority, and for what. */
function checkExtensions(chain: readonly Certificate[], { purpose }: Trust, tell: Tell): void {
  let below = 0;
  for (const [depth, one] of chain.entries()) {
    const authority = depth === 0 || authorityKind(one) > 0;
    if (!authority) tell(79, depth);
    else if (purpose && allows(one, purpose, depth > 0) === 0) tell(26, depth);
    const limit = one.basicConstraints?.pathLength;
    if (depth > 1 && limit !== undefined && below > limit) tell(25, depth);
    if (depth > 0 && !isSelfIssued(one)) below++;
  }
}

function checkNames(chain: readonly Certificate[], tell: Tell): void {
  for (const [depth, one] of chain.entries()) {
    if (depth > 0 && isSelfIssued(one)) continue;
    for (let above = chain.length - 1; above > depth; above--) {
      const wrong = withinConstraints(one, chain[above]!);
      if (wrong !== undefined) tell(wrong, depth);
    }
  }
}

/** internal_verify: from the top down. */
function checkSignatures(chain: readonly Certificate[], { now, partial }: Trust, tell: Tell): void {
  const top = chain.length - 1;
  const anchored = isSelfSigned(chain[top]!) || partial === true;
  if (!anchored && top === 0) tell(21, 0);
  for (let depth = anchored || top === 0 ? top : top - 1; depth >= 0; depth--) {
    const one = chain[depth]!;
    const issuer = chain[depth + 1];
    if (issuer?.keyUsage && !issuer.keyUsage.includes("keyCertSign")) tell(32, depth + 1);
    if (issuer && !isSignedBy(one, issuer)) tell(7, depth);
    if (now !== undefined && now < one.notBefore) tell(9, depth);
    if (now !== undefined && now > one.notAfter) tell(10, depth);
    tell(0, depth);
  }
}

interface Built {
  readonly chain: readonly Certificate[];
  readonly untrusted: number;
  readonly error?: number;
}

/** build_chain: untrusted certificates lead up to one that is trusted. */
function buildChain(leaf: Certificate, { roots, untrusted, partial, now }: Trust): Built {
  const chain = [leaf];
  const isRoot = (one: Certificate): boolean => roots.some((root) => same(root, one));
  if (isRoot(leaf) && (isSelfSigned(leaf) || partial)) return { chain, untrusted: 0 };
  for (let count = 1; ;) {
    const last = chain.at(-1)!;
    if (!isSelfSigned(last)) {
      const root = best(roots, last, chain, now);
      if (root) {
        for (let top = root; ;) {
          chain.push(top);
          if (isSelfSigned(top) || partial) return { chain, untrusted: count };
          const next = best(roots, top, chain, now);
          if (!next) return { chain, untrusted: count, error: 2 };
          top = next;
        }
      }
      const next = best(untrusted, last, chain, now);
      if (next) {
        chain.push(next);
        count = chain.length;
        continue;
      }
    } else if (isRoot(last)) {
      return { chain, untrusted: count - 1 };
    } else {
      return { chain, untrusted: count, error: chain.length === 1 ? 18 : 19 };
    }
    return { chain, untrusted: count, error: 20 };
  }
}

/** Of those that may have issued it, one that is valid now goes first. */
function best(
  candidates: readonly Certificate[],
  certificate: Certificate,
  chain: readonly Certificate[],
  now: Time | undefined,
): Certificate | undefined {
  const issuers = candidates.filter((one) => mayIssue(one, certificate) && !chain.some((link) => same(link, one)));
  return issuers.find((one) => now === undefined || (now >= one.notBefore && now <= one.notAfter)) ?? issuers[0];
}

/** ossl_x509_likely_issued: names and key identifiers; neither usage nor signature. */
function mayIssue(issuer: Certificate, certificate: Certificate): boolean {
  if (Buffer.compare(issuer.rawSubject, certificate.rawIssuer) !== 0) return false;
  const { authorityKeyId } = certificate;
  return !authorityKeyId || !issuer.subjectKeyId || Buffer.compare(authorityKeyId, issuer.subjectKeyId) === 0;
}

function isSelfIssued({ rawSubject, rawIssuer }: Certificate): boolean {
  return Buffer.compare(rawSubject, rawIssuer) === 0;
}

/** EXFLAG_SS: its own issuer, by name and key identifier. */
export function isSelfSigned(certificate: Certificate): boolean {
  const { subjectKeyId, authorityKeyId } = certificate;
  if (!isSelfIssued(certificate)) return false;
  return !authorityKeyId || !subjectKeyId || Buffer.compare(authorityKeyId, subjectKeyId) === 0;
}

export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const hash = signatureHash(certificate.signatureAlgorithm);
  return (
    hash !== undefined && verifyWith(publicKeyInfo(issuer.publicKey), hash, certificate.tbs, certificate.signature)
  );
}

function same(a: Certificate, b: Certificate): boolean {
  return Buffer.compare(a.raw, b.raw) === 0;
}
