import { addressText, ipv4, mask, parseIPv6 } from "../ip.ts";
import type { Accounts, ListStyle, Names } from "./extension.ts";
import { DEFAULT_NAMES } from "./names.ts";
import { protocolName } from "./protocols.ts";
import { MATCHES, TARGETS } from "./registry.ts";
import type { Counter, Family, Invertible, Masked, RuleDraft } from "./row.ts";

/** A rule as `iptables -S` and `iptables-save` print it: `-A CHAIN …`. */
export function ruleText(chain: string, rule: RuleDraft, counter?: Counter): string {
  const { source, destination, inInterface, outInterface, protocol, fragment, target } = rule;
  let text = `-A ${chain}`;
  if (source) text += `${not(source)} -s ${maskedText(source.value)}`;
  if (destination) text += `${not(destination)} -d ${maskedText(destination.value)}`;
  if (inInterface) text += `${not(inInterface)} -i ${inInterface.value}`;
  if (outInterface) text += `${not(outInterface)} -o ${outInterface.value}`;
  if (protocol) text += `${not(protocol)} -p ${protocolName(protocol.value) ?? protocol.value}`;
  if (fragment) text += `${not(fragment)} -f`;
  for (const { name, options } of rule.matches) text += ` -m ${name}${MATCHES.get(name)!.save(options)}`;
  if (counter) text += ` -c ${counter.packets} ${counter.bytes}`;
  if (!target) return text;
  if (target.kind === "extension") return `${text} -j ${target.name}${TARGETS.get(target.name)!.save(target.options)}`;
  return `${text} ${target.kind === "chain" && target.goto ? "-g" : "-j"} ${target.name}`;
}

export interface ListOptions {
  readonly numeric?: boolean;
  readonly verbose?: boolean;
  /** Counters as they are, not in K, M, G. */
  readonly exact?: boolean;
  readonly lineNumbers?: boolean;
  /** iptables 1.8.9 prints protocols as numbers where addresses are (netfilter bug 1729). */
  readonly numericProtocols?: boolean;
  readonly names?: Names;
  readonly accounts?: Accounts;
  /** IPv4 if missing. */
  readonly family?: Family;
  /** A host's name by address, for lists that are not numeric. */
  host?(address: string): string | undefined;
}

/** The two heading lines of a chain in `iptables -L`. */
export function listHeading(
  chain: { readonly name: string; readonly policy?: string; readonly references: number },
  counter: Counter,
  options: ListOptions,
): string[] {
  let first = `Chain ${chain.name} (`;
  if (chain.policy === undefined) first += `${chain.references} references)`;
  else {
    const count = options.verbose
      ? ` ${countText(counter.packets, options.exact)} packets, ${countText(counter.bytes, options.exact)} bytes`
      : "";
    first += `policy ${chain.policy}${count.replace(/ +/g, " ")})`;
  }
  let second = options.lineNumbers ? "num  " : "";
  if (options.verbose) second += options.exact ? "    pkts      bytes " : " pkts bytes ";
  second += "target     prot opt ";
  if (options.verbose) second += "in     out     ";
  return [first, `${second}source               destination         `];
}

/** One rule as `iptables -L` prints it. */
export function listRule(rule: RuleDraft, number: number, counter: Counter, options: ListOptions): string {
  const names = options.names ?? DEFAULT_NAMES;
  const { protocol, target, fragment, inInterface, outInterface, source, destination } = rule;
  const style: ListStyle = {
    numeric: options.numeric ?? false,
    names,
    protocol: protocol?.value,
    ...(options.accounts ? { accounts: options.accounts } : {}),
  };
  let text = options.lineNumbers ? String(number).padEnd(5) : "";
  if (options.verbose) text += `${counterCell(counter.packets, options)}${counterCell(counter.bytes, options)}`;
  const name = target?.kind === "extension" ? (TARGETS.get(target.name)!.listedAs ?? target.name) : target?.name;
  text += `${(name ?? "").padEnd(9)} `;
  text += `${protocol?.not ? "!" : " "}${protocolCell(protocol?.value ?? 0, options).padEnd(4)} `;
  text += fragment ? `${fragment.not ? "!f" : "-f"} ` : "-- ";
  if (options.verbose) {
    const any = options.numeric ? "*" : "any";
    text += ` ${interfaceCell(inInterface, any)} ${interfaceCell(outInterface, any)} `;
  }
  text += `${addressCell(source, options)} ${addressCell(destination, options)} `;
  if (target?.kind === "chain" && target.goto) text += "[goto] ";
  for (const match of rule.matches) text += MATCHES.get(match.name)!.list(match.options, style);
  if (target?.kind === "extension") text += TARGETS.get(target.name)!.list(target.options, style);
  return text;
}

function not(wish: Invertible<unknown>): string {
  return wish.not ? " !" : "";
}

function prefixLength(text: string): number | undefined {
  if (text.includes(":")) return prefixLength6(text);
  const value = ipv4(text);
  const length = Math.clz32(~value);
  return mask(length) === value ? length : undefined;
}

function prefixLength6(text: string): number | undefined {
  const bits = parseIPv6(text)!.toString(2).padStart(128, "0");
  const length = bits.indexOf("0");
  if (length < 0) return 128;
  return bits.includes("1", length) ? undefined : length;
}

function maskedText({ address, mask: text }: Masked): string {
  return `${address}/${prefixLength(text) ?? text}`;
}

function protocolCell(protocol: number, options: ListOptions): string {
  if (options.numeric && options.numericProtocols) return String(protocol);
  return protocol === 0 ? "all" : (protocolName(protocol) ?? String(protocol));
}

function interfaceCell(wish: Invertible<string> | undefined, any: string): string {
  return `${wish?.not ? "!" : ""}${wish?.value ?? any}`.padEnd(6);
}

function addressCell(wish: Invertible<Masked> | undefined, options: ListOptions): string {
  return `${wish?.not ? "!" : " "}${addressWords(wish?.value, options).padEnd(19)}`;
}

function addressWords(masked: Masked | undefined, options: ListOptions): string {
  const any = options.family === 6 ? "::" : "0.0.0.0";
  if (!masked || (masked.address === any && masked.mask === any)) return options.numeric ? `${any}/0` : "anywhere";
  const length = prefixLength(masked.mask);
  const host = (!options.numeric && options.host?.(masked.address)) || masked.address;
  if (length === (options.family === 6 ? 128 : 32)) return host;
  return `${host}/${length ?? (options.family === 6 ? masked.mask : addressText(ipv4(masked.mask)))}`;
}

function counterCell(value: number, options: ListOptions): string {
  return options.exact ? `${String(value).padStart(8)} ` : `${countText(value)} `;
}

/** xtables_print_num: five characters, in thousands where they don't fit. */
function countText(value: number, exact = false): string {
  if (exact || value <= 99_999) return exact ? String(value) : String(value).padStart(5);
  for (const unit of ["K", "M", "G"]) {
    value = Math.floor((value + 500) / 1000);
    if (value <= 9_999) return `${String(value).padStart(4)}${unit}`;
  }
  return `${String(Math.floor((value + 500) / 1000)).padStart(4)}T`;
}
