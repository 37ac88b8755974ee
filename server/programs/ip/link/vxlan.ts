import { addressText, type LinkSpec } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { mustBeAddress } from "../prefix.ts";
import { VXLAN_USAGE } from "../usage/kinds.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";

type VxlanOptions = Omit<
  Extract<LinkSpec, { kind: "vxlan" }>,
  "kind" | "name" | "index" | "address" | "mtu" | "txqlen"
>;

/** Said where a VNI is given and no port. */
export const VXLAN_WARNING = `vxlan: destination port not specified
Will use Linux kernel default (non-standard value)
Use 'dstport 4789' to get the IANA assigned value
Use 'dstport 0' to get default and quiet this message
`;

/** What is so anyway. */
const DEFAULTS = [
  "noproxy",
  "norsc",
  "nol2miss",
  "nol3miss",
  "udpcsum",
  "noudp6zerocsumtx",
  "noudp6zerocsumrx",
  "noexternal",
];

const UNSIMULATED = [
  "tos", "dsfield", "df", "flowlabel", "label", "maxaddress", "srcport", "port", "proxy", "rsc", "l2miss", "l3miss",
  "noudpcsum", "udp6zerocsumtx", "udp6zerocsumrx", "remcsumtx", "remcsumrx", "noremcsumtx", "noremcsumrx", "external",
  "gbp", "gpe", "vnifilter", "novnifilter",
]; // prettier-ignore

/** The options of a vxlan (ip/iplink_vxlan.c: vxlan_parse_opt). */
export function readVxlan(call: IpCall, rest: readonly string[]): VxlanOptions {
  if (rest.length === 0) return {};
  const words = new Words(rest);
  const options: { -readonly [K in keyof VxlanOptions]: VxlanOptions[K] } = {};
  for (; !words.done; words.step()) {
    const { word } = words;
    if (matches(word, "id") || matches(word, "vni")) {
      const id = readUnsigned(words.next(), 0xff_ffff);
      if (id === undefined) throw invalid("invalid id", words.word);
      options.id = id;
    } else if (matches(word, "group")) options.remote = end(words, "group");
    else if (matches(word, "remote")) options.remote = end(words, "remote");
    else if (matches(word, "local")) options.local = end(words, "local");
    else if (matches(word, "dev")) options.dev = call.mustFindLink(words.next()).index;
    else if (matches(word, "ttl") || matches(word, "hoplimit")) {
      const value = words.next();
      const ttl = value === "auto" ? 0 : readUnsigned(value, 255);
      if (value === "inherit") throw notSimulated("ip", "ttl inherit");
      if (ttl === undefined) throw invalid("TTL must be <= 255", value);
      options.ttl = ttl;
    } else if (matches(word, "ageing")) {
      const value = words.next();
      const ageing = value === "none" ? 0 : readUnsigned(value);
      if (ageing === undefined) throw invalid("ageing timer", value);
      options.ageing = ageing;
    } else if (matches(word, "dstport")) {
      const port = readUnsigned(words.next(), 0xffff);
      if (port === undefined) throw invalid("dst port", words.word);
      options.dstport = port === 0 ? 8472 : port;
    } else if (matches(word, "nolearning")) options.learning = false;
    else if (matches(word, "learning")) options.learning = true;
    else if (DEFAULTS.some((name) => matches(word, name))) continue;
    else {
      const known = UNSIMULATED.find((name) => matches(word, name));
      if (known !== undefined) throw notSimulated("ip", `vxlan ${known}`);
      if (matches(word, "help")) throw new Exit(1, VXLAN_USAGE);
      throw new Exit(1, `vxlan: unknown command "${word}"?\n${VXLAN_USAGE}`);
    }
  }
  if (options.id === undefined) throw new Exit(1, "vxlan: missing virtual network identifier\n");
  return options;
}

/** An end of the tunnel. */
function end(words: Words, what: string): string {
  const address = mustBeAddress(words.next());
  const multicast = typeof address === "number" && address >>> 28 === 0xe;
  if (what === "group" && !multicast) throw invalid("invalid group address", words.word);
  if (what === "remote" && multicast) throw invalid("invalid remote address", words.word);
  return addressText(address);
}
