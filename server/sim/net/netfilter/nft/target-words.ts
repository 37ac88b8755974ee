import type { Options, TargetRow } from "../row.ts";
import { Unknown } from "./match-words.ts";

/** How `nft list` shows what a rule does: `xt` where a library of xtables says so, in its words or by its name only. */
export interface TargetWords {
  readonly text: string | undefined;
  readonly xt: boolean;
}

export function targetWords(target: TargetRow, family: 4 | 6): TargetWords | Unknown {
  if (target.kind === "verdict") return { text: target.name.toLowerCase(), xt: false };
  if (target.kind === "chain") return { text: `${target.goto ? "goto" : "jump"} ${target.name}`, xt: false };
  if (target.name === "NFLOG") return { text: nflogWords(target.options), xt: false };
  if (UNTRANSLATED.has(target.name)) return { text: undefined, xt: true };
  const words = TARGETS[target.name];
  if (!words) return new Unknown(`-j ${target.name}`);
  return { text: words(target.options as never, family), xt: true };
}

/** Targets whose libraries translate nothing, as recorded. */
const UNTRANSLATED = new Set(["TTL", "HL", "CHECKSUM", "NETMAP"]);

interface NatRange {
  readonly from?: string;
  readonly to?: string;
  readonly minPort?: number;
  readonly maxPort?: number;
  readonly basePort?: number;
  readonly random?: true;
  readonly randomFully?: true;
  readonly persistent?: true;
}

interface Xmark {
  readonly value: number;
  readonly mask: number;
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

const TARGETS: Readonly<Record<string, (options: never, family: 4 | 6) => string | undefined>> = {
  REJECT: ({ with: answer }: { with: string }) => {
    if (answer === "tcp-reset") return "reject with tcp reset";
    const [kind, ...rest] = answer.split("-");
    const type = rest.join("-").replace("proto-", "prot-").replace(/^adm-/, "admin-");
    if (type === "port-unreachable") return "reject";
    return `reject with ${kind === "icmp" ? "icmp" : "icmpv6"} type ${type}`;
  },
  DNAT: (range: NatRange) => (range.basePort === undefined ? `dnat to ${ends(range)}${flags(range)}` : undefined),
  SNAT: (range: NatRange) => `snat to ${ends(range)}${flags(range)}`,
  MASQUERADE: (range: NatRange) => `masquerade${toPorts(range)}${flags(range)}`,
  REDIRECT: (range: NatRange) => `redirect${toPorts(range)}${flags(range)}`,
  MARK: ({ value, mask }: Xmark) => `meta mark set ${xmark(value, mask, "mark", "and-xor")}`,
  CONNMARK: connmarkWords,
  LOG: logWords,
  NOTRACK: () => "notrack",
  CT: (options: Options) => (options["notrack"] ? "notrack" : undefined),
  TCPMSS: ({ mss }: { mss?: number }) => `tcp option maxseg size set ${mss ?? "rt mtu"}`,
  DSCP: ({ dscp }: { dscp: number }, family) =>
    `${family === 4 ? "ip" : "ip6"} dscp set 0x${dscp.toString(16).padStart(2, "0")}`,
  // libxt_TOS' translation is the one of IPv6, also for IPv4.
  TOS: ({ value }: { value: number }) => `ip6 dscp set 0x${(value >> 2).toString(16).padStart(2, "0")}`,
  CLASSIFY: ({ major, minor }: { major: number; minor: number }) =>
    `meta priority set ${major.toString(16)}:${minor.toString(16)}`,
};

function ports({ minPort, maxPort = minPort }: NatRange): string {
  if (minPort === undefined) return "";
  return minPort === maxPort ? `:${minPort}` : `:${minPort}-${maxPort}`;
}

function ends(range: NatRange): string {
  const { from, to } = range;
  const behind = ports(range);
  const one = (address: string): string => (address.includes(":") && behind !== "" ? `[${address}]` : address);
  const first = from === undefined ? "" : one(from);
  return `${first}${to === undefined || to === from ? "" : `-${one(to)}`}${behind}`;
}

function toPorts(range: NatRange): string {
  const text = ports(range);
  return text === "" ? "" : ` to ${text}`;
}

function flags({ random, randomFully, persistent }: NatRange): string {
  const names = [random && "random", randomFully && "fully-random", persistent && "persistent"].filter(Boolean);
  return names.length === 0 ? "" : ` ${names.join(",")}`;
}

/** The bits of `mask` are cleared, then those of `value` turned over (mark_tg_xlate, connmark_tg_xlate). */
function xmark(value: number, mask: number, of: string, order: "and-xor" | "xor-and"): string {
  if (mask >>> 0 === 0xffff_ffff) return hex(value);
  if (mask === 0) return `${of} xor ${hex(value)}`;
  if (value === mask) return `${of} or ${hex(value)}`;
  if (value === 0) return `${of} and ${hex(~mask)}`;
  return order === "and-xor"
    ? `${of} and ${hex(~mask)} xor ${hex(value)}`
    : `${of} xor ${hex(value)} and ${hex(~mask)}`;
}

function connmarkWords(options: Options): string | undefined {
  if (options["mode"] === "set")
    return `ct mark set ${xmark(options["value"] as number, options["mask"] as number, "ct mark", "xor-and")}`;
  const { nfmask, ctmask, mode } = options as { nfmask: number; ctmask: number; mode: string };
  if (nfmask !== ctmask) return undefined;
  const masked = nfmask >>> 0 === 0xffff_ffff ? "" : ` and ${hex(nfmask)}`;
  return mode === "save" ? `ct mark set mark${masked}` : `meta mark set ct mark${masked}`;
}

const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

function logWords({ level, prefix, flags: bits }: { level: number; prefix: string; flags: number }): string {
  let text = "log";
  if (prefix !== "") text += ` prefix "${prefix}"`;
  if (level !== 4) text += ` level ${LEVELS[level]!}`;
  if ((bits & 0x2f) === 0x2f) return `${text} flags all`;
  const tcp = [bits & 1 ? "sequence" : "", bits & 2 ? "options" : ""].filter(Boolean);
  if (tcp.length > 0) text += ` flags tcp ${tcp.join(",")}`;
  if (bits & 4) text += " flags ip options";
  if (bits & 8) text += " flags skuid";
  if (bits & 0x20) text += " flags ether";
  return text;
}

function nflogWords(options: Options): string {
  const {
    prefix,
    group = 0,
    size,
    threshold,
  } = options as {
    prefix?: string;
    group?: number;
    size?: number;
    threshold?: number;
  };
  let text = "log";
  if (prefix !== undefined) text += ` prefix "${prefix}"`;
  text += ` group ${group}`;
  if (size !== undefined) text += ` snaplen ${size}`;
  if (threshold !== undefined) text += ` queue-threshold ${threshold}`;
  return text;
}
