import { protocolName } from "../protocols.ts";
import { NO_COUNT, type Counter, type Family, type Invertible, type Masked, type RuleRow } from "../row.ts";
import { ipv4, mask as maskOf, parseIPv6 } from "../../ip.ts";
import { matchWords, Unknown } from "./match-words.ts";
import { targetWords } from "./target-words.ts";

export interface NftStyle {
  /** `-n`: protocols and flags as numbers. */
  readonly numeric: boolean;
  /** `-s`: without what counters hold. */
  readonly stateless: boolean;
  /** nftables 1.0.7 and later put the name of what has no translation into quotes. */
  readonly quoted: boolean;
}

/** One rule of iptables-nft as `nft list` shows it, and whether a part of it is one of xtables. */
export interface RuleWords {
  readonly text: string;
  readonly xt: boolean;
}

export function nftRuleWords(
  rule: RuleRow,
  family: Family,
  counter: Counter | undefined,
  style: NftStyle,
): RuleWords | Unknown {
  const { numeric } = style;
  const ip = family === 4 ? "ip" : "ip6";
  const words: string[] = [];
  const { inInterface, outInterface, protocol, source, destination, fragment, target } = rule;
  words.push(...linkWords("iifname", inInterface), ...linkWords("oifname", outInterface));
  // The comparison of the protocol is not shown where a port behind it tells it (payload_dependency_kill).
  let dependency: number | undefined;
  if (protocol) {
    const name = numeric ? `${protocol.value}` : (protocolName(protocol.value) ?? `${protocol.value}`);
    if (!protocol.not) dependency = words.length;
    words.push(`meta l4proto ${protocol.not ? "!= " : ""}${name}`);
  }
  words.push(...addressWords(ip, "saddr", source), ...addressWords(ip, "daddr", destination));
  if (fragment) words.push(`ip frag-off & 8191 ${fragment.not ? "==" : "!="} 0`);
  let xt = false;
  for (const match of rule.matches) {
    const found = matchWords(match, numeric, family);
    if (found instanceof Unknown) return found;
    if (found?.native && (match.name === "tcp" || match.name === "udp") && dependency !== undefined) {
      words.splice(dependency, 1);
      dependency = undefined;
    }
    if (!found || found.statement) dependency = undefined;
    if (!found?.native) xt = true;
    const text = found ? found.text : untranslated("match", match.name, style);
    words.push(text.replace(/^PROTOCOL/, protocolName(protocol?.value ?? 0) ?? ""));
  }
  words.push(style.stateless ? "counter" : counterWords(counter ?? NO_COUNT));
  if (target) {
    const found = targetWords(target, family);
    if (found instanceof Unknown) return found;
    if (found.xt) xt = true;
    words.push(found.text ?? untranslated("target", target.name, style));
  }
  return { text: words.join(" "), xt };
}

function untranslated(kind: "match" | "target", name: string, { quoted }: NftStyle): string {
  return quoted ? `xt ${kind} "${name}"` : `xt ${kind} ${name}`;
}

function counterWords({ packets, bytes }: Counter): string {
  return `counter packets ${packets} bytes ${bytes}`;
}

function linkWords(key: string, wish: Invertible<string> | undefined): string[] {
  if (!wish || wish.value === "+") return [];
  return [`${key} ${wish.not ? "!= " : ""}"${wish.value.replace(/\+$/, "*")}"`];
}

function addressWords(ip: string, end: string, wish: Invertible<Masked> | undefined): string[] {
  if (!wish) return [];
  const { address, mask } = wish.value;
  const length = prefixLength(mask);
  if (length === undefined) return [`${ip} ${end} & ${mask} ${wish.not ? "!=" : "=="} ${address}`];
  if (length === 0 && !wish.not) return [];
  const whole = ip === "ip" ? 32 : 128;
  return [`${ip} ${end} ${wish.not ? "!= " : ""}${address}${length === whole ? "" : `/${length}`}`];
}

function prefixLength(text: string): number | undefined {
  if (text.includes(":")) {
    const bits = parseIPv6(text)!.toString(2).padStart(128, "0");
    const length = bits.indexOf("0");
    if (length < 0) return 128;
    return bits.includes("1", length) ? undefined : length;
  }
  const value = ipv4(text);
  const length = Math.clz32(~value);
  return maskOf(length) === value ? length : undefined;
}
