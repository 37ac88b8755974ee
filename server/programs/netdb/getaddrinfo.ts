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
import { nameSources, parseSources, type NameSource, type NssStatus } from "./nsswitch.ts";
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
  sources: readonly NameSource[] = hostSources(process),
): Promise<AddressInfo> {
  const libc = libcOf(process.host);
  const numeric = numericAddress(name);
  if (numeric !== undefined) {
    const wrong = family !== undefined && familyOf(numeric) !== family;
    return wrong ? failed(name, "EAI_ADDRFAMILY") : { addresses: [numeric], canonical: name };
  }
  let last: AddressInfo | undefined;
  for (const source of sources) {
    const found =
      source.name === "files"
        ? fromFile(process, name, family)
        : source.name === "dns"
          ? await fromDns(process, name, family, libc, nameservers)
          : "UNAVAIL";
    const status = found === "UNAVAIL" ? found : statusOf(found);
    if (status === "SUCCESS" && found !== "UNAVAIL" && source.ends(status))
      return { ...found, addresses: sorted(process, found.addresses) };
    // What the last source had to say is the reason.
    if (found !== "UNAVAIL" && source.name !== "files") last = found;
    if (source.ends(status)) break;
  }
  return last?.failure === undefined ? failed(name, "EAI_NONAME") : last;
}

function statusOf({ failure }: AddressInfo): NssStatus {
  if (failure === undefined) return "SUCCESS";
  return failure === "EAI_AGAIN" ? "TRYAGAIN" : "NOTFOUND";
}

export function familyOf(address: string): Family {
  return address.includes(":") ? 6 : 4;
}

/** musl knows no nsswitch.conf. */
export function hostSources({ host }: Process): NameSource[] {
  return libcOf(host) === "musl" ? parseSources("files dns") : nameSources(host, "hosts");
}

function fromFile(process: Process, name: string, family: Family | undefined): AddressInfo {
  const text = process.host.readText("/etc/hosts") ?? "";
  const own = lookupHostsFile(text, name);
  // Asked for IPv4, the file's ::1 counts as 127.0.0.1 (nss_files, files-hosts.c).
  const four = own.map((address) => (address === "::1" ? "127.0.0.1" : address)).filter((address) => familyOf(address) === 4); // prettier-ignore
  const six = own.filter((address) => familyOf(address) === 6);
  const addresses = family === 4 ? four : family === 6 ? six : own;
  const [first] = addresses;
  if (first === undefined) return failed(name, "EAI_NONAME");
  const canonical = namesInHostsFile(text, first)[0] ?? name;
  return { addresses, canonical };
}

async function fromDns(
  process: Process,
  name: string,
  family: Family | undefined,
  libc: Libc,
  nameservers: readonly string[] | undefined,
): Promise<AddressInfo> {
  const types = family === 4 ? (["A"] as const) : family === 6 ? (["AAAA"] as const) : (["A", "AAAA"] as const);
  const found = await searchDns(process, name, types, libc, nameservers);
  if (found.failure === "try again") return failed(name, "EAI_AGAIN");
  if (found.failure === "no data") return failed(name, "EAI_NODATA");
  if (found.failure !== undefined) return failed(name, "EAI_NONAME");
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
