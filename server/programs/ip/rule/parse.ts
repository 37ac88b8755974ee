import { protocolNumber, type RuleSpec } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { mustBePrefix, typedText, type TypedPrefix } from "../prefix.ts";
import { RULE_USAGE } from "../usage/others.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";

export type RuleWish = { -readonly [K in keyof RuleSpec]: RuleSpec[K] };

const UNSIMULATED = ["tos", "dsfield", "realms", "nat", "map-to", "l3mdev", "tun_id"];

/** The words of a rule (ip/iprule.c: iprule_modify, iprule_list_flush_or_save). */
export function readRule(call: IpCall, rest: readonly string[], what: "list" | "add" | "delete"): RuleWish {
  const words = new Words(rest);
  const wish: RuleWish = {};
  const { family } = call;
  const prefix = (refusal: string): TypedPrefix => {
    const read = mustBePrefix(words.next(), family);
    // Without -6 the request is one of IPv4, whatever address it has.
    if (family === undefined && read.family === 6) throw new Exit(2, `Error: ${refusal}.\n`);
    return read;
  };
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "not") wish.not = true;
    else if (word === "from") {
      const from = prefix("Invalid source address");
      if (from.length > 0) wish.from = typedText(from);
    } else if (word === "to") {
      const to = prefix("Invalid dst address");
      if (to.length > 0) wish.to = typedText(to);
    } else if (matches(word, "preference") || matches(word, "order") || matches(word, "priority"))
      wish.priority = number(words.next(), "preference value is invalid\n");
    else if (word === "fwmark") wish.mark = readMark(words.next());
    else if (matches(word, "protocol")) {
      const protocol = call.names.protocols.number(words.next(), 255);
      if (protocol === undefined) throw invalid('"protocol" value is invalid\n', words.word);
      wish.protocolName = call.names.protocols.name(protocol);
    } else if (matches(word, "table") || word === "lookup") {
      const table = call.names.tables.number(words.next(), 0xffff_ffff);
      if (table === undefined) throw invalid("invalid table ID\n", words.word);
      wish.action = { table };
    } else if (matches(word, "suppress_prefixlength") || matches(word, "sup_pl"))
      wish.suppressPrefixLength = number(words.next(), "suppress_prefixlength value is invalid\n");
    else if (matches(word, "suppress_ifgroup") || matches(word, "sup_group")) {
      const group = call.names.groups.number(words.next(), 0x7fff_ffff);
      if (group === undefined) throw invalid('Invalid "suppress_ifgroup" value\n', words.word);
      wish.suppressGroup = group;
    } else if (word === "dev" || word === "iif") wish.iif = linkName(words.next(), '"iif"/"dev"');
    else if (word === "oif") wish.oif = linkName(words.next(), '"oif"');
    else if (word === "uidrange") wish.uids = range(words.next(), "-", "invalid UID range\n");
    else if (word === "ipproto") {
      const protocol = protocolNumber(words.next());
      if (protocol === undefined) throw invalid('Invalid "ipproto" value\n', words.word);
      wish.protocol = protocol;
    } else if (word === "sport") wish.sport = range(words.next(), "-", "invalid port range\n");
    else if (word === "dport") wish.dport = range(words.next(), "-", "invalid dport range\n");
    else if (UNSIMULATED.includes(word)) throw notSimulated("ip", `rule ${word}`);
    else readAction(words, wish, what);
  }
  if (family === 6) wish.family = 6;
  return wish;
}

function linkName(name: string, what: string): string {
  if (name === "" || name.length > 15 || /[/\s]/.test(name)) throw invalid(`${what} not a valid ifname`, name);
  return name;
}

function readAction(words: Words, wish: RuleWish, what: "list" | "add" | "delete"): void {
  if (words.word === "type") words.next();
  const { word } = words;
  if (matches(word, "goto")) {
    wish.action = { goto: number(words.next(), "invalid target\n") };
    return;
  }
  if (matches(word, "nop")) wish.action = "nop";
  else if (matches(word, "help")) throw new Exit(255, RULE_USAGE);
  else if (word === "blackhole" || word === "unreachable" || word === "prohibit") wish.action = word;
  else if (what === "list") {
    // A bare address stands for `from`.
    const from = mustBePrefix(word);
    wish.from = typedText(from);
  } else throw invalid("Failed to parse rule type", word);
}

/** `0x1/0xff`. */
function readMark(word: string): { value: number; mask: number } {
  const [value, mask] = word.split("/") as [string, string?];
  return {
    value: number(value, "fwmark value is invalid\n", word),
    mask: mask === undefined ? 0xffff_ffff : number(mask, "fwmask value is invalid\n", mask),
  };
}

function range(word: string, separator: string, why: string): readonly [number, number] {
  const [low, high] = word.split(separator) as [string, string?];
  const first = number(low, why, word);
  return [first, high === undefined ? first : number(high, why, word)];
}

function number(word: string, why: string, shown = word): number {
  const value = readUnsigned(word);
  if (value === undefined) throw invalid(why, shown);
  return value;
}
