import { invalid, type FieldErrors } from "../field-errors.ts";

/** Addresses as Go's parsers read them, with the server's words (apimachinery/pkg/util/validation/ip.go). */

const IP_MESSAGE = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const CIDR_MESSAGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/** The bytes of an address: 4 or 16; undefined if it is none. Leading zeros pass, as in the legacy fields of 1.33. */
export function parseIp(text: string): readonly number[] | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): readonly number[] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const bytes = match?.slice(1).map(Number);
  return bytes?.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2 || /[^0-9a-fA-F:.]/.test(text)) return undefined;
  const head = groups(halves[0]!);
  const tail = halves.length === 2 ? groups(halves[1]!) : [];
  if (!head || !tail) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

function groups(text: string): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [at, part] of parts.entries()) {
    if (part.includes(".")) {
      const v4 = at === parts.length - 1 ? parseIpv4(part) : undefined;
      if (!v4) return undefined;
      bytes.push(...v4);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      const value = Number.parseInt(part, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}

/** As Go sees it: an IPv4-mapped address is one of IPv4. */
export function isIpv6(text: string): boolean {
  const bytes = parseIp(text);
  return bytes?.length === 16 && !isMapped(bytes);
}

export interface Cidr {
  readonly bytes: readonly number[];
  readonly prefix: number;
}

export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const bytes = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (!bytes || !/^\d{1,3}$/.test(length) || Number(length) > bytes.length * 8) return undefined;
  return { bytes, prefix: Number(length) };
}

export function ipErrors(path: string, text: string): FieldErrors {
  return parseIp(text) ? [] : [invalid(path, text, IP_MESSAGE)];
}

export function cidrErrors(path: string, text: string): FieldErrors {
  return parseCidr(text) ? [] : [invalid(path, text, CIDR_MESSAGE)];
}

/** Complaints about an address where no machine can be (pkg/apis/core/validation ValidateEndpointIP). */
export function specialIpErrors(path: string, text: string): FieldErrors {
  const written = parseIp(text);
  if (!written) return [invalid(path, text, "must be a valid IP address")];
  const bytes = isMapped(written) ? written.slice(12) : written;
  const found: FieldErrors = [];
  const [a = 0, b = 0, c = 0] = bytes;
  const v4 = bytes.length === 4;
  const zero = bytes.slice(0, -1).every((byte) => byte === 0);
  if (zero && bytes.at(-1) === 0) found.push(invalid(path, text, `may not be unspecified (${text})`));
  if (v4 ? a === 127 : zero && bytes.at(-1) === 1)
    found.push(invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)"));
  if (v4 ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80)
    found.push(invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"));
  if (v4 ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 0x02)
    found.push(invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"));
  return found;
}

/** The bytes of the network that a range is, its host bits cleared. */
function networkBytes({ bytes, prefix }: Cidr): number[] {
  return bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * at))) & 0xff);
}

/** An address as Go prints it: dotted, or as RFC 5952 says. */
export function ipText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const parts = Array.from({ length: 8 }, (_, at) => (bytes[2 * at]! << 8) | bytes[2 * at + 1]!);
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (from + length < 8 && parts[from + length] === 0) length++;
    if (length > best.length) best = { from, length };
  }
  const hex = parts.map((part) => part.toString(16));
  if (best.length < 2) return hex.join(":");
  return `${hex.slice(0, best.from).join(":")}::${hex.slice(best.from + best.length).join(":")}`;
}

const isMapped = (bytes: readonly number[]): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
const hasLeadingZeros = (text: string): boolean => /(^|\.)0\d/.test(text.slice(text.lastIndexOf(":") + 1));

/** What is wrong with an address of a field that takes only the one right form (validation.IsValidIP). */
export function strictIpMessages(text: string): string[] {
  const bytes = parseIp(text);
  if (!bytes) return [IP_MESSAGE];
  if (hasLeadingZeros(text)) return ["must not have leading 0s"];
  if (isMapped(bytes)) return ["must not be an IPv4-mapped IPv6 address"];
  const canonical = ipText(bytes);
  return text === canonical ? [] : [`must be in canonical form ("${canonical}")`];
}

/** The same for a range (validation.IsValidCIDR). */
export function strictCidrErrors(path: string, text: string): FieldErrors {
  const cidr = parseCidr(text);
  const say = (message: string): FieldErrors => [invalid(path, text, message)];
  if (!cidr) return say(CIDR_MESSAGE);
  const [address = "", length = ""] = text.split("/");
  if (hasLeadingZeros(address) || /^0\d/.test(length)) return say("must not have leading 0s in IP or prefix length");
  if (isMapped(cidr.bytes)) return say("must not have an IPv4-mapped IPv6 address");
  const network = networkBytes(cidr);
  if (network.some((byte, at) => byte !== cidr.bytes[at]))
    return say("must not have bits set beyond the prefix length");
  const canonical = `${ipText(network)}/${cidr.prefix}`;
  return text === canonical ? [] : say(`must be in canonical form ("${canonical}")`);
}

/** What 1.33 says about an address that it takes although it is not in the right form (GetWarningsForIP). */
export function ipWarnings(path: string, text: string): string[] {
  const bytes = parseIp(text);
  if (!bytes) return [];
  if (hasLeadingZeros(text) || isMapped(bytes)) {
    const plain = ipText(isMapped(bytes) ? bytes.slice(12) : bytes);
    return [
      `${path}: non-standard IP address "${text}" will be considered invalid in a future Kubernetes release: use "${plain}"`,
    ];
  }
  const canonical = ipText(bytes);
  return text === canonical
    ? []
    : [`${path}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${canonical}")`];
}

/** What 1.33 says about a range that it takes although it is ambiguous or not in the right form (GetWarningsForCIDR). */
export function cidrWarnings(path: string, text: string): string[] {
  const cidr = parseCidr(text);
  if (!cidr) return [];
  const { bytes, prefix } = cidr;
  const bare = networkBytes(cidr);
  const network = `${ipText(bare)}/${prefix}`;
  const found: string[] = [];
  if (bare.some((byte, at) => byte !== bytes[at]))
    found.push(
      `${path}: CIDR value "${text}" is ambiguous in this context (should be "${network}" or "${ipText(bytes)}/${bytes.length * 8}"?)`,
    );
  const [address = "", length = ""] = text.split("/");
  if (hasLeadingZeros(address) || /^0\d/.test(length))
    found.push(
      `${path}: non-standard CIDR value "${text}" will be considered invalid in a future Kubernetes release: use "${network}"`,
    );
  const canonical = `${ipText(bytes)}/${prefix}`;
  if (bytes.length === 16 && found.length === 0 && text !== canonical)
    found.push(`${path}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${canonical}")`);
  return found;
}
