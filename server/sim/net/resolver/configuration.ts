import type { Duration } from "../../kernel/index.ts";
import { SECOND } from "../../kernel/index.ts";
import { parseAddress } from "../ip.ts";

/** What /etc/resolv.conf says (resolv.conf(5)). */
export interface ResolverConfiguration {
  /** Addresses; 127.0.0.1 if the file names none. */
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  readonly timeout: Duration;
  readonly attempts: number;
  readonly rotate: boolean;
  readonly useVc: boolean;
  /** No IPv6 addresses are asked for (glibc 2.36). */
  readonly noAaaa: boolean;
}

const MAX_NAMESERVERS = 3;

/** Reads resolv.conf as glibc does: the last `search` or `domain` counts, unknown lines and options do not matter. */
export function parseResolvConf(text: string): ResolverConfiguration {
  const nameservers: string[] = [];
  let search: readonly string[] = [];
  const options = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === "nameserver" && words[0] !== undefined && parseAddress(words[0].split("%")[0]!) !== undefined)
      nameservers.push(words[0].split("%")[0]!);
    else if (keyword === "search") search = words.filter((word) => word !== ".");
    else if (keyword === "domain" && words[0] !== undefined) search = [words[0]];
    else if (keyword === "options") {
      for (const word of words) {
        const [name, value] = word.split(":");
        options.set(name!, value === undefined ? 1 : Number(value) || 0);
      }
    }
  }
  return {
    nameservers: nameservers.length > 0 ? nameservers.slice(0, MAX_NAMESERVERS) : ["127.0.0.1"],
    search: search.map((domain) => domain.replace(/\.$/, "")),
    ndots: Math.min(options.get("ndots") ?? 1, 15),
    timeout: Math.min(options.get("timeout") ?? 5, 30) * SECOND,
    attempts: Math.min(options.get("attempts") ?? 2, 5),
    rotate: options.has("rotate"),
    useVc: options.has("use-vc"),
    noAaaa: options.has("no-aaaa"),
  };
}

/** Addresses that /etc/hosts gives a name, in the order of its lines. */
export function lookupHostsFile(text: string, name: string): string[] {
  const wanted = name.replace(/\.$/, "").toLowerCase();
  return hostsLines(text)
    .filter(({ names }) => names.some((other) => other.toLowerCase() === wanted))
    .map(({ address }) => address);
}

/** The names that /etc/hosts gives an address, the first of them the canonical one. */
export function namesInHostsFile(text: string, address: string): string[] {
  return (
    hostsLines(text)
      .find((line) => line.address === address)
      ?.names.slice() ?? []
  );
}

function hostsLines(text: string): { address: string; names: readonly string[] }[] {
  return text.split("\n").flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    return address !== undefined && names.length > 0 && parseAddress(address) !== undefined ? [{ address, names }] : [];
  });
}

export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}
