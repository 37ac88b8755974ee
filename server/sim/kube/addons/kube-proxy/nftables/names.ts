import { hash as digestOf } from "node:crypto";
import type { Endpoint } from "../endpoints.ts";
import type { ServicePort } from "../service-port.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** knftables.NameLengthMax without the longest prefix. */
const LONGEST = 256 - 16;

/** The first eight letters of base32(sha256(name)), then the name, cut if it is too long (hashAndTruncate). */
function hashAndTruncate(name: string): string {
  const digest = digestOf("sha256", name, "buffer");
  let bits = 0n;
  for (let at = 0; at < 5; at++) bits = (bits << 8n) | BigInt(digest[at]!);
  let letters = "";
  for (let shift = 35n; shift >= 0n; shift -= 5n) letters += ALPHABET[Number((bits >> shift) & 31n)]!;
  const full = `${letters}-${name}`;
  return full.length > LONGEST ? `${full.slice(0, LONGEST - 3)}...` : full;
}

/** `default/web/tcp/http` */
function plainName({ service, name, protocol }: ServicePort): string {
  return `${service}/${protocol}/${name.slice(service.length + 1)}`;
}

/** What the chains of a service port share: `ULMVA6XW-ns1/svc1/tcp/p80` (servicePortChainNameBase). */
export function portBase(port: ServicePort): string {
  return hashAndTruncate(plainName(port));
}

/** `5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80` (servicePortEndpointChainNameBase). */
export function endpointBase(port: ServicePort, { ip, port: number }: Endpoint): string {
  return hashAndTruncate(`${plainName(port)}__${ip}/${number}`);
}
