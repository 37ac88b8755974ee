import type { Process } from "../../sim/host/index.ts";
import { namesInHostsFile, parseAddress, isIPv4 } from "../../sim/net/index.ts";
import { libcOf } from "./libc.ts";
import { hostSources } from "./getaddrinfo.ts";
import type { NameSource } from "./nsswitch.ts";
import { searchDns } from "./stub-resolver.ts";

/** The name of an address by /etc/hosts and DNS, as getnameinfo(3); undefined if it has none. */
export async function getnameinfo(
  process: Process,
  address: string,
  nameservers?: readonly string[],
): Promise<string | undefined> {
  return (await gethostbyaddr(process, address, nameservers))[0];
}

/** All names of an address, the canonical one first. */
export async function gethostbyaddr(
  process: Process,
  address: string,
  nameservers?: readonly string[],
  sources: readonly NameSource[] = hostSources(process),
): Promise<string[]> {
  for (const source of sources) {
    if (source.name === "files") {
      const names = namesInHostsFile(process.host.readText("/etc/hosts") ?? "", address);
      if (names.length > 0) return names;
      if (source.ends("NOTFOUND")) break;
      continue;
    }
    if (source.name !== "dns") {
      if (source.ends("UNAVAIL")) break;
      continue;
    }
    const found = await searchDns(process, reverseName(address), ["PTR"], libcOf(process.host), nameservers);
    const names = found.records.flatMap((record) => (record.type === "PTR" ? [record.target.replace(/\.$/, "")] : []));
    if (names.length > 0) return names;
    if (source.ends(found.failure === "try again" ? "TRYAGAIN" : "NOTFOUND")) break;
  }
  return [];
}

/** The name under which DNS keeps an address' name: `10.0.96.10.in-addr.arpa.` */
export function reverseName(address: string): string {
  const value = parseAddress(address)!;
  if (isIPv4(value)) return `${address.split(".").toReversed().join(".")}.in-addr.arpa.`;
  const nibbles = value.toString(16).padStart(32, "0").split("").toReversed();
  return `${nibbles.join(".")}.ip6.arpa.`;
}
