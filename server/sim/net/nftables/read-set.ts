import { SyntaxComplaint, Unsimulated, type Cursor } from "./cursor.ts";
import { dataType } from "./data-type.ts";
import { conflict } from "./elements.ts";
import { ExpressionReader } from "./read-expression.ts";
import { expressionText } from "./print-rule.ts";
import { withoutPlace, type PlacedElement } from "./read-value.ts";
import type { NftFamily, SetRow } from "./row.ts";
import type { Places, Session } from "./session.ts";
import type { Target } from "./chain-transaction.ts";
import type { Place } from "./scan.ts";
import { readTime } from "./time.ts";

type Draft = { -readonly [K in keyof SetRow]?: SetRow[K] };

interface Found {
  readonly draft: Draft;
  readonly elements: { at: number } | undefined;
  /** Its last line: where nft takes its block to end. */
  readonly last: Place;
}

/** Reads `{ type …; flags …; elements = { … } }` and makes the set. */
export function readSet(
  session: Session,
  cursor: Cursor,
  kind: "set" | "map",
  target: Target,
  places: Places,
  create: boolean,
): void {
  const start = cursor.token;
  if (!cursor.is("{")) cursor.fail("'{'");
  cursor.next();
  const before = session.complaints.length;
  const { draft, elements, last } = readBody(session, cursor, kind, target.family);
  const block = cursor.since(start, last);
  if (session.complaints.length > before && (draft.key || cursor.complaints.length === 0)) return;
  if (!draft.key) {
    cursor.complain("set definition does not specify key", block);
    return;
  }
  if (kind === "map" && !draft.data) {
    cursor.complain("map definition does not specify mapping data type", block);
    return;
  }
  if (cursor.complaints.length > 0) return;
  const row = { kind, key: draft.key, interval: draft.interval ?? false, elements: [], ...draft };
  const whole = { ...places, command: cursor.since(places.command) };
  session.apply(whole, target, () => session.transaction.addSet(target, row, create));
  if (!elements) return;
  const end = cursor.position;
  cursor.position = elements.at;
  addElements(session, cursor, target, whole, create);
  cursor.position = end;
}

/** Reads elements behind the name of their set, and adds them. */
export function addElements(session: Session, cursor: Cursor, target: Target, places: Places, create: boolean): void {
  const drafts = readElements(session, cursor, target);
  if (!drafts) return;
  const row = session.transaction.sets.get(`${target.family} ${target.table} ${target.name}`);
  const clash = row && conflict(row, drafts);
  if (clash) {
    const [one, other] = clash;
    const placeOf = (element: unknown): Place | undefined => drafts.find((draft) => draft === element)?.place;
    cursor.complain("conflicting intervals specified", placeOf(other) ?? placeOf(one)!, placeOf(one));
    return;
  }
  const own = { ...places, command: cursor.since(places.command), elements: drafts.map(({ place }) => place) };
  session.apply(own, target, () => session.transaction.addElements(target, drafts.map(withoutPlace), create));
}

export function readElements(session: Session, cursor: Cursor, target: Target): readonly PlacedElement[] | undefined {
  const set = session.transaction.sets.get(`${target.family} ${target.table} ${target.name}`);
  const reader = new ExpressionReader(cursor, session.context(target.family, target.table), target.family);
  if (!set) {
    skipBraces(cursor);
    return undefined;
  }
  const before = cursor.complaints.length;
  const elements = reader.elements(set.key, set.data);
  if (!set.interval)
    for (const { key, place } of elements) {
      const prefix = key.some((part) => part.kind === "prefix");
      if (prefix || key.some((part) => part.kind === "range"))
        cursor.complain(`You must add 'flags interval' to your set declaration if you want to add ${prefix ? "prefix" : "range"} elements`, place); // prettier-ignore
    }
  return cursor.complaints.length > before ? undefined : elements;
}

/** Goes behind a block in braces. */
export function skipBraces(cursor: Cursor): void {
  if (!cursor.is("{")) cursor.fail("'{'");
  let depth = 0;
  do {
    if (cursor.token.kind === "end") cursor.fail();
    if (cursor.is("{")) depth++;
    if (cursor.is("}")) depth--;
    cursor.next();
  } while (depth > 0);
}

