import { addressText, isIPv4, parsePrefix } from "../../../../net/index.ts";
import { CorefileError } from "./corefile-error.ts";

export type Transport = "dns" | "tls" | "grpc" | "https";

const PORTS: Readonly<Record<Transport, string>> = { dns: "53", tls: "853", grpc: "443", https: "443" };

/** One key of a server block: which zone it serves at which port. */
export interface ZoneAddress {
  readonly transport: Transport;
  /** With its final dot, in small letters. */
  readonly zone: string;
  readonly port: string;
}

/** Takes a scheme off: `tls://1.1.1.1` (plugin/pkg/parse Transport). */
export function splitTransport(text: string): { transport: Transport; rest: string } {
  for (const transport of ["tls", "dns", "grpc", "https"] as const)
    if (text.startsWith(`${transport}://`)) return { transport, rest: text.slice(transport.length + 3) };
  return { transport: "dns", rest: text };
}

/** The zone addresses of a server block's keys (core/dnsserver register.go InspectServerBlocks). */
export function zoneAddresses(keys: readonly string[], defaultPort: string): ZoneAddress[] {
  return keys.flatMap((key) => {
    const { transport, rest } = splitTransport(key);
    const { hosts, port } = splitHostPort(rest);
    const chosen = port !== "" ? port : transport === "dns" ? defaultPort : PORTS[transport];
    return hosts.map((host) => ({ transport, zone: fqdn(host.toLowerCase()), port: chosen }));
  });
}

export function zoneAddressText({ transport, zone, port }: ZoneAddress): string {
  return `${transport}://${zone}:${port}`;
}

/** A zone with an optional port; a CIDR stands for reverse zones, perhaps several (plugin/normalize.go SplitHostPort). */
export function splitHostPort(text: string): { hosts: string[]; port: string } {
  const colon = text.lastIndexOf(":");
  if (colon >= 0 && colon === text.length - 1)
    throw new CorefileError(`expecting data after last colon: ${JSON.stringify(text)}`);
  const tail = text.slice(colon + 1);
  const hasPort = colon >= 0 && /^\d+$/.test(tail);
  const port = hasPort ? String(Number(tail)) : "";
  const host = hasPort ? text.slice(0, colon) : text;
  if (host.length > 255) throw new CorefileError(`specified zone is too long: ${host.length} > 255`);
  if (!isDomainName(host)) throw new CorefileError(`zone is not a valid domain name: ${host}`);
  return { hosts: reverseZones(host) ?? [host], port };
}

/** A zone as arguments of plugins name it: without scheme and port, in small letters, with its final dot (Host.NormalizeExact). */
export function normalizeZones(text: string): string[] {
  const { rest } = splitTransport(text);
  try {
    return splitHostPort(rest).hosts.map((host) => fqdn(host.toLowerCase()));
  } catch (error) {
    if (error instanceof CorefileError) return [];
    throw error;
  }
}

export function fqdn(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

/** Whether a name is the zone, or is in it. Both in small letters with their final dot. */
export function inZone(name: string, zone: string): boolean {
  return zone === "." || name === zone || (name.endsWith(zone) && name[name.length - zone.length - 1] === ".");
}

/** The longest of the zones that a name is in (plugin.Zones.Matches). */
export function matchingZone(zones: readonly string[], name: string): string | undefined {
  let best: string | undefined;
  for (const zone of zones) if (inZone(name, zone) && (best === undefined || zone.length > best.length)) best = zone;
  return best;
}

/** miekg/dns IsDomainName: labels of 1 to 63 bytes. */
export function isDomainName(name: string): boolean {
  if (name === "" || name === ".") return true;
  return name
    .replace(/\.$/, "")
    .split(".")
    .every((label) => label !== "" && label.length < 64);
}

export function isReverse(zone: string): boolean {
  return inZone(zone, "in-addr.arpa.") || inZone(zone, "ip6.arpa.");
}

/** The address that a reverse name stands for; undefined if it is none (dnsutil.ExtractAddressFromReverse). */
export function addressOfReverse(name: string): string | undefined {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa\.$/.exec(name);
  if (four) {
    const octets = four.slice(1).reverse().map(Number);
    return octets.every((octet) => octet < 256) ? octets.join(".") : undefined;
  }
  if (!/^([0-9a-f]\.){32}ip6\.arpa\.$/.test(name)) return undefined;
  const digits = name.slice(0, 63).split(".").reverse().join("");
  return addressText(BigInt(`0x${digits}`));
}

/** A CIDR as reverse zones; one that does not end at a label stands for several (plugin/pkg/cidr). */
function reverseZones(text: string): string[] | undefined {
  if (!text.includes("/")) return undefined;
  const prefix = parsePrefix(text);
  if (!prefix) return undefined;
  const { address, length } = prefix;
  const [bits, step, base] = isIPv4(address) ? [32, 8, "in-addr.arpa."] : [128, 4, "ip6.arpa."];
  const labels = Math.max(1, Math.ceil(length / step));
  const value = isIPv4(address) ? BigInt(address >>> 0) : address;
  const count = 1 << (labels * step - length);
  const first = (value >> BigInt(bits - length)) << BigInt(labels * step - length);
  return Array.from({ length: count }, (_, index) => {
    const number = first + BigInt(index);
    const parts = Array.from({ length: labels }, (__, label) => {
      const part = (number >> BigInt(label * step)) & BigInt((1 << step) - 1);
      return step === 8 ? String(part) : part.toString(16);
    });
    return `${parts.join(".")}.${base}`;
  });
}
