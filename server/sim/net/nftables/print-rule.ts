import { bitNames, dataType, valueText, type ValueStyle } from "./data-type.ts";
import { fieldNamed } from "./field.ts";
import { sortKey } from "./interval.ts";
import type {
  ElementRow,
  Expression,
  NftFamily,
  Right,
  RuleRow,
  SetBody,
  SetReference,
  Statement,
  Verdict,
} from "./row.ts";
import { isReference } from "./tidy.ts";
import { timeText } from "./time.ts";

/** How rules are listed. */
export interface RuleStyle extends ValueStyle {
  /** `-s`: without what counters hold. */
  readonly stateless: boolean;
  readonly family: NftFamily;
  /** What a rule counted. */
  count(rule: number): { readonly packets: number; readonly bytes: number } | undefined;
}

export function nativeRuleText(rule: RuleRow, style: RuleStyle): string {
  const words = rule.statements.map((statement) => statementText(statement, style, rule.id));
  if (rule.comment !== undefined) words.push(`comment "${rule.comment}"`);
  return words.join(" ");
}

/** `meta mark` and its kind: some keys of meta are listed without it (meta_key_is_unqualified). */
const UNQUALIFIED: ReadonlySet<string> = new Set(["iif", "iifname", "oif", "oifname"]);

function fieldText(name: string): string {
  return name.startsWith("meta ") && UNQUALIFIED.has(name.slice(5)) ? name.slice(5) : name;
}

export function expressionText(expression: Expression, style: ValueStyle): string {
  switch (expression.kind) {
    case "field":
      return fieldText(expression.name);
    case "value":
      return valueText(expression.value, expression.type, style);
    case "range":
      return `${valueText(expression.from, expression.type, style)}-${valueText(expression.to, expression.type, style)}`;
    case "concat":
      return expression.parts.map((part) => expressionText(part, style)).join(" . ");
    case "binary": {
      const type = typesOf(expression)[0]!;
      return `${expressionText(expression.left, style)} ${expression.op} ${valueText(expression.right, type, style)}`;
    }
    case "numgen": {
      const offset = expression.offset === 0 ? "" : ` offset ${expression.offset}`;
      return `numgen ${expression.mode} mod ${expression.mod}${offset}`;
    }
    case "jhash": {
      const seed = expression.seed === 0 ? "" : ` seed 0x${expression.seed.toString(16)}`;
      const offset = expression.offset === 0 ? "" : ` offset ${expression.offset}`;
      return `jhash ${expressionText(expression.of, style)} mod ${expression.mod}${seed}${offset}`;
    }
    case "map":
      return `${expressionText(expression.key, style)} map ${referenceText(expression.map, style)}`;
  }
}

/** Types of the parts of what an expression gives. */
export function typesOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "field":
      return [fieldNamed(expression.name)!.type];
    case "concat":
      return expression.parts.flatMap(typesOf);
    case "binary":
      return typesOf(expression.left);
    case "value":
    case "range":
      return [expression.type];
    default:
      return ["integer"];
  }
}

export function rightText(right: Right, type: string, style: ValueStyle): string {
  switch (right.kind) {
    case "value":
      return valueText(right.value, type, style);
    case "prefix":
      return `${valueText(right.value, type, style)}/${right.length}`;
    case "range":
      return `${valueText(right.from, type, style)}-${valueText(right.to, type, style)}`;
    case "bits":
      return bitNames(right.value, type, style).join(",");
    case "wildcard":
      return `"${right.start}*"`;
    case "any":
      return "*";
  }
}

export function verdictText(verdict: Verdict): string {
  return "chain" in verdict ? `${verdict.verdict} ${verdict.chain}` : verdict.verdict;
}

export function elementText(element: ElementRow, set: SetBody, style: ValueStyle, expires?: string): string {
  const words = [element.key.map((part, at) => rightText(part, set.key[at]!, style)).join(" . ")];
  if (element.timeout !== undefined) words.push(`timeout ${timeText(element.timeout)}`);
  if (expires !== undefined) words.push(`expires ${expires}`);
  if (element.comment !== undefined) words.push(`comment "${element.comment}"`);
  if (element.data === undefined) return words.join(" ");
  const data = Array.isArray(element.data)
    ? (element.data as readonly Right[]).map((part, at) => rightText(part, set.data![at]!, style)).join(" . ")
    : verdictText(element.data as Verdict);
  return `${words.join(" ")} : ${data}`;
}

/** Elements in the order in which nft lists them. */
export function sortedElements(set: SetBody): readonly ElementRow[] {
  if (set.interval && set.key.length > 1) return set.elements;
  const keyed = set.elements.map((element) => [sortKey(element, set.key), element] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, element]) => element);
}

function referenceText(reference: SetReference, style: ValueStyle): string {
  if (reference.kind === "named") return `@${reference.name}`;
  const elements = sortedElements(reference.set).map((element) => elementText(element, reference.set, style));
  return `{ ${elements.join(", ")} }`;
}

