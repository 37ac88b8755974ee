import { hash as digestOf } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Chains that belong to a service port or an endpoint begin so (proxier.go isServiceChainName). */
const SERVICE_CHAIN = /^KUBE-(SVC|SVL|SEP|FW|EXT)-/;

export function isServiceChain(name: string): boolean {
  return SERVICE_CHAIN.test(name);
}

/** The part that KUBE-SVC-, KUBE-SVL-, KUBE-EXT- and KUBE-FW- of a service port share; `protocol` as `tcp` (portProtoHash). */
export function portHash(servicePort: string, protocol: string): string {
  return hash(servicePort + protocol);
}

/** `KUBE-SEP-…` of one endpoint of a service port; `endpoint` as `10.244.0.2:80`. */
export function endpointChain(servicePort: string, protocol: string, endpoint: string): string {
  return `KUBE-SEP-${hash(servicePort + protocol + endpoint)}`;
}

/** The first 16 characters of base32(sha256(text)): 80 bits. */
function hash(text: string): string {
  const digest = digestOf("sha256", text, "buffer");
  let out = "";
  for (let at = 0; at < 10; at += 5) {
    const high = digest.readUInt32BE(at);
    const low = digest[at + 4]!;
    for (let shift = 27; shift >= 2; shift -= 5) out += ALPHABET[(high >>> shift) & 31];
    out += ALPHABET[((high & 3) << 3) | (low >>> 5)]! + ALPHABET[low & 31]!;
  }
  return out;
}
