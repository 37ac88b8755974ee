import { addressText, compareAddresses, networkOf, parseAddress, parseIPv4, type Address } from "../ip.ts";
import { parseMac } from "../mac.ts";
import { protocolName, protocolNumber } from "../netfilter/protocols.ts";
import type { Names } from "../netfilter/extension.ts";
import { setType, type Part, type SetRow } from "./row.ts";

/** Texts that the elements of a set are keyed by, or what ipset says against what was written (lib/parse.c). */
export type Parsed = readonly string[] | { readonly problem: string };

export function isRefused(parsed: Parsed | { readonly problem: string }): parsed is { readonly problem: string } {
  return "problem" in parsed;
}

function refused(problem: string): { problem: string } {
  return { problem };
}

/** More elements than this are not made of one range (kernel: IPSET_MAX_RANGE, 2^14 at a time, is not a limit but a pause). */
const MAX_EXPANSION = 65_536;

/** Reads `10.0.0.1,tcp:80,10.1.0.0/16`; ranges and ports from-to become several elements. `test` keeps networks whole. */
export function parseElement(set: SetRow, text: string, names: Names, test = false): Parsed {
  const { parts, name, method } = setType(set.type)!;
  const words = text.split(",");
  const count = words.length;
  if (parts.length === 1 && count > 1)
    return refused(`Syntax error: Elem separator in ${text}, but settype ${name} supports none.`);
  if (parts.length > 1 && count < 2) return refused(`Syntax error: Second element is missing from ${text}.`);
  if (parts.length > 2 && count < 3) return refused(`Syntax error: Third element is missing from ${text}.`);
  if (parts.length === 2 && count > 2)
    return refused(`Syntax error: Two elem separators in ${text}, but settype ${name} supports one.`);
  if (count > 3) return refused(`Syntax error: Three elem separators in ${text}, but settype ${name} supports two.`);
  let keys: string[] = [""];
  for (const [at, part] of parts.entries()) {
    const values = parsePart(set, part, words[at]!, names, test, method === "bitmap");
    if (isRefused(values)) return values;
    const next: string[] = [];
    for (const key of keys) {
      for (const value of values) {
        if (next.length > MAX_EXPANSION) return refused("Hash is full, cannot add more elements");
        next.push(at === 0 ? value : `${key},${value}`);
      }
    }
    keys = next;
  }
  return keys;
}

function parsePart(set: SetRow, part: Part, word: string, names: Names, test: boolean, bitmap: boolean): Parsed {
  switch (part) {
    case "ip":
      return parseAddresses(set, word, test);
    case "net":
      return parseNetworks(set, word, test);
    case "port":
      return parsePorts(word, names, bitmap);
    case "mac": {
      const mac = parseMac(word);
      return mac === undefined
        ? refused(`Syntax error: cannot parse '${word}' as ethernet address`)
        : [mac.toUpperCase()];
    }
    case "mark":
      return /^(0x[0-9a-f]+|\d+)$/i.test(word)
        ? [`0x${Number(word).toString(16).padStart(8, "0")}`]
        : refused(`Syntax error: '${word}' is invalid as number`);
    case "iface":
    case "set":
      return [word];
  }
}

const FAMILY = { inet: ["IPv4", 32], inet6: ["IPv6", 128] } as const;

function parseOne(set: SetRow, word: string): Address | { problem: string } {
  const [name] = FAMILY[set.family];
  const value = parseAddress(word);
  if (value === undefined || (typeof value === "number") !== (set.family === "inet"))
    return refused(`Syntax error: cannot parse ${word}: resolving to ${name} address failed`);
  return value;
}

function parseLength(set: SetRow, text: string): number | { problem: string } {
  const width = FAMILY[set.family][1];
  if (!/^\d+$/.test(text)) return refused(`Syntax error: '${text}' is invalid as number`);
  if (Number(text) > width) return refused(`Syntax error: '${text}' is out of range 0-${width}`);
  return Number(text);
}

interface Range {
  readonly from: Address;
  readonly to: Address;
  /** As it was written with a prefix. */
  readonly length?: number;
}

function parseRange(set: SetRow, word: string): Range | { problem: string } {
  const [width] = [FAMILY[set.family][1]];
  const slash = word.indexOf("/");
  if (slash >= 0) {
    const value = parseOne(set, word.slice(0, slash));
    if (typeof value === "object") return value;
    const length = parseLength(set, word.slice(slash + 1));
    if (typeof length === "object") return length;
    const from = networkOf(value, length);
    const to = typeof from === "number" ? from | ~mask4(length) : from | ((1n << BigInt(width - length)) - 1n);
    return { from, to, length };
  }
  const dash = word.indexOf("-");
  const from = parseOne(set, dash < 0 ? word : word.slice(0, dash));
  if (typeof from === "object") return from;
  if (dash < 0) return { from, to: from, length: width };
  const to = parseOne(set, word.slice(dash + 1));
  if (typeof to === "object") return to;
  return compareAddresses(from, to) <= 0 ? { from, to } : { from: to, to: from };
}

