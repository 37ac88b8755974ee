import type { RejectWith } from "../netfilter/reject-with.ts";
import { setConnectionMark } from "../conntrack/flows.ts";
import { UNTRACKED } from "../conntrack/tracking.ts";
import { logLine } from "../netfilter/log-line.ts";
import { TCP } from "../netfilter/protocols.ts";
import { spend } from "../netfilter/rule-state.ts";
import { compileNat } from "./compile-nat.ts";
import { dataType } from "./data-type.ts";
import { compileReference, compileValues } from "./evaluate-expression.ts";
import { fieldNamed } from "./field.ts";
import { testOf } from "./lookup.ts";
import { typesOf } from "./print-rule.ts";
import { BREAK, NEXT, type Step } from "./step.ts";
import type { ChainRow, Expression, Right, RuleRow, Statement } from "./row.ts";
import { fieldsOfExpression, isReference } from "./tidy.ts";

/** A rule made ready for packets. */
export interface CompiledRule {
  readonly row: RuleRow;
  readonly steps: readonly Step[];
  /** It does something that a trace tells of even though the packet goes on: sets a mark, leaves it untracked. */
  readonly marks: boolean;
}

export interface CompiledChain {
  readonly row: ChainRow;
  readonly rules: readonly CompiledRule[];
  readonly tracks: boolean;
}

const chains = new WeakMap<ChainRow, CompiledChain>();

export function compileChain(row: ChainRow): CompiledChain {
  let chain = chains.get(row);
  if (!chain) {
    const rules = row.rules.map(compileRule);
    chains.set(row, (chain = { row, rules, tracks: row.rules.some(ruleTracks) }));
  }
  return chain;
}

const rules = new WeakMap<RuleRow, CompiledRule>();

function compileRule(row: RuleRow): CompiledRule {
  let rule = rules.get(row);
  if (!rule) {
    const marks = row.statements.some(({ kind }) => kind === "set" || kind === "notrack");
    rules.set(row, (rule = { row, steps: row.statements.map((one, at) => compileStatement(one, row.id, at)), marks }));
  }
  return rule;
}

/** Whether a rule makes its namespace track connections (nf_ct_netns_get). */
function ruleTracks({ statements }: RuleRow): boolean {
  const asks = (expression: Expression): boolean => fieldsOfExpression(expression).some((field) => field?.tracks);
  return statements.some((statement) => {
    if (statement.kind === "nat") return true;
    if (statement.kind === "match") return asks(statement.left);
    if (statement.kind === "vmap") return asks(statement.key);
    if (statement.kind === "set") return statement.field === "ct mark" || asks(statement.value);
    return false;
  });
}

function compileStatement(statement: Statement, rule: number, at: number): Step {
  switch (statement.kind) {
    case "match":
      return compileMatch(statement, rule);
    case "verdict":
      return () => statement;
    case "vmap": {
      const values = compileValues(statement.key, rule);
      const find = compileReference(statement.map);
      return (packet, place) => {
        const key = values(packet, place);
        const found = key && find(key, place);
        return found && "verdict" in found ? found.verdict : BREAK;
      };
    }
    case "counter":
      return (packet, { nft }) => nft.add(rule, statement, packet.segments, packet.bytes);
    case "named counter":
      return (packet, { nft, table }) => nft.addNamed(`${table} ${statement.name}`, packet.segments, packet.bytes);
    case "log": {
      const decode = statement.flags.includes("ether") || statement.flags.includes("all");
      const prefix = statement.prefix ?? "";
      if (statement.group !== undefined) return () => NEXT;
      return (packet, place) => place.at.log(logLine(prefix, packet, place.at, decode)) as undefined;
    }
    case "limit":
      return compileLimit(statement, `${rule}/${at}`);
    case "reject":
      return (packet, place) => {
        if (statement.family === "tcp" && packet.protocol !== TCP) return BREAK;
        const answer = rejectWith(statement, typeof packet.dst === "number" ? 4 : 6);
        if (answer === undefined) return BREAK;
        place.at.reject = answer;
        return { verdict: "drop" };
      };
    case "nat":
      return compileNat(statement, rule);
    case "set":
      return compileSetter(statement, rule);
    case "notrack":
      return (packet) => {
        packet.tracking ??= UNTRACKED;
        return NEXT;
      };
    case "dynamic": {
      const values = compileValues(statement.key, rule);
      const { set, verb, timeout } = statement;
      return (packet, { at: point, nft, table }) => {
        const key = values(packet, { at: point, nft, table });
        if (!key) return BREAK;
        return nft.dynamic(`${table} ${set}`, verb, key, timeout) ? NEXT : BREAK;
      };
    }
  }
}

