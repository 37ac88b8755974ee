import { addressText, mask, networkOf, parseIPv4, parseIPv6, ipv4 } from "../ip.ts";
import { parameter, type Family, type Masked, type Problem } from "./row.ts";

const WHOLE = "255.255.255.255";

type Lookup = (host: string) => readonly string[];

/** Reads `10.0.0.0/8`, `fd00::/8` or a host's name, which may have several addresses (libxtables: xtables_ipparse_any). */
export function readEnd(text: string, family: Family, lookup: Lookup): readonly Masked[] | Problem {
  return family === 4 ? readMasked(text, lookup) : readMasked6(text, lookup);
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.1` (inet_aton's short form, zeros behind), a host's name. */
function readMasked(text: string, lookup: Lookup): Masked[] | Problem {
  const slash = text.indexOf("/");
  const host = slash < 0 ? text : text.slice(0, slash);
  const bits = slash < 0 ? -1 : readMask(text.slice(slash + 1));
  if (bits === undefined) return parameter(`invalid mask \`${text.slice(slash + 1)}' specified`);
  const dotted = parseIPv4(host) ?? shortForm(host);
  if (dotted !== undefined) return [maskedBy(dotted, bits)];
  const found = lookup(host);
  if (found.length === 0) return parameter(`host/network \`${host}' not found`);
  return found.map((address) => maskedBy(ipv4(address), bits));
}

function shortForm(host: string): number | undefined {
  if (!/^\d+(\.\d+){0,2}$/.test(host)) return undefined;
  return parseIPv4([...host.split("."), 0, 0, 0].slice(0, 4).join("."));
}

function maskedBy(address: number, bits: number): Masked {
  return { address: addressText(address & bits), mask: bits === -1 ? WHOLE : addressText(bits) };
}

function readMask(text: string): number | undefined {
  if (text === "32") return -1;
  if (/^\d+$/.test(text)) return Number(text) <= 32 ? mask(Number(text)) : undefined;
  return parseIPv4(text);
}

/** `2001:db8::/32`, `fd00::1/ffff:ffff::`, a host's name. */
function readMasked6(text: string, lookup: Lookup): Masked[] | Problem {
  const slash = text.indexOf("/");
  const host = slash < 0 ? text : text.slice(0, slash);
  const tail = slash < 0 ? "128" : text.slice(slash + 1);
  const bits = /^\d+$/.test(tail)
    ? Number(tail) <= 128
      ? networkOf((1n << 128n) - 1n, Number(tail))
      : undefined
    : parseIPv6(tail);
  if (bits === undefined) return parameter(`invalid mask \`${tail}' specified`);
  const own = parseIPv6(host);
  const found = own === undefined ? lookup(host).map(parseIPv6) : [own];
  if (found.length === 0) return parameter(`host/network \`${host}' not found`);
  return found.map((address) => ({ address: addressText(address! & bits), mask: addressText(bits) }));
}