function mask4(length: number): number {
  return length === 0 ? 0 : -1 << (32 - length);
}

/** Every address of a range; a set with a netmask keeps networks of that length. */
function parseAddresses(set: SetRow, word: string, test: boolean): Parsed {
  const range = parseRange(set, word);
  if ("problem" in range) return range;
  const keep = (value: Address): string =>
    addressText(set.netmask === undefined ? value : networkOf(value, set.netmask));
  if (test && range.from !== range.to) return [keep(range.from)];
  if (range.from === range.to) return checkNull(set, keep(range.from));
  if (typeof range.from !== "number" || typeof range.to !== "number")
    return refused("Syntax error: IPv6 ranges are not supported"); // hash_ip6_uadt: IPSET_ERR_HASH_RANGE_UNSUPPORTED
  const first = checkNull(set, keep(range.from));
  if ("problem" in first) return first;
  const step = set.netmask === undefined ? 1 : 2 ** (32 - set.netmask);
  const list: string[] = [];
  for (let value = range.from >>> 0; value <= range.to >>> 0; value += step) {
    if (list.length > MAX_EXPANSION) return refused("Hash is full, cannot add more elements");
    list.push(keep(value | 0));
  }
  return list;
}

function checkNull(set: SetRow, text: string): Parsed {
  if (setType(set.type)!.method === "hash" && (text === "0.0.0.0" || text === "::"))
    return refused("Null-valued element, cannot be stored in a hash type of set");
  return [text];
}

/** A range becomes the fewest networks that cover it (ip_set_range_to_cidr). */
function parseNetworks(set: SetRow, word: string, test: boolean): Parsed {
  const range = parseRange(set, word);
  if ("problem" in range) return range;
  const iface = set.type.includes("iface");
  if (range.length === 0 && !iface && !test)
    return refused("The value of the CIDR parameter of the IP address is invalid");
  if (range.length !== undefined) return [networkText(range.from, range.length)];
  const [from, to] = [range.from, range.to];
  if (typeof from !== "number" || typeof to !== "number") return refused("Syntax error: IPv6 ranges are not supported");
  const list: string[] = [];
  for (let value = from >>> 0; value <= to >>> 0;) {
    let length = 32;
    while (length > 1 && value % 2 ** (33 - length) === 0 && value + 2 ** (33 - length) - 1 <= to >>> 0) length--;
    list.push(networkText(value | 0, length));
    value += 2 ** (32 - length);
  }
  return list;
}

/** As the kernel's elements are printed: a host without its length. */
export function networkText(value: Address, length: number): string {
  const whole = length === (typeof value === "number" ? 32 : 128);
  return `${addressText(value)}${whole ? "" : `/${length}`}`;
}

const TCP = 6;
const ICMP = 1;
const ICMPV6 = 58;

/** Protocols whose elements have ports (ip_set_proto_with_ports). */
const WITH_PORTS = new Set([6, 17, 132, 136]);

/** Names of ICMP types that ipset prints instead of numbers (lib/icmp.c). */
const ICMP_NAMES: readonly (readonly [string, number, number])[] = [
  ["echo-reply", 0, 0],
  ["network-unreachable", 3, 0],
  ["host-unreachable", 3, 1],
  ["protocol-unreachable", 3, 2],
  ["port-unreachable", 3, 3],
  ["fragmentation-needed", 3, 4],
  ["source-route-failed", 3, 5],
  ["network-unknown", 3, 6],
  ["host-unknown", 3, 7],
  ["network-prohibited", 3, 9],
  ["host-prohibited", 3, 10],
  ["TOS-network-unreachable", 3, 11],
  ["TOS-host-unreachable", 3, 12],
  ["communication-prohibited", 3, 13],
  ["host-precedence-violation", 3, 14],
  ["precedence-cutoff", 3, 15],
  ["source-quench", 4, 0],
  ["network-redirect", 5, 0],
  ["host-redirect", 5, 1],
  ["TOS-network-redirect", 5, 2],
  ["TOS-host-redirect", 5, 3],
  ["echo-request", 8, 0],
  ["router-advertisement", 9, 0],
  ["router-solicitation", 10, 0],
  ["ttl-zero-during-transit", 11, 0],
  ["ttl-zero-during-reassembly", 11, 1],
  ["ip-header-bad", 12, 0],
  ["required-option-missing", 12, 1],
  ["timestamp-request", 13, 0],
  ["timestamp-reply", 14, 0],
  ["address-mask-request", 17, 0],
  ["address-mask-reply", 18, 0],
];

