import { addressText, parseIPv4, parseIPv6 } from "../ip.ts";
import type { Names } from "../netfilter/extension.ts";
import { protocolName, protocolNumber } from "../netfilter/protocols.ts";
import type { Value } from "./row.ts";
import { SYMBOLS } from "./symbols.ts";

/** What a value is while packets pass: addresses as unsigned numbers (IPv6: 128 bits), names as text. */
export type Primitive = number | bigint | string;

/** What reading and printing values asks of the host. */
export interface ValueContext {
  readonly names: Names;
  /** A link's index by its name, and back. */
  linkIndex(name: string): number | undefined;
  linkName(index: number): string | undefined;
  host(name: string): readonly string[];
  user(name: string): number | undefined;
  group(name: string): number | undefined;
}

/** A kind of values as nft has it (struct datatype). */
export interface DataType {
  readonly name: string;
  /** As errors call it. */
  readonly description: string;
  readonly bits: number;
  /** Sets sort its values from the last byte (BYTEORDER_HOST_ENDIAN strings). */
  readonly bitmask?: true;
  readonly symbols?: readonly (readonly [string, number])[];
  readonly numericWidth?: number;
}

const TYPES: readonly DataType[] = [
  { name: "integer", description: "integer", bits: 32 },
  { name: "ipv4_addr", description: "IPv4 address", bits: 32 },
  { name: "ipv6_addr", description: "IPv6 address", bits: 128 },
  { name: "ether_addr", description: "Ethernet address", bits: 48 },
  { name: "inet_proto", description: "Internet protocol", bits: 8 },
  { name: "inet_service", description: "internet network service", bits: 16 },
  { name: "mark", description: "packet mark", bits: 32 },
  { name: "ifname", description: "network interface name", bits: 128 },
  { name: "iface_index", description: "network interface index", bits: 32 },
  { name: "uid", description: "user ID", bits: 32 },
  { name: "gid", description: "group ID", bits: 32 },
  { name: "ct_state", description: "conntrack state", bits: 32, bitmask: true, symbols: SYMBOLS.ctState },
  { name: "ct_dir", description: "conntrack direction", bits: 8, symbols: SYMBOLS.ctDirection },
  { name: "ct_status", description: "conntrack status", bits: 32, bitmask: true, symbols: SYMBOLS.ctStatus },
  { name: "icmp_type", description: "ICMP type", bits: 8, symbols: SYMBOLS.icmpType },
  { name: "icmpv6_type", description: "ICMPv6 type", bits: 8, symbols: SYMBOLS.icmp6Type },
  { name: "icmp_code", description: "icmp code", bits: 8, symbols: SYMBOLS.icmpCode },
  { name: "icmpv6_code", description: "icmpv6 code", bits: 8, symbols: SYMBOLS.icmp6Code },
  { name: "icmpx_code", description: "icmpx code", bits: 8, symbols: SYMBOLS.icmpxCode },
  { name: "tcp_flag", description: "TCP flag", bits: 8, bitmask: true, symbols: SYMBOLS.tcpFlag },
  { name: "pkt_type", description: "packet type", bits: 8, symbols: SYMBOLS.packetType },
  { name: "nf_proto", description: "netfilter protocol", bits: 8, symbols: SYMBOLS.family },
  { name: "ether_type", description: "Ethernet protocol", bits: 16, symbols: SYMBOLS.etherType, numericWidth: 4 },
  { name: "fib_addrtype", description: "fib address type", bits: 32, symbols: SYMBOLS.addressType },
  { name: "dscp", description: "Differentiated Services Code Point", bits: 6, symbols: SYMBOLS.dscp, numericWidth: 2 },
  { name: "boolean", description: "boolean type", bits: 1, symbols: SYMBOLS.boolean },
  { name: "verdict", description: "netfilter verdict", bits: 32 },
];

const BY_NAME = new Map(TYPES.map((type) => [type.name, type]));

export function dataType(name: string): DataType | undefined {
  return BY_NAME.get(name);
}

/** A value that cannot be read: what nft says. */
export interface Unreadable {
  readonly unreadable: string;
}

export function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === "object" && value !== null && "unreadable" in value;
}

/** Reads one word as a value of a type. */
export function readValue(text: string, name: string, context: ValueContext): Value | Unreadable {
  switch (name) {
    case "ipv4_addr":
    case "ipv6_addr":
      return readAddress(text, name === "ipv4_addr" ? 4 : 6, context);
    case "ether_addr":
      return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)
        ? text.toLowerCase()
        : { unreadable: "Could not parse Ethernet address" };
    case "ifname":
      return text;
    case "iface_index": {
      const index = context.linkIndex(text) ?? (/^\d+$/.test(text) ? Number(text) : undefined);
      return index ?? { unreadable: "Interface does not exist" };
    }
    case "inet_service":
      return readService(text, context);
    case "inet_proto":
      return readProtocol(text);
    case "uid":
    case "gid":
      return readOwner(text, name, context);
    default:
      return readSymbol(text, BY_NAME.get(name)!);
  }
}

