import { addressText, ipv4, mask, networkOf, parseIPv6, parsePrefix, type Address } from "../../ip.ts";
import type { TargetExtension } from "../extension.ts";
import { parameter } from "../row.ts";

interface NetmapOptions {
  readonly network: string;
  readonly length: number;
}

/** Gives each address of a network the one at the same place in another: destinations on the way in, sources on the way out. */
export const NETMAP: TargetExtension = {
  kind: "target",
  name: "NETMAP",
  tracks: true,
  tables: ["nat"],
  hooks: ["PREROUTING", "OUTPUT", "INPUT", "POSTROUTING"],
  options: {
    "--to": {
      key: "to",
      words: 1,
      read([text], { family }) {
        const [host, tail] = text!.split("/") as [string, string?];
        const whole = family === 4 ? 32 : 128;
        const length = tail === undefined ? whole : prefixLength(tail);
        const prefix = parsePrefix(`${host}/${Math.min(whole, length ?? whole)}`);
        if (!prefix || (typeof prefix.address === "number") !== (family === 4))
          return parameter("getaddrinfo: Temporary failure in name resolution\n");
        const bits = Math.min(whole, length ?? whole);
        return { network: addressText(networkOf(prefix.address, bits)), length: bits };
      },
    },
  },
  finish(given) {
    const wish = given.get("to");
    return wish ? { ...(wish.value as object) } : parameter('NETMAP: option "--to" must be specified\n');
  },
  save: (options) => ` --to ${text(options as unknown as NetmapOptions)}`,
  list: (options) => ` to:${text(options as unknown as NetmapOptions)}`,
  compile(options) {
    const { network, length } = options as unknown as NetmapOptions;
    return (packet, at) => {
      const manip = at.hook === "PREROUTING" || at.hook === "OUTPUT" ? "destination" : "source";
      const to = placeIn(network, length, manip === "destination" ? packet.dst : packet.src);
      return at.translate(packet, { manip, from: to, to }) ? "accept" : "drop";
    };
  },
};

/** `24` or `255.255.255.0`. */
function prefixLength(tail: string): number | undefined {
  if (/^\d+$/.test(tail)) return Number(tail);
  return /^\d+(\.\d+){3}$/.test(tail) ? Math.clz32(~ipv4(tail)) : undefined;
}

function placeIn(network: string, length: number, address: Address): Address {
  if (typeof address === "number") return ipv4(network) | (address & ~mask(length));
  return parseIPv6(network)! | (address - networkOf(address, length));
}

function text({ network, length }: NetmapOptions): string {
  return `${network}/${length}`;
}
