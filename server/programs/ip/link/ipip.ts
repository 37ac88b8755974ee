import { addressText, type IpipSpec } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { mustBeAddress } from "../prefix.ts";
import { IPIP_USAGE } from "../usage/kinds.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";

export type IpipOptions = Pick<IpipSpec, "local" | "remote" | "dev" | "ttl" | "pmtudisc">;

const UNSIMULATED = [
  "tos", "tclass", "dsfield", "encap", "encap-sport", "encap-dport", "encap-csum", "encap-udp6-csum", "encap-remcsum",
  "external", "6rd-prefix", "6rd-relay_prefix", "6rd-reset", "fwmark",
]; // prettier-ignore

const DEFAULTS = ["noencap", "noencap-csum", "noencap-udp6-csum", "noencap-remcsum"];

/** The options of an ipip tunnel (ip/link_iptnl.c: iptunnel_parse_opt). */
export function readIpip(call: IpCall, rest: readonly string[]): IpipOptions {
  const words = new Words(rest);
  const options: { -readonly [K in keyof IpipOptions]: IpipOptions[K] } = {};
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "remote" || word === "local") {
      const value = words.next();
      if (value !== "any") options[word] = addressText(mustBeAddress(value, 4));
    } else if (matches(word, "dev")) {
      const link = call.findLink(words.next());
      if (!link) throw invalid('"dev" is invalid', words.word);
      options.dev = link.index;
    } else if (word === "ttl" || word === "hoplimit" || word === "hlim") {
      const value = words.next();
      const ttl = value === "inherit" ? 0 : readUnsigned(value, 255);
      if (ttl === undefined) throw invalid("invalid TTL\n", value);
      options.ttl = ttl;
    } else if (word === "nopmtudisc" || word === "pmtudisc") options.pmtudisc = word === "pmtudisc";
    else if (word === "mode") {
      const mode = words.next();
      if (["ipv4/ipv4", "ipip", "ip4ip4"].includes(mode)) continue;
      if (["mpls/ipv4", "mplsip", "any/ipv4", "any"].includes(mode)) throw notSimulated("ip", `ipip mode ${mode}`);
      throw invalid("Cannot guess tunnel mode.", mode);
    } else if (!DEFAULTS.includes(word)) {
      if (UNSIMULATED.includes(word)) throw notSimulated("ip", `ipip ${word}`);
      throw new Exit(1, IPIP_USAGE);
    }
  }
  if (options.ttl && options.pmtudisc === false) throw new Exit(255, "ttl != 0 and nopmtudisc are incompatible\n");
  return options;
}