function readAddress(text: string, family: 4 | 6, context: ValueContext): string | Unreadable {
  const value = family === 4 ? parseIPv4(text) : parseIPv6(text);
  if (value !== undefined) return addressText(value);
  const found = context.host(text).find((address) => address.includes(":") === (family === 6));
  return found ?? { unreadable: "Could not resolve hostname: Name or service not known" };
}

function readNumber(text: string): number | undefined {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
  return /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
}

function readService(text: string, { names }: ValueContext): number | Unreadable {
  const number = readNumber(text);
  if (number !== undefined) return number <= 65_535 ? number : { unreadable: "Service out of range" };
  const port = names.port(text, "tcp") ?? names.port(text, "udp");
  return port ?? { unreadable: "Could not resolve service: Servname not supported for ai_socktype" };
}

function readProtocol(text: string): number | Unreadable {
  const number = readNumber(text);
  if (number !== undefined) return number <= 255 ? number : { unreadable: "Protocol out of range" };
  const found = text === "icmpv6" ? 58 : protocolNumber(text);
  return found === undefined || text === "all" ? { unreadable: "Could not resolve protocol name" } : found;
}

function readOwner(text: string, name: "uid" | "gid", context: ValueContext): number | Unreadable {
  const id = readNumber(text) ?? (name === "uid" ? context.user(text) : context.group(text));
  return id ?? { unreadable: name === "uid" ? "User does not exist" : "Group does not exist" };
}

function readSymbol(text: string, { symbols, description, bits }: DataType): number | Unreadable {
  const known = symbols?.find(([symbol]) => symbol === text);
  if (known) return known[1];
  const number = readNumber(text);
  if (number === undefined) return { unreadable: `Could not parse ${description}` };
  const most = bits >= 32 ? 0xffff_ffff : 2 ** bits - 1;
  return number <= most ? number : { unreadable: `Value ${number} exceeds valid range 0-${most}` };
}

/** How values are shown. */
export interface ValueStyle {
  /** `-n`, `-p`: protocols, types, states as numbers. */
  readonly numeric: boolean;
  /** `-S` */
  readonly service: boolean;
  readonly context: Pick<ValueContext, "names" | "linkName">;
}

export function valueText(value: Value, name: string, style: ValueStyle): string {
  if (name === "ifname") return `"${value}"`;
  if (typeof value === "string") return value;
  const type = BY_NAME.get(name);
  switch (name) {
    case "mark":
      return `0x${(value >>> 0).toString(16).padStart(8, "0")}`;
    case "inet_proto":
      return style.numeric ? `${value}` : (protocolName(value) ?? `${value}`);
    case "inet_service":
      return (style.service && (style.context.names.service(value, "tcp") ?? style.context.names.service(value, "udp"))) || `${value}`; // prettier-ignore
    case "iface_index":
      return quotedLink(value, style);
    default:
      return symbolText(value, type, style.numeric);
  }
}

function quotedLink(index: number, { context }: ValueStyle): string {
  const name = context.linkName(index);
  return name === undefined ? `${index}` : `"${name}"`;
}

function symbolText(value: number, type: DataType | undefined, numeric: boolean): string {
  const { symbols, bitmask, numericWidth } = type ?? {};
  const known = numeric ? undefined : symbols?.find(([, number]) => number === value);
  if (known) return known[0];
  if (bitmask) return `0x${value.toString(16)}`;
  return numericWidth === undefined ? `${value}` : `0x${value.toString(16).padStart(numericWidth, "0")}`;
}

/** Each bit of a mask by its name, lowest first. */
export function bitNames(value: number, name: string, style: ValueStyle): string[] {
  const out: string[] = [];
  for (let bit = 1; bit <= value; bit *= 2) if (value & bit) out.push(valueText(bit, name, style));
  return out;
}

/** The value that packets are compared with. */
export function primitive(value: Value, name: string): Primitive {
  if (typeof value === "number") return value;
  if (name === "ipv4_addr") return parseIPv4(value)! >>> 0;
  if (name === "ipv6_addr") return parseIPv6(value)!;
  return value;
}

/** The same as text again. */
export function valueOf(value: Primitive, name: string): Value {
  if (typeof value === "bigint") return addressText(value);
  if (name === "ipv4_addr" && typeof value === "number") return addressText(value | 0);
  return value;
}
