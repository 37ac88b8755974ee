import { addressText, isIPv4, mask, networkOf, parseIPv4, parseIPv6, type Address } from "../../sim/net/index.ts";
import { Exit } from "./exit.ts";

export type Family = 4 | 6;

/** An address with the length of its prefix, as it was typed. */
export interface TypedPrefix {
  readonly address: Address;
  readonly family: Family;
  readonly length: number;
  /** A length was given. */
  readonly explicit: boolean;
}

const ANY = ["default", "all", "any"];

/** An address without a prefix (get_addr). IPv4 may lack its last numbers, which are zeros then. */
export function readAddress(word: string, family?: Family): Address | undefined {
  if (ANY.includes(word)) return family === 6 ? 0n : 0;
  if (word.includes(":")) return family === 4 ? undefined : parseIPv6(word);
  if (family === 6) return undefined;
  return readShortIPv4(word);
}

/** `10.1` stands for 10.1.0.0: iproute2 fills up at the end (get_addr_ipv4). */
export function readShortIPv4(word: string): number | undefined {
  const parts = word.split(".");
  if (parts.length > 4 || !parts.every((part) => /^\d{1,10}$/.test(part))) return undefined;
  return parseIPv4([...parts, "0", "0", "0"].slice(0, 4).join("."));
}

/** The address; ends the program if it is none. */
export function mustBeAddress(word: string, family?: Family): Address {
  const address = readAddress(word, family);
  if (address !== undefined) return address;
  throw new Exit(1, `Error: ${familyName(family)} address is expected rather than "${word}".\n`, true);
}

/** `10.0.0.0/8`, `10/8`, `10.0.0.0/255.0.0.0`, `default` (get_prefix_1). */
export function readPrefix(word: string, family?: Family): TypedPrefix | undefined {
  if (ANY.includes(word)) return { address: family === 6 ? 0n : 0, family: family ?? 4, length: 0, explicit: true };
  const slash = word.indexOf("/");
  const address = readAddress(slash < 0 ? word : word.slice(0, slash), family);
  if (address === undefined) return undefined;
  const width = isIPv4(address) ? 32 : 128;
  const own = isIPv4(address) ? 4 : 6;
  if (slash < 0) return { address, family: own, length: width, explicit: false };
  const length = readLength(word.slice(slash + 1), width);
  return length === undefined ? undefined : { address, family: own, length, explicit: true };
}

function readLength(text: string, width: number): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= width ? Number(text) : undefined;
  const dotted = parseIPv4(text);
  if (dotted === undefined) return undefined;
  const length = Math.clz32(~dotted);
  return mask(length) === dotted ? length : undefined;
}

export function mustBePrefix(word: string, family?: Family): TypedPrefix {
  const prefix = readPrefix(word, family);
  if (prefix) return prefix;
  throw new Exit(1, `Error: ${familyName(family)} prefix is expected rather than "${word}".\n`, true);
}

export function typedText({ address, length }: TypedPrefix): string {
  return `${addressText(address)}/${length}`;
}

/** True if an address lies within a prefix. */
export function within(prefix: TypedPrefix, address: Address): boolean {
  if (isIPv4(address) !== (prefix.family === 4)) return false;
  return networkOf(address, prefix.length) === networkOf(prefix.address, prefix.length);
}

function familyName(family: Family | undefined): string {
  return family === undefined ? "any valid" : family === 4 ? "inet" : "inet6";
}
