import { dnsReply, type DnsMessage, type DnsQuestion, type DnsRecord } from "../../../../net/index.ts";
import { NotSimulated } from "../corefile/corefile-error.ts";
import { fqdn, isDomainName } from "../corefile/zone.ts";
import { Pattern, replaceMatch } from "../pattern.ts";
import type { Outcome, Plugin } from "../plugin.ts";
import type { Query } from "../query.ts";
import { failed, isWritten } from "../reply.ts";
import { typeOf } from "../record-type.ts";
import { nameRule, type AnswerRule, type NameRule } from "./rewrite-name.ts";

/** One rule. Plain data. */
type Rule = { readonly goOn: boolean } & (
  | NameRule
  | { readonly kind: "type"; readonly from: string; readonly to: string }
  | { readonly kind: "class"; readonly from: string; readonly to: string }
  | { readonly kind: "ttl"; readonly match: NameRule; readonly least: number; readonly most: number }
);

/** Changes a record of the answer. */
type Change = (record: DnsRecord) => DnsRecord;

const MOST_TTL = 2_147_483_647;

/** rewrite: asks for something else, and changes the answer back (plugin/rewrite). */
export const rewrite: Plugin<readonly Rule[]> = {
  name: "rewrite",
  setup(c) {
    const rules: Rule[] = [];
    while (c.next()) {
      const args = c.remainingArgs();
      // A rule may be spread over the lines of a block.
      if (args.length < 2) while (c.nextBlock()) args.push(c.value);
      rules.push(readRule(args));
    }
    return rules;
  },
  serve(rules, _block, next) {
    const prepared = rules.map((rule) => ({ rule, apply: prepare(rule) }));
    return (query) => {
      let current = query;
      const changes: Change[] = [];
      for (const { rule, apply } of prepared) {
        const done = apply(current);
        if (!done) continue;
        current = done.query;
        changes.push(...done.changes);
        if (!isDomainName(current.qname)) return failed("SERVFAIL", `invalid name after rewrite: ${current.qname}`);
        if (!rule.goOn) return revert(query, current, next(current), changes);
      }
      return current === query && changes.length === 0 ? next(query) : revert(query, current, next(current), changes);
    };
  },
};

/** Puts the question back, and changes the answer's records, the last change first (rewrite/reverter.go). Errors are written here, too. */
function revert(query: Query, asked: Query, outcome: Outcome, changes: readonly Change[]): Outcome {
  const written =
    outcome.message ?? (isWritten(outcome.rcode) ? undefined : dnsReply(asked.message, { rcode: outcome.rcode }));
  if (!written) return outcome;
  const change = (records: readonly DnsRecord[]): readonly DnsRecord[] =>
    changes.length === 0 ? records : records.map((record) => changes.reduceRight((now, apply) => apply(now), record));
  const message: DnsMessage = {
    ...written,
    questions: query.message.questions,
    answers: change(written.answers),
    authorities: change(written.authorities),
    additionals: change(written.additionals),
  };
  return { ...outcome, message, rcode: outcome.message ? outcome.rcode : "NOERROR" };
}

type Applied = { readonly query: Query; readonly changes: readonly Change[] } | undefined;

function prepare(rule: Rule): (query: Query) => Applied {
  switch (rule.kind) {
    case "name": {
      const rename = renamer(rule);
      const fixed = rule.answers.map(answerChange);
      return (query) => {
        const name = rename(query.name);
        if (name === undefined) return undefined;
        const back = rule.auto ? automatic(rule, name, query.name) : [];
        return { query: asking(query, { name }), changes: [...back, ...fixed] };
      };
    }
    case "type":
    case "class":
      return (query) =>
        query.question[rule.kind] === rule.from
          ? { query: asking(query, { [rule.kind]: rule.to }), changes: [] }
          : undefined;
    case "ttl": {
      const matches = renamer(rule.match);
      const limit: Change = (record) => ({ ...record, ttl: Math.min(Math.max(record.ttl, rule.least), rule.most) });
      return (query) => (matches(query.name) === undefined ? undefined : { query, changes: [limit] });
    }
  }
}

function asking(query: Query, change: Partial<Record<keyof DnsQuestion, string>>): Query {
  const [question, ...others] = query.message.questions;
  return query.with({ ...query.message, questions: [{ ...question!, ...change } as DnsQuestion, ...others] });
}