const ICMP6_NAMES: readonly (readonly [string, number, number])[] = [
  ["no-route", 1, 0],
  ["communication-prohibited", 1, 1],
  ["address-unreachable", 1, 3],
  ["port-unreachable", 1, 4],
  ["packet-too-big", 2, 0],
  ["ttl-zero-during-transit", 3, 0],
  ["ttl-zero-during-reassembly", 3, 1],
  ["bad-header", 4, 0],
  ["unknown-header-type", 4, 1],
  ["unknown-option", 4, 2],
  ["echo-request", 128, 0],
  ["echo-reply", 129, 0],
  ["router-solicitation", 133, 0],
  ["router-advertisement", 134, 0],
  ["neighbour-solicitation", 135, 0],
  ["neighbour-advertisement", 136, 0],
  ["redirect", 137, 0],
];

function parsePorts(word: string, names: Names, bitmap: boolean): Parsed {
  const colon = word.indexOf(":");
  const protocol = colon < 0 ? TCP : protocolNumber(word.slice(0, colon));
  if (protocol === undefined || protocol === 0)
    return refused(`Syntax error: cannot parse '${word.slice(0, colon)}' as a protocol`);
  const rest = colon < 0 ? word : word.slice(colon + 1);
  if (protocol === ICMP || protocol === ICMPV6) return parseIcmp(protocol, rest);
  const name = protocolName(protocol) ?? String(protocol);
  if (!WITH_PORTS.has(protocol)) return [`${name}:0`];
  const service = names.port(rest, name);
  const dash = rest.indexOf("-");
  const from = service ?? parsePort(dash < 0 ? rest : rest.slice(0, dash), names, name);
  if (typeof from === "object") return from;
  const to = dash < 0 || service !== undefined ? from : parsePort(rest.slice(dash + 1), names, name);
  if (typeof to === "object") return to;
  const list: string[] = [];
  const [low, high] = from <= to ? [from, to] : [to, from];
  for (let port = low; port <= high; port++) list.push(bitmap ? String(port) : `${name}:${port}`);
  return list;
}

function parsePort(text: string, names: Names, protocol: string): number | { problem: string } {
  const named = names.port(text, protocol);
  if (named !== undefined) return named;
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  const why = /^\d+$/.test(text) ? `'${text}' is out of range 0-65535` : `'${text}' is invalid as number`;
  return refused(
    `Syntax error: ${why}\nSyntax error: '${protocol}' is invalid as number\ncannot parse '${text}' as a ${protocol} port`,
  );
}

function parseIcmp(protocol: number, text: string): Parsed {
  const names = protocol === ICMP ? ICMP_NAMES : ICMP6_NAMES;
  const prefix = protocol === ICMP ? "icmp" : "icmpv6";
  const alias = text === "ping" ? "echo-request" : text === "pong" ? "echo-reply" : text;
  const known = names.find(([name]) => name === alias);
  const match = known ? undefined : /^(\d+)\/(\d+)$/.exec(text);
  if (!known && !match)
    return refused(`Syntax error: cannot parse '${text}' as an ${prefix === "icmp" ? "ICMP" : "ICMPv6"} type`);
  return [icmpText(protocol, known ? known[1] : Number(match![1]), known ? known[2] : Number(match![2]))];
}

export function icmpText(protocol: number, type: number, code: number): string {
  const names = protocol === ICMP ? ICMP_NAMES : ICMP6_NAMES;
  const name = names.find(([, known, least]) => known === type && least === code)?.[0];
  return `${protocol === ICMP ? "icmp" : "icmpv6"}:${name ?? `${type}/${code}`}`;
}

/** `80-90` of a bitmap, lowest first. */
export function parseBitmapRange(
  parts: readonly Part[],
  text: string,
): readonly [string, string] | { problem: string } {
  if (parts[0] === "port") {
    const match = /^(\d+)-(\d+)$/.exec(text);
    if (!match) return refused(`Syntax error: cannot parse ${text} as a port range`);
    const [from, to] = [Number(match[1]), Number(match[2])];
    if (from > 65_535 || to > 65_535)
      return refused(`Syntax error: '${from > 65_535 ? from : to}' is out of range 0-65535`);
    return from <= to ? [String(from), String(to)] : [String(to), String(from)];
  }
  const slash = text.indexOf("/");
  if (slash >= 0) {
    const value = parseIPv4(text.slice(0, slash));
    const length = Number(text.slice(slash + 1));
    if (value === undefined) return refused(`Syntax error: cannot parse ${text}: resolving to IPv4 address failed`);
    const from = networkOf(value, length);
    return [addressText(from), addressText(from | ~mask4(length))];
  }
  const [first, second] = text.split("-");
  const [from, to] = [parseIPv4(first ?? ""), parseIPv4(second ?? "")];
  if (from === undefined || to === undefined)
    return refused(`Syntax error: cannot parse ${text}: resolving to IPv4 address failed`);
  return from >>> 0 <= to >>> 0 ? [addressText(from), addressText(to)] : [addressText(to), addressText(from)];
}
