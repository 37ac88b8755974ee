import { protocolNumber, type RuleSpec } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { readRealms, readService } from "../names.ts";
import { mustBeAddress, mustBePrefix, typedText, type TypedPrefix } from "../prefix.ts";
import { readType } from "../route/types.ts";
import { RULE_USAGE } from "../usage/others.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";

type Verb = "list" | "add" | "delete";

export type RuleWish = { -readonly [K in keyof RuleSpec]: RuleSpec[K] };

/** The words of a rule (ip/iprule.c: iprule_modify, iprule_list_flush_or_save). */
export async function readRule(call: IpCall, rest: readonly string[], what: Verb): Promise<RuleWish> {
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
    else if (word === "fwmark") {
      const mark = readMark(words.next());
      // 0 without a mask is no condition (fib_nl2rule).
      if (mark.value !== 0 || words.word.includes("/") || what === "list") wish.mark = mark;
    } else if (word === "tos" || matches(word, "dsfield")) {
      wish.tos = readService(call.names, words.next());
      if (wish.tos === undefined) throw invalid("TOS value is invalid\n", words.word);
    } else if (matches(word, "realms")) {
      wish.realms = readRealms(call.names, words.next());
      if (wish.realms === undefined) throw invalid("invalid realms\n", words.word);
    } else if (word === "l3mdev") wish.l3mdev = true;
    else if (word === "tun_id") wish.tunnel = number(words.next(), "invalid tun_id value\n");
    else if (word === "nat" || matches(word, "map-to")) {
      await call.warn("Warning: route NAT is deprecated\n");
      mustBeAddress(words.next(), 4);
      wish.action = "masquerade";
    } else if (matches(word, "protocol")) {
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
    else if (word === "uidrange") wish.uids = readUids(words.next());
    else if (word === "ipproto") {
      const protocol = protocolNumber(words.next());
      if (protocol === undefined) throw invalid('Invalid "ipproto" value\n', words.word);
      wish.protocol = protocol;
    } else if (word === "sport") wish.sport = readPorts(words.next(), "invalid port range\n");
    else if (word === "dport") wish.dport = readPorts(words.next(), "invalid dport range\n");
    else readAction(words, wish, what, family ?? 4);
  }
  if (wish.l3mdev && wish.action !== undefined) throw new Exit(22, "table can not be specified for l3mdev rules\n");
  if (family === 6) wish.family = 6;
  return wish;
}

function linkName(name: string, what: string): string {
  if (name === "" || name.length > 15 || /[/\s]/.test(name)) throw invalid(`${what} not a valid ifname`, name);
  return name;
}

function readAction(words: Words, wish: RuleWish, what: Verb, family: 4 | 6): void {
  if (words.word === "type") words.next();
  const { word } = words;
  if (matches(word, "goto")) {
    wish.action = { goto: number(words.next(), "invalid target\n") };
    return;
  }
  if (matches(word, "nop")) wish.action = "nop";
  else if (matches(word, "help")) throw new Exit(255, RULE_USAGE);
  else if (what === "list") wish.to = typedText(mustBePrefix(word, family));
  else {
    const type = readType(word);
    if (type === "blackhole" || type === "unreachable" || type === "prohibit" || type === "throw") wish.action = type;
    else if (type === undefined) throw invalid("Failed to parse rule type", word);
    else throw notSimulated("ip", `rule ${word}`);
  }
}

/** `0x1/0xff`. */
function readMark(word: string): { value: number; mask: number } {
  const [value, mask] = word.split("/") as [string, string?];
  return {
    value: number(value, "fwmark value is invalid\n", word),
    mask: mask === undefined ? 0xffff_ffff : number(mask, "fwmask value is invalid\n", mask),
  };
}

/** As sscanf(3) reads `%u-%u`: what stands behind is not looked at. */
function readUids(word: string): readonly [number, number] {
  const match = /^(\d+)-(\d+)/.exec(word);
  if (!match) throw invalid("invalid UID range\n", word);
  return [Number(match[1]), Number(match[2])];
}

/** As sscanf(3) reads `%hu-%hu`: numbers that are too large lose their upper bits. */
function readPorts(word: string, why: string): readonly [number, number] {
  const match = /^(\d+)(?:-(\d+))?/.exec(word);
  if (!match) throw invalid(why, word);
  const low = Number(match[1]) & 0xffff;
  return [low, match[2] === undefined ? low : Number(match[2]) & 0xffff];
}

function number(word: string, why: string, shown = word): number {
  const value = readUnsigned(word);
  if (value === undefined) throw invalid(why, shown);
  return value;
}