/** The new name; undefined if the rule is not for that one. */
function renamer({ match, from, to }: NameRule): (name: string) => string | undefined {
  switch (match) {
    case "exact":
      return (name) => (name === from ? to : undefined);
    case "prefix":
      return (name) => (name.startsWith(from) ? to + name.slice(from.length) : undefined);
    case "suffix":
      return (name) => (name.endsWith(from) ? name.slice(0, name.length - from.length) + to : undefined);
    case "substring":
      return (name) => (name.includes(from) ? name.replaceAll(from, () => to) : undefined);
    case "regex": {
      const pattern = new Pattern(from);
      return (name) => (pattern.match(name) ? replaceMatch(pattern, to, name) : undefined);
    }
  }
}

/** What `answer auto`, and every exact rule, does: the new name is the old one again, as a name and as a value. */
function automatic({ match, from, to }: NameRule, now: string, before: string): Change[] {
  const back =
    match === "suffix"
      ? (text: string): string => (text.endsWith(to) ? text.slice(0, text.length - to.length) + from : text)
      : (text: string): string => {
          if (text === now) return before;
          return text.endsWith(`.${now}`) ? text.slice(0, text.length - now.length) + before : text;
        };
  return [(record) => withName(record, back), (record) => withValue(record, back)];
}

function answerChange({ on, from, to }: AnswerRule): Change {
  const pattern = new Pattern(from);
  const change = (text: string): string => replaceMatch(pattern, to, text);
  return on === "name" ? (record) => withName(record, change) : (record) => withValue(record, change);
}

function withName(record: DnsRecord, change: (text: string) => string): DnsRecord {
  const name = change(record.name);
  return name === record.name ? record : { ...record, name };
}

/** Names that records point to. */
function withValue(record: DnsRecord, change: (text: string) => string): DnsRecord {
  switch (record.type) {
    case "SRV":
    case "MX":
    case "CNAME":
    case "NS":
      return { ...record, target: change(record.target) };
    case "SOA":
      return { ...record, mname: change(record.mname) };
    default:
      return record;
  }
}

function readRule(words: readonly string[]): Rule {
  if (words.length === 0) throw new Error("no rule type specified for rewrite");
  const mode = words[0]!.toLowerCase();
  const moded = mode === "continue" || mode === "stop";
  const [kind = "", ...args] = moded ? words.slice(1) : words;
  const goOn = mode === "continue";
  switch (kind.toLowerCase()) {
    case "answer":
      throw new Error("response rewrites must begin with a name rule");
    case "name":
      return { goOn, ...nameRule(args) };
    case "type": {
      if (args.length !== 2) throw new Error("type rules must have exactly two arguments");
      const [from, to] = args.map((word) => typeOf(word));
      if (!from) throw new Error(`invalid type ${JSON.stringify(args[0]!.toUpperCase())}`);
      if (!to) throw new Error(`invalid type ${JSON.stringify(args[1]!.toUpperCase())}`);
      return { goOn, kind: "type", from, to };
    }
    case "class": {
      if (args.length !== 2) throw new Error("class rules must have exactly two arguments");
      const wrong = args.find((word) => !/^(IN|CH)$/i.test(word));
      if (wrong !== undefined) throw new Error(`invalid class ${JSON.stringify(wrong.toUpperCase())}`);
      return { goOn, kind: "class", from: args[0]!.toUpperCase(), to: args[1]!.toUpperCase() };
    }
    case "ttl":
      return ttlRule(goOn, args);
    case "edns0":
    case "rcode":
    case "cname":
      throw new NotSimulated(`'rewrite ${kind}'`);
    default:
      throw new Error(`invalid rule type ${JSON.stringify(words[0]!)}`);
  }
}

function ttlRule(goOn: boolean, args: readonly string[]): Rule {
  if (args.length < 2) throw new Error("too few (1) arguments for a ttl rule");
  const [match, name, span] = args.length === 2 ? ["exact", args[0]!, args[1]!] : (args as [string, string, string]);
  if (args.length > 3) throw new Error("exceeded the number of arguments for a ttl rule");
  const range = /^(\d*)(-?)(\d*)$/.exec(span);
  if (!range || (range[1] === "" && range[3] === "")) throw new Error(`invalid TTL value for a rewrite rule: ${span}`);
  const [, low, dash, high] = range as unknown as [string, string, string, string];
  const least = low === "" ? 0 : Number(low);
  const most = dash === "" ? least : high === "" ? MOST_TTL : Number(high);
  if (least > most) throw new Error("invalid TTL range: min cannot be greater than max");
  const plain = match.toLowerCase() === "regex" ? name : fqdn(name);
  return { goOn, kind: "ttl", match: nameRule([match, plain, "."]), least, most };
}