function compileMatch({ left, op, right }: Extract<Statement, { kind: "match" }>, rule: number): Step {
  const values = compileValues(left, rule);
  if (isReference(right)) {
    const find = compileReference(right);
    const not = op === "!=";
    return (packet, place) => {
      const key = values(packet, place);
      return key && (find(key, place) !== undefined) !== not ? NEXT : BREAK;
    };
  }
  const types = typesOf(left);
  const parts = right as readonly Right[];
  if (op === "<" || op === ">" || op === "<=" || op === ">=") return compileOrder(values, op, parts[0]!);
  const bitmask = left.kind === "field" && dataType(fieldNamed(left.name)!.type)?.bitmask === true;
  if (bitmask) return compileBits(values, op, parts[0]!);
  const tests = parts.map((part, at) => testOf(part, types[at]!));
  const not = op === "!=";
  return (packet, place) => {
    const key = values(packet, place);
    return key && tests.every((test, at) => test(key[at]!)) !== not ? NEXT : BREAK;
  };
}

/** A bitmask has any of the bits, unless it is to be equal (OP_IMPLICIT of bitmasks). */
function compileBits(values: ReturnType<typeof compileValues>, op: string, right: Right): Step {
  const wanted = "value" in right ? Number(right.value) : 0;
  const list = right.kind === "bits";
  return (packet, place) => {
    const value = values(packet, place)?.[0];
    if (typeof value !== "number") return BREAK;
    if (op === "==") return value === wanted ? NEXT : BREAK;
    if (op === "!=") return (list ? (value & wanted) === 0 : value !== wanted) ? NEXT : BREAK;
    return (value & wanted) !== 0 ? NEXT : BREAK;
  };
}

function compileOrder(values: ReturnType<typeof compileValues>, op: string, right: Right): Step {
  const wanted = "value" in right ? Number(right.value) : 0;
  return (packet, place) => {
    const value = values(packet, place)?.[0];
    if (typeof value !== "number") return BREAK;
    const fits = op === "<" ? value < wanted : op === ">" ? value > wanted : op === "<=" ? value <= wanted : value >= wanted; // prettier-ignore
    return fits ? NEXT : BREAK;
  };
}

const BYTES: Readonly<Record<string, number>> = { bytes: 1, kbytes: 1024, mbytes: 1_048_576 };

function compileLimit(limit: Extract<Statement, { kind: "limit" }>, key: string): Step {
  const { over, rate, seconds, bytes, burst, burstUnit } = limit;
  const unit = bytes === undefined ? 1 : BYTES[bytes]!;
  const perSecond = (rate * unit) / seconds;
  const room = bytes === undefined ? burst : rate * unit + burst * (BYTES[burstUnit ?? "bytes"] ?? 1);
  return (packet, { at }) => {
    const cost = bytes === undefined ? packet.segments : packet.bytes;
    return spend(at.ns, "nft/limits", key, { perSecond, room, cost }) === over ? BREAK : NEXT;
  };
}

function compileSetter({ field, value }: Extract<Statement, { kind: "set" }>, rule: number): Step {
  const values = compileValues(value, rule);
  return (packet, place) => {
    const mark = values(packet, place)?.[0];
    if (typeof mark !== "number") return BREAK;
    if (field === "meta mark") packet.mark = mark >>> 0;
    else if (packet.tracking) setConnectionMark(place.at.ns, packet.tracking, mark >>> 0);
    return NEXT;
  };
}

const ICMPX: readonly (readonly [RejectWith, RejectWith])[] = [
  ["icmp-net-unreachable", "icmp6-no-route"],
  ["icmp-port-unreachable", "icmp6-port-unreachable"],
  ["icmp-host-unreachable", "icmp6-addr-unreachable"],
  ["icmp-admin-prohibited", "icmp6-adm-prohibited"],
];
const ICMP: Readonly<Record<number, RejectWith>> = {
  0: "icmp-net-unreachable",
  1: "icmp-host-unreachable",
  2: "icmp-proto-unreachable",
  3: "icmp-port-unreachable",
  9: "icmp-net-prohibited",
  10: "icmp-host-prohibited",
  13: "icmp-admin-prohibited",
};
const ICMP6: Readonly<Record<number, RejectWith>> = {
  0: "icmp6-no-route",
  1: "icmp6-adm-prohibited",
  3: "icmp6-addr-unreachable",
  4: "icmp6-port-unreachable",
  5: "icmp6-policy-fail",
  6: "icmp6-reject-route",
};

/** How a packet is refused; undefined if the rule is for the other family. */
function rejectWith({ family, code }: Extract<Statement, { kind: "reject" }>, of: 4 | 6): RejectWith | undefined {
  if (family === "tcp") return "tcp-reset";
  if (family === "icmpx") return ICMPX[code]?.[of === 4 ? 0 : 1];
  if ((family === "icmp") !== (of === 4)) return undefined;
  return (of === 4 ? ICMP : ICMP6)[code];
}