function readBody(session: Session, cursor: Cursor, kind: "set" | "map", family: NftFamily): Found {
  const draft: Draft = {};
  let elements: Found["elements"];
  for (;;) {
    cursor.skipSeparators();
    const { last } = cursor;
    if (cursor.take("}")) return { draft, elements, last };
    if (cursor.token.kind === "end") cursor.fail();
    try {
      if (cursor.take("elements")) {
        if (!cursor.is("=")) cursor.fail("'='");
        cursor.next();
        elements = { at: cursor.position };
        skipBraces(cursor);
      } else readOption(session, cursor, kind, family, draft);
      if (!cursor.ends) cursor.fail(cursor.is("}") && draft.key && !elements ? "newline or semicolon or ." : "newline or semicolon"); // prettier-ignore
    } catch (error) {
      if (!(error instanceof SyntaxComplaint)) throw error;
      session.complaints.push(error);
      cursor.recover();
    }
  }
}

function readOption(session: Session, cursor: Cursor, kind: "set" | "map", family: NftFamily, draft: Draft): void {
  const { token } = cursor;
  switch (token.kind === "string" ? token.text : "") {
    case "type":
      cursor.next();
      return readType(cursor, kind, draft);
    case "typeof":
      cursor.next();
      return readTypeOf(session, cursor, kind, family, draft);
    case "flags":
      cursor.next();
      return readFlags(cursor, draft);
    case "timeout":
      cursor.next();
      draft.timeout = readTime(cursor);
      draft.timeouts = true;
      return;
    case "gc-interval":
      cursor.next();
      draft.gcInterval = readTime(cursor);
      return;
    case "size":
      cursor.next();
      draft.size = cursor.number();
      return;
    case "policy":
      cursor.next();
      if (!cursor.is("memory", "performance")) cursor.fail("performance or memory");
      draft.policy = cursor.next().text as "memory";
      return;
    case "auto-merge":
      cursor.next();
      draft.autoMerge = true;
      return;
    case "comment":
      cursor.next();
      draft.comment = cursor.quoted();
      return;
    case "counter":
      throw new Unsimulated(`${kind} … counter`);
    default:
      cursor.fail();
  }
}

function readType(cursor: Cursor, kind: "set" | "map", draft: Draft): void {
  const before = cursor.complaints.length;
  const key = typeNames(cursor);
  if (kind === "map") {
    if (!cursor.take(":")) cursor.fail("colon or .");
    if (cursor.is("counter", "quota", "limit")) throw new Unsimulated(`map … : ${cursor.token.text}`);
    const data = typeNames(cursor);
    if (cursor.complaints.length === before) draft.data = data;
  }
  if (cursor.complaints.length === before) draft.key = key;
}

function typeNames(cursor: Cursor): string[] {
  const out: string[] = [];
  do {
    const token = cursor.next();
    if (token.kind !== "string") cursor.fail(undefined, token);
    const name = token.text === "ct_mark" ? "mark" : token.text;
    if (!dataType(name)) {
      if (UNSIMULATED_TYPES.has(name)) throw new Unsimulated(`type ${name}`);
      cursor.complain(`unknown datatype ${token.text}`, token);
    }
    out.push(name);
  } while (cursor.take("."));
  return out;
}

const UNSIMULATED_TYPES: ReadonlySet<string> = new Set(["time", "ct_label", "devgroup", "classid", "realm", "arp_op", "ct_event", "cgroupsv2", "iface_type", "hour", "day", "igmp_type", "dccp_pkttype", "mh_type"]); // prettier-ignore

function readTypeOf(session: Session, cursor: Cursor, kind: "set" | "map", family: NftFamily, draft: Draft): void {
  const reader = new ExpressionReader(cursor, session.context(family, ""), "inet");
  const style = { numeric: false, service: false, context: session.values };
  const key = reader.expression();
  draft.key = key.types;
  draft.typeOf = expressionText(key.expression, style);
  if (kind === "set") return;
  if (!cursor.take(":")) cursor.fail("colon");
  if (cursor.take("verdict")) {
    draft.data = ["verdict"];
    return;
  }
  const data = new ExpressionReader(cursor, session.context(family, ""), "inet").expression();
  draft.data = data.types;
  draft.dataTypeOf = expressionText(data.expression, style);
}

function readFlags(cursor: Cursor, draft: Draft): void {
  do {
    if (!cursor.is("constant", "interval", "timeout", "dynamic")) cursor.fail();
    const flag = cursor.next().text;
    if (flag === "constant") draft.constant = true;
    else if (flag === "interval") draft.interval = true;
    else if (flag === "timeout") draft.timeouts = true;
    else draft.dynamic = true;
  } while (cursor.take(","));
}
