import type { DnsMessage, DnsRecord, Rcode } from "../../../../net/index.ts";
import { NotSimulated } from "../corefile/corefile-error.ts";
import { matchingZone } from "../corefile/zone.ts";
import { Pattern } from "../pattern.ts";
import { fallZones, type BlockView, type Controller, type Plugin } from "../plugin.ts";
import type { Query } from "../query.ts";
import { typeOf, typeText } from "../record-type.ts";
import { failed, written } from "../reply.ts";
import { readRecord } from "../zone-file/record.ts";
import { zoneEntries } from "../zone-file/words.ts";
import { checkTemplate, executeTemplate, type TemplateData } from "./template-text.ts";

/** One template. Plain data. */
interface Template {
  readonly zones: readonly string[];
  readonly class: string;
  readonly type: string;
  readonly match: readonly string[];
  readonly answer: readonly string[];
  readonly additional: readonly string[];
  readonly authority: readonly string[];
  readonly rcode: Rcode;
  readonly fall: readonly string[];
}

const RCODES: ReadonlySet<string> = new Set(["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]);

/** template: answers made of the query itself (plugin/template). */
export const template: Plugin<readonly Template[]> = {
  name: "template",
  setup(c) {
    const templates: Template[] = [];
    while (c.next()) templates.push(readTemplate(c));
    return templates;
  },
  serve(templates, block, next) {
    const prepared = templates.map((each) => ({ each, patterns: each.match.map((source) => new Pattern(source)) }));
    const zones = templates.flatMap((each) => each.zones);
    return (query) => {
      if (matchingZone(zones, query.name) === undefined) return next(query);
      for (const { each, patterns } of prepared) {
        const zone = matchingZone(each.zones, query.name);
        if (zone === undefined || !asksFor(each, query)) continue;
        const data = dataOf(patterns, query, zone);
        if (!data) {
          if (matchingZone(each.fall, query.name) === undefined) return failed("SERVFAIL");
          continue;
        }
        if (each.rcode === "SERVFAIL") return failed("SERVFAIL");
        return answer(each, data, query, block);
      }
      return next(query);
    };
  },
};

function asksFor({ class: class_, type }: Template, { question }: Query): boolean {
  if (class_ !== "ANY" && question.class !== class_) return false;
  return type === "ANY" || question.type === "ANY" || question.type === type;
}

function dataOf(patterns: readonly Pattern[], query: Query, zone: string): TemplateData | undefined {
  for (const pattern of patterns) {
    const groups = pattern.match(query.name);
    if (!groups) continue;
    const named = Object.entries(pattern.names).map(([name, group]) => [name, groups[group]!]);
    return {
      Zone: zone,
      Name: query.name,
      Regex: pattern.source,
      Match: groups,
      Group: Object.fromEntries([...groups.map((group, number) => [String(number), group]), ...named]),
      Class: query.question.class,
      Type: typeText(query.type),
      Remote: query.context.remote.address,
      Question: { Name: query.qname },
    };
  }
  return undefined;
}

function answer(each: Template, data: TemplateData, query: Query, { instance }: BlockView): ReturnType<typeof failed> {
  try {
    const make = (texts: readonly string[]): DnsRecord[] => texts.map((text) => record(executeTemplate(text, data)));
    const answers = make(each.answer).flatMap((made) => {
      const follows = made.type === "CNAME" && (query.type === "A" || query.type === "AAAA");
      const found = follows ? instance.lookup(query, made.target, query.type) : undefined;
      return [made, ...(found?.answers ?? [])];
    });
    const fields: Partial<DnsMessage> = {
      authoritative: true,
      rcode: each.rcode,
      answers,
      additionals: make(each.additional),
      authorities: make(each.authority),
    };
    return { ...written(query, fields), rcode: each.rcode };
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) return failed("SERVFAIL", error.message);
    throw error;
  }
}

function record(text: string): DnsRecord {
  const [entry] = zoneEntries(text);
  if (!entry) throw new Error("dns: no record in the template's text");
  return readRecord(entry.words, { origin: ".", ttl: 3600, owner: "." }, false);
}

function readTemplate(c: Controller): Template {
  const word = (): string => {
    if (!c.nextArg()) throw c.argumentError();
    return c.value;
  };
  const class_ = word();
  if (!/^(IN|CH|ANY)$/.test(class_)) throw c.error(`invalid query class ${class_}`);
  const kind = word();
  const type = typeOf(kind);
  if (type === undefined || kind !== kind.toUpperCase()) throw c.error(`invalid RR class ${kind}`);
  const zones = c.zonesOr(c.remainingArgs());
  const lists = {
    match: [] as string[],
    answer: [] as string[],
    additional: [] as string[],
    authority: [] as string[],
  };
  let rcode: Rcode = "NOERROR";
  let fall: readonly string[] = [];
  while (c.nextBlock()) {
    const property = c.value;
    if (property === "match" || property === "answer" || property === "additional" || property === "authority") {
      const texts = c.remainingArgs();
      if (texts.length === 0) throw c.argumentError();
      for (const text of texts) check(c, property, text);
      lists[property].push(...texts);
    } else if (property === "rcode") {
      const name = word();
      if (!RCODES.has(name)) throw c.error(`unknown rcode ${name}`);
      rcode = name as Rcode;
    } else if (property === "fallthrough") fall = fallZones(c.remainingArgs());
    else if (property === "upstream") c.remainingArgs();
    else if (property === "ederror") throw new NotSimulated("'template ederror'");
    else throw c.argumentError();
  }
  if (lists.answer.length === 0 && lists.authority.length === 0 && rcode === "NOERROR")
    throw c.error("no answer section for template found");
  return { zones, class: class_, type, ...lists, match: lists.match.length === 0 ? [".*"] : lists.match, rcode, fall };
}

function check(c: Controller, property: string, text: string): void {
  try {
    if (property === "match") Pattern.check(text);
    else checkTemplate(text);
  } catch (error) {
    if (error instanceof NotSimulated) throw error;
    const { message } = error as Error;
    throw c.error(
      property === "match"
        ? `could not parse regex: ${text}, ${message}`
        : `could not compile template: ${c.value}, ${message}`,
    );
  }
}
