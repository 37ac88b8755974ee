import type { Process } from "../../sim/host/index.ts";
import {
  addressText,
  getRoute,
  isIPv4,
  lookupHostsFile,
  namesInHostsFile,
  namespaceOf,
  parseAddress,
  type DnsRecord,
} from "../../sim/net/index.ts";
import { libcOf, type GaiError, type Libc } from "./libc.ts";
import { searchDns } from "./stub-resolver.ts";

export type Family = 4 | 6;

export interface AddressInfo {
  /** In the order in which programs should try them. */
  readonly addresses: readonly string[];
  /** AI_CANONNAME: the name in full, behind aliases. */
  readonly canonical: string;
  readonly failure?: GaiError;
}

/** The addresses of a name, as getaddrinfo(3) of the host's C library finds them: itself, /etc/hosts, DNS. */
export async function getaddrinfo(
  process: Process,
  name: string,
  family?: Family,
  nameservers?: readonly string[],
): Promise<AddressInfo> {
  const libc = libcOf(process.host);
  const numeric = numericAddress(name);
  if (numeric !== undefined) {
    const wrong = family !== undefined && familyOf(numeric) !== family;
    return wrong ? failed(name, "EAI_ADDRFAMILY") : { addresses: [numeric], canonical: name };
  }
  for (const source of hostSources(process)) {
    const found =
      source === "files" ? fromFile(process, name, family) : await fromDns(process, name, family, libc, nameservers);
    if (!found) continue;
    if (found.failure !== undefined || found.addresses.length > 0)
      return { ...found, addresses: sorted(process, found.addresses) };
  }
  return failed(name, "EAI_NONAME");
}

export function familyOf(address: string): Family {
  return address.includes(":") ? 6 : 4;
}

/** Sources of nsswitch.conf that are simulated; without the file, and for musl, files and DNS. */
export function hostSources(process: Process): ("files" | "dns")[] {
  const line = /^hosts:(.*)$/m.exec(process.host.readText("/etc/nsswitch.conf") ?? "")?.[1];
  const words = line?.trim().split(/\s+/);
  return (words ?? ["files", "dns"]).filter((word): word is "files" | "dns" => word === "files" || word === "dns");
}

function fromFile(process: Process, name: string, family: Family | undefined): AddressInfo | undefined {
  const text = process.host.readText("/etc/hosts") ?? "";
  const addresses = lookupHostsFile(text, name).filter(
    (address) => family === undefined || familyOf(address) === family,
  );
  const [first] = addresses;
  if (first === undefined) return undefined;
  const canonical = namesInHostsFile(text, first)[0] ?? name;
  return { addresses, canonical };
}

async function fromDns(
  process: Process,
  name: string,
  family: Family | undefined,
  libc: Libc,
  nameservers: readonly string[] | undefined,
): Promise<AddressInfo | undefined> {
  const types = family === 4 ? (["A"] as const) : family === 6 ? (["AAAA"] as const) : (["A", "AAAA"] as const);
  const found = await searchDns(process, name, types, libc, nameservers);
  if (found.failure === "try again") return failed(name, "EAI_AGAIN");
  if (found.failure === "no data") return failed(name, "EAI_NODATA");
  if (found.failure !== undefined) return undefined;
  const addresses = addressRecords(found.records);
  if (addresses.length === 0) return failed(name, "EAI_NODATA");
  const owner = found.records.find((record) => record.type === "A" || record.type === "AAAA")!.name;
  return { addresses: [...new Set(addresses)], canonical: owner.replace(/\.$/, "") };
}

function addressRecords(records: readonly DnsRecord[]): string[] {
  return records.flatMap((record) => (record.type === "A" || record.type === "AAAA" ? [record.address] : []));
}

function failed(name: string, failure: GaiError): AddressInfo {
  return { addresses: [], canonical: name, failure };
}

/** An address as inet_aton(3) and inet_pton(3) read it, in its usual form. */
export function numericAddress(text: string): string | undefined {
  const value = parseAddress(text.split("%")[0]!) ?? inetAton(text);
  return value === undefined ? undefined : addressText(value);
}

/** Fewer than four numbers, the last of which fills what is left; octal and hexadecimal too (inet_aton(3)). */
function inetAton(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length > 4 || !parts.every((part) => /^(?:0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.test(part))) return undefined;
  const numbers = parts.map((part) => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const last = numbers.pop()!;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
  return numbers.reduce((sum, number, at) => sum + number * 256 ** (3 - at), last) | 0;
}

/** RFC 3484 as far as it matters here: what can be reached goes first, then IPv6. Stable. */
function sorted(process: Process, addresses: readonly string[]): string[] {
  const ns = namespaceOf(process);
  const rank = (address: string): number => {
    const destination = parseAddress(address)!;
    const unusable = typeof getRoute(ns, { destination }) === "string" ? 2 : 0;
    return unusable + (isIPv4(destination) ? 1 : 0);
  };
  return addresses.length < 2 ? [...addresses] : addresses.toSorted((a, b) => rank(a) - rank(b));
}