function statementText(statement: Statement, style: RuleStyle, rule: number): string {
  switch (statement.kind) {
    case "match":
      return matchText(statement, style);
    case "verdict":
      return verdictText(statement);
    case "vmap":
      return `${expressionText(statement.key, style)} vmap ${referenceText(statement.map, style)}`;
    case "counter": {
      if (style.stateless) return "counter";
      const { packets, bytes } = style.count(rule) ?? statement;
      return `counter packets ${packets} bytes ${bytes}`;
    }
    case "named counter":
      return `counter name "${statement.name}"`;
    case "log":
      return logText(statement);
    case "limit":
      return limitText(statement);
    case "reject":
      return rejectText(statement, style);
    case "nat":
      return natText(statement, style);
    case "set":
      return `${statement.field} set ${expressionText(statement.value, style)}`;
    case "notrack":
      return "notrack";
    case "dynamic": {
      const timeout = statement.timeout === undefined ? "" : ` timeout ${timeText(statement.timeout)}`;
      return `${statement.verb} @${statement.set} { ${expressionText(statement.key, style)}${timeout} }`;
    }
  }
}

function matchText(match: Extract<Statement, { kind: "match" }>, style: RuleStyle): string {
  const { left, op, right } = match;
  const types = typesOf(left);
  const isFlags = left.kind === "binary" && left.op === "&" && dataType(types[0]!)?.bitmask === true;
  const parts = (): string => (right as readonly Right[]).map((part, at) => rightText(part, types[at]!, style)).join(" . "); // prettier-ignore
  const shown = isReference(right) ? referenceText(right, style) : parts();
  if (isFlags && !isReference(right)) return flagsText(left, op, right as readonly Right[], types[0]!, style);
  const asOr = op === "!=" && !isReference(right) && (right as readonly Right[])[0]!.kind === "bits";
  const operator = op === "implicit" ? (left.kind === "binary" ? "== " : "") : `${op} `;
  return `${expressionText(left, style)} ${operator}${asOr ? shown.replaceAll(",", " | ") : shown}`;
}

/** `tcp flags syn / fin,syn,rst,ack`; a bit that must not be 0 is shown alone. */
function flagsText(
  left: Extract<Expression, { kind: "binary" }>,
  op: string,
  [right]: readonly Right[],
  type: string,
  style: RuleStyle,
): string {
  const field = expressionText(left.left, style);
  const mask = bitNames(left.right, type, style).join(",");
  const value = right?.kind === "bits" || right?.kind === "value" ? Number(right.value) : 0;
  if (value === 0) return `${field} ${op === "!=" ? "" : "! "}${mask}`;
  return `${field} ${op === "!=" ? "!= " : ""}${bitNames(value, type, style).join(",")} / ${mask}`;
}

const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

function logText({ prefix, level, group, flags }: Extract<Statement, { kind: "log" }>): string {
  const words = ["log"];
  if (prefix !== undefined) words.push(`prefix "${prefix}"`);
  if (group !== undefined) words.push(`group ${group}`);
  if (level !== undefined) words.push(`level ${LEVELS[level]}`);
  for (const flag of flags) words.push(`flags ${flag}`);
  return words.join(" ");
}

function limitText(limit: Extract<Statement, { kind: "limit" }>): string {
  const { over, rate, bytes, unit, burst, burstUnit } = limit;
  const start = `limit rate ${over ? "over " : ""}${rate}${bytes === undefined ? "" : ` ${bytes}`}/${unit}`;
  if (bytes !== undefined) return burst === 0 ? start : `${start} burst ${burst} ${burstUnit}`;
  return burst === 5 ? start : `${start} burst ${burst} packets`;
}

function rejectText({ family, code }: Extract<Statement, { kind: "reject" }>, style: RuleStyle): string {
  if (family === "tcp") return "reject with tcp reset";
  const usual = { icmp: 3, icmpv6: 4, icmpx: 1 }[family];
  const own = { ip: "icmp", ip6: "icmpv6", inet: "icmpx" }[style.family];
  if (code === usual && own === family) return "reject";
  return `reject with ${family} ${valueText(code, `${family}_code`, style)}`;
}

function natText(nat: Extract<Statement, { kind: "nat" }>, style: RuleStyle): string {
  const words: string[] = [nat.verb];
  if (nat.family !== undefined) words.push(nat.family);
  const port = nat.port && expressionText(nat.port, style);
  if (nat.address) {
    const address = expressionText(nat.address, style);
    const bracketed = port !== undefined && address.includes(":") && nat.address.kind !== "map" ? `[${address}]` : address; // prettier-ignore
    words.push(`to ${bracketed}${port === undefined ? "" : `:${port}`}`);
  } else if (port !== undefined) words.push(`to :${port}`);
  if (nat.flags.length > 0) words.push(nat.flags.join(","));
  return words.join(" ");
}
