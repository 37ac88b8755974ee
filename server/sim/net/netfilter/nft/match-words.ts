import type { MatchRow, Options } from "../row.ts";
import { isNativePorts, portWords, tcpFlagWords, type PortOptions } from "./ports-words.ts";

/**
 * How `nft list` shows a match: as an expression of its own (`native`), or one of xtables in the words that its library has
 * for it (xlate). Undefined: it has none there, `xt match NAME` is shown. `Unknown`: we have not seen it.
 */
export interface MatchWords {
  readonly text: string;
  readonly native?: true;
  /** A statement rather than an expression: what comes behind it no longer tells the protocol. */
  readonly statement?: true;
}

export class Unknown {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

type Words = (options: never, numeric: boolean, family: 4 | 6) => MatchWords | undefined | Unknown;

const xlate = (text: string): MatchWords => ({ text, statement: true });
const native = (text: string): MatchWords => ({ text, native: true });

export function matchWords(
  { name, options }: MatchRow,
  numeric: boolean,
  family: 4 | 6,
): MatchWords | undefined | Unknown {
  const words = MATCHES[name];
  if (!words) return UNTRANSLATED.has(name) ? undefined : new Unknown(`-m ${name}`);
  return words(options as never, numeric, family);
}

/** Matches whose libraries translate nothing, as recorded; nfacct's, by its source (extensions/libxt_nfacct.c has no xlate). */
const UNTRANSLATED = new Set(["tos", "recent", "string", "connlimit", "physdev", "set", "u32", "socket", "nfacct"]);

interface Not {
  readonly not?: true;
}

const ne = (wish: Not): string => (wish.not ? "!= " : "");
const hex8 = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, "0")}`;
const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

interface Mark extends Not {
  readonly value: number;
  readonly mask: number;
}

interface Range extends Not {
  readonly min: number;
  readonly max: number;
}

const span = ({ min, max }: Range): string => (min === max ? `${min}` : `${min}-${max}`);

const MATCHES: Readonly<Record<string, Words>> = {
  comment: () => xlate(""),
  tcp: (options: PortOptions, numeric) => ports("tcp", options, numeric),
  udp: (options: PortOptions, numeric) => ports("udp", options, numeric),
  sctp: (options: PortOptions) =>
    options.chunks ? new Unknown("-m sctp --chunk-types") : xlate(portWords("sctp", options, "xlate")),
  multiport: multiportWords,
  icmp: ({ type, minCode, maxCode, ...wish }: Icmp) => {
    if (type === 255) return xlate("ip protocol icmp");
    const name = minCode === 0 && maxCode === 255 ? ICMP_TYPES[type] : undefined;
    return name === undefined ? undefined : xlate(`icmp type ${ne(wish)}${name}`);
  },
  icmp6: ({ type, minCode, maxCode, ...wish }: Icmp) => {
    const name = minCode === 0 && maxCode === 255 ? ICMP6_TYPES[type] : undefined;
    return name === undefined ? undefined : xlate(`icmpv6 type ${ne(wish)}${name}`);
  },
  mark: ({ value, mask, ...wish }: Mark) =>
    mask === 0xffff_ffff
      ? native(`meta mark ${ne(wish)}${hex8(value)}`)
      : native(`meta mark & ${hex8(mask)} ${wish.not ? "!=" : "=="} ${hex8(value)}`),
  connmark: ({ value, mask, ...wish }: Mark) =>
    mask === 0xffff_ffff
      ? xlate(`ct mark ${ne(wish)}${hex(value)}`)
      : xlate(`ct mark and ${hex(mask)} ${wish.not ? "!=" : "=="} ${hex(value)}`),
  state: ({ states, ...wish }: { states: readonly string[] } & Not) => xlate(stateWords(states, wish)),
  conntrack: conntrackWords,
  addrtype: addrtypeWords,
  statistic: (wish: Statistic) => {
    if (wish.mode === "nth") return xlate(`numgen inc mod ${wish.every} ${ne(wish)}${wish.packet}`);
    // In parts of 2^31, as the kernel keeps it.
    return xlate(`meta random & 2147483647 ${wish.not ? ">=" : "<"} ${wish.probability}`);
  },
  limit: ({ average, burst }: { average: number; burst: number }) => ({
    text: `limit rate ${rate(average)}${burst === 5 ? "" : ` burst ${burst} packets`}`,
    native: true,
    statement: true,
  }),
  iprange: ({ source, destination }: { source?: Ends; destination?: Ends }, _, family) => {
    const ip = family === 4 ? "ip" : "ip6";
    const part = (name: string, wish: Ends | undefined): string[] =>
      wish ? [`${ip} ${name} ${ne(wish)}${wish.from}-${wish.to}`] : [];
    return xlate([...part("saddr", source), ...part("daddr", destination)].join(" "));
  },
  length: (wish: Range) => xlate(`meta length ${ne(wish)}${span(wish)}`),
  mac: (wish: { mac: string } & Not) => xlate(`ether saddr ${ne(wish)}${wish.mac.toLowerCase()}`),
  pkttype: (wish: { type: string } & Not) => xlate(`pkttype ${ne(wish)}${wish.type}`),
  ttl: (wish: Ttl) => xlate(`ip ttl ${ttlWords(wish)}`),
  hl: (wish: Ttl) => xlate(`ip6 hoplimit ${ttlWords(wish)}`),
  dscp: (wish: { dscp: number } & Not, _, family) =>
    xlate(`${family === 4 ? "ip" : "ip6"} dscp ${ne(wish)}0x${wish.dscp.toString(16).padStart(2, "0")}`),
  rpfilter: (wish: RpFilter) => {
    if (wish["accept-local"] && !wish.invert) return undefined;
    const local = wish["accept-local"] ? "fib saddr type != local " : "";
    const key = ["saddr", ...(wish.validmark ? ["mark"] : []), ...(wish.loose ? [] : ["iif"])].join(" . ");
    return xlate(`${local}fib ${key} oif ${wish.invert ? "" : "!= "}0`);
  },
  owner: (wish: Range) => xlate(`skuid ${ne(wish)}${span(wish)}`),
};

/** As in extensions/libxt_rpfilter.c. */
type RpFilter = Readonly<Partial<Record<"loose" | "validmark" | "accept-local" | "invert", true>>>;

interface Icmp extends Not {
  readonly type: number;
  readonly minCode: number;
  readonly maxCode: number;
}

interface Ends extends Not {
  readonly from: string;
  readonly to: string;
}

interface Ttl extends Not {
  readonly how: "eq" | "lt" | "gt";
  readonly value: number;
}

type Statistic = Not &
  (
    | { readonly mode: "random"; readonly probability: number }
    | { readonly mode: "nth"; readonly every: number; readonly packet: number }
  );

function ttlWords({ how, value, not }: Ttl): string {
  if (how === "eq") return `${not ? "!= " : ""}${value}`;
  return `${how} ${value}`;
}

/** The match of libxt_tcp and libxt_udp: comparisons of their own, but for options and what asks for nothing. */
function ports(protocol: "tcp" | "udp", options: PortOptions, numeric: boolean): MatchWords {
  if (isNativePorts(options)) {
    const flags = options.flags ? [tcpFlagWords(options.flags, numeric)] : [];
    return native([...[portWords(protocol, options, "native")].filter(Boolean), ...flags].join(" "));
  }
  const { option } = options;
  const words = [portWords(protocol, options, "xlate")].filter(Boolean);
  if (option) words.push(`tcp option ${option.kind} ${option.not ? "missing" : "exists"}`);
  return xlate(words.join(" "));
}

function multiportWords(
  { which, ranges, not }: { which: "sports" | "dports" | "ports"; ranges: readonly Range[] } & Not,
  _numeric: boolean,
): MatchWords | Unknown {
  if (which === "ports") return new Unknown("-m multiport --ports");
  const list = ranges.map(span);
  const shown = list.length === 1 ? list[0]! : `{ ${list.join(", ")} }`;
  // The protocol is the rule's own, which stands before it: its caller puts it in.
  return xlate(`PROTOCOL ${which.slice(0, -1)} ${not ? "!= " : ""}${shown}`);
}

/** Names that libipt_icmp and libip6t_icmp6 have for types of nft's; codes they have none for. */
const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: "echo-reply", 3: "destination-unreachable", 4: "source-quench", 5: "redirect", 8: "echo-request",
  9: "router-advertisement", 10: "router-solicitation", 11: "time-exceeded", 12: "parameter-problem",
  13: "timestamp-request", 14: "timestamp-reply", 17: "address-mask-request", 18: "address-mask-reply",
}; // prettier-ignore

const ICMP6_TYPES: Readonly<Record<number, string>> = {
  1: "destination-unreachable", 2: "packet-too-big", 3: "time-exceeded", 4: "parameter-problem",
  128: "echo-request", 129: "echo-reply", 133: "nd-router-solicit", 134: "nd-router-advert",
  135: "nd-neighbor-solicit", 136: "nd-neighbor-advert", 137: "nd-redirect",
}; // prettier-ignore

function stateWords(states: readonly string[], { not }: Not): string {
  // xt_conntrack's own states hide the others (conntrack3_mt_xlate), and that it is inverted.
  if (states.includes("SNAT")) return "ct status snat";
  if (states.includes("DNAT")) return "ct status dnat";
  return `ct state ${not ? "! " : ""}${states.map((state) => state.toLowerCase()).join(",")}`;
}

interface Wish<T> extends Not {
  readonly value: T;
}

interface Conntrack {
  readonly ctstate?: Wish<readonly string[]>;
  readonly ctproto?: Wish<number>;
  readonly ctstatus?: Wish<readonly string[]>;
  readonly ctexpire?: Wish<readonly [number, number]>;
  readonly ctdir?: Wish<"ORIGINAL" | "REPLY">;
}

const ENDS = [
  ["ctorigsrc", "original", "saddr"], ["ctorigdst", "original", "daddr"],
  ["ctreplsrc", "reply", "saddr"], ["ctrepldst", "reply", "daddr"],
] as const; // prettier-ignore

const END_PORTS = [
  ["ctorigsrcport", "original", "proto-src"], ["ctorigdstport", "original", "proto-dst"],
  ["ctreplsrcport", "reply", "proto-src"], ["ctrepldstport", "reply", "proto-dst"],
] as const; // prettier-ignore

function conntrackWords(options: Options): MatchWords | Unknown {
  const { ctstate, ctproto, ctstatus, ctexpire, ctdir } = options as Conntrack;
  if (ctexpire) return new Unknown("-m conntrack --ctexpire");
  if (ctproto) return new Unknown("-m conntrack --ctproto");
  const words: string[] = [];
  if (ctdir) words.push(`ct direction ${ctdir.value.toLowerCase()}`);
  if (ctstate) words.push(stateWords(ctstate.value, ctstate));
  if (ctstatus) {
    if (ctstatus.not) return new Unknown("-m conntrack ! --ctstatus");
    const names = ctstatus.value.filter((name) => name !== "NONE");
    words.push(
      ["ct status", names.map((name) => name.toLowerCase().replace("_", "-")).join(",")].filter(Boolean).join(" "),
    );
  }
  for (const [key, direction, end] of ENDS) {
    const wish = options[key] as Wish<string> | undefined;
    if (wish) words.push(`ct ${direction} ${end} ${ne(wish)}${wish.value}`);
  }
  for (const [key, direction, end] of END_PORTS) {
    const wish = options[key] as Wish<Range> | undefined;
    if (wish) words.push(`ct ${direction} ${end} ${ne(wish)}${span(wish.value)}`);
  }
  return xlate(words.join(" "));
}

interface Types extends Not {
  readonly types: readonly string[];
}

/** In the order of the kernel's numbers (RTN_*). */
const ADDRESS_TYPES = [
  "UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT",
]; // prettier-ignore

function addrtypeWords({ source, destination, limit }: { source?: Types; destination?: Types; limit?: "in" | "out" }) {
  if (source && destination) return new Unknown("-m addrtype with --src-type and --dst-type");
  const wish = (source ?? destination)!;
  if (wish.types.some((type) => !ADDRESS_TYPES.includes(type))) return new Unknown("-m addrtype with this type");
  const types = ADDRESS_TYPES.filter((type) => wish.types.includes(type)).map((type) => type.toLowerCase());
  const shown = types.length === 1 ? types[0]! : `{ ${types.join(", ")} }`;
  const link = limit === undefined ? "" : ` . ${limit === "in" ? "iif" : "oif"}`;
  return xlate(`fib ${source ? "saddr" : "daddr"}${link} type ${ne(wish)}${shown}`);
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** xt_limit's period, in ten thousandths of a second, as the rate in the smallest unit that tells it (as rateText does). */
function rate(period: number): string {
  let at = 1;
  for (; at < UNITS.length; at++) {
    const per = UNITS[at]![1] * 10_000;
    if (period > per || Math.floor(per / period) < per % period) break;
  }
  const [name, seconds] = UNITS[at - 1]!;
  return `${Math.floor((seconds * 10_000) / period)}/${name}`;
}
