import { addressType, type AddressType } from "../../route/address-type.ts";
import type { MatchExtension, OptionSpec } from "../extension.ts";
import { parameter, type Problem } from "../row.ts";

/** In the order in which they are printed. */
const TYPES: readonly AddressType[] = [
  "UNSPEC",
  "UNICAST",
  "LOCAL",
  "BROADCAST",
  "ANYCAST",
  "MULTICAST",
  "BLACKHOLE",
  "UNREACHABLE",
  "PROHIBIT",
  "THROW",
  "NAT",
  "XRESOLVE",
];

interface Types {
  readonly types: readonly AddressType[];
  readonly not?: true;
}

interface AddrtypeOptions {
  readonly source?: Types;
  readonly destination?: Types;
  readonly limit?: "in" | "out";
}

function typeOption(key: string): OptionSpec {
  return { key, words: 1, not: true, read: ([text]) => readTypes(text!) };
}

/** What kind of address the routing tables know it for: most often `--dst-type LOCAL`. */
export const addrtype: MatchExtension = {
  kind: "match",
  name: "addrtype",
  hooksFor({ limit }) {
    if (limit === "in") return ["PREROUTING", "INPUT", "FORWARD"];
    return limit === "out" ? ["FORWARD", "OUTPUT", "POSTROUTING"] : undefined;
  },
  options: {
    "--src-type": typeOption("source"),
    "--dst-type": typeOption("destination"),
    "--limit-iface-in": { key: "limit", words: 0, read: () => "in" },
    "--limit-iface-out": { key: "limit", words: 0, read: () => "out" },
  },
  finish(given) {
    const source = given.get("source");
    const destination = given.get("destination");
    if (!source && !destination) return parameter("addrtype: you must specify --src-type or --dst-type");
    const limit = given.get("limit");
    const types = (wish: typeof source): Record<string, unknown> => ({
      types: wish!.value,
      ...(wish!.not ? { not: true } : {}),
    });
    return {
      ...(source ? { source: types(source) } : {}),
      ...(destination ? { destination: types(destination) } : {}),
      ...(limit ? { limit: limit.value } : {}),
    };
  },
  save(options) {
    const { source, destination, limit } = options as AddrtypeOptions;
    const part = (name: string, wish: Types | undefined): string =>
      wish ? `${wish.not ? " !" : ""} --${name} ${wish.types.join(",")}` : "";
    return part("src-type", source) + part("dst-type", destination) + (limit ? ` --limit-iface-${limit}` : "");
  },
  list(options) {
    const { source, destination, limit } = options as AddrtypeOptions;
    const part = (name: string, wish: Types | undefined): string =>
      wish ? ` ${name} ${wish.not ? "!" : ""}${wish.types.join(",")}` : "";
    const limited = limit ? ` limit-${limit}` : "";
    return ` ADDRTYPE match${part("src-type", source)}${part("dst-type", destination)}${limited}`;
  },
  compile(options) {
    const { source, destination, limit } = options as AddrtypeOptions;
    return (packet, at) => {
      const link = limit === "in" ? at.in?.index : limit === "out" ? at.out?.index : undefined;
      if (source && source.types.includes(addressType(at.ns, packet.src, link)) === (source.not ?? false)) return false;
      return (
        !destination || destination.types.includes(addressType(at.ns, packet.dst, link)) !== (destination.not ?? false)
      );
    };
  },
};

function readTypes(text: string): AddressType[] | Problem {
  const wanted = new Set<string>();
  for (const word of text.split(",")) {
    if (!(TYPES as readonly string[]).includes(word.toUpperCase())) return parameter(`addrtype: bad type "${word}"`);
    wanted.add(word.toUpperCase());
  }
  return TYPES.filter((type) => wanted.has(type));
}
