import type { Namespace } from "../namespace.ts";
import { Cursor, SyntaxComplaint, Unsimulated, type Complaint } from "./cursor.ts";
import { chainBlock, counterBlock, guarded, tableBlock } from "./read-block.ts";
import { addRule } from "./read-rule-command.ts";
import { addElements, readElements, readSet } from "./read-set.ts";
import { readQuery } from "./read-query.ts";
import { withoutPlace } from "./read-value.ts";
import { readVariables } from "./read-variables.ts";
import type { NftFamily } from "./row.ts";
import { KEYWORDS, scan, Stray, type Place, type Source, type Token } from "./scan.ts";
import { Session, type Places, type Surroundings } from "./session.ts";
import type { Target } from "./chain-transaction.ts";

/** `list …`, `get …`, `reset …`: what the program prints once all changes were made. */
export interface Query {
  readonly verb: "list" | "reset";
  readonly what: string;
  readonly family?: NftFamily;
  readonly table?: string;
  readonly name?: string;
  readonly places: Places;
}

/** What a run of nft comes to. */
export interface Ran {
  /** Nothing was changed if there are any. */
  readonly complaints: readonly Complaint[];
  readonly queries: readonly Query[];
  readonly session: Session;
}

const FAMILIES: ReadonlySet<string> = new Set(["ip", "ip6", "inet", "arp", "bridge", "netdev"]);
const OTHER: ReadonlySet<string> = new Set(["arp", "bridge", "netdev"]);

/** Reads commands and does what they say, all or nothing. */
export function runCommands(ns: Namespace, source: Source, surroundings: Surroundings, check: boolean): Ran {
  const session = new Session(ns, surroundings);
  const reader = new CommandReader(session);
  reader.read(source);
  const complaints = session.complaints.length > 0 ? session.complaints : session.refusals;
  if (complaints.length === 0 && !check) session.transaction.commit();
  else if (session.complaints.length === 0) session.transaction.abandon();
  return { complaints, queries: reader.queries, session };
}

/** Goes through the commands of a text. */
export class CommandReader {
  readonly queries: Query[] = [];
  readonly session: Session;
  cursor!: Cursor;

  constructor(session: Session) {
    this.session = session;
  }

  read(source: Source): void {
    try {
      this.cursor = new Cursor(source);
    } catch (error) {
      if (!(error instanceof SyntaxComplaint)) throw error;
      this.session.complaints.push(error);
      return;
    }
    for (const [name, text] of this.session.surroundings.defined ?? []) {
      const tokens = scan({ name: "", text });
      if (!(tokens instanceof Stray)) this.cursor.define(name, tokens.slice(0, -1));
    }
    for (;;) {
      this.cursor.skipSeparators();
      if (this.cursor.token.kind === "end") return;
      guarded(this.session, this.cursor, () => this.#command());
    }
  }

  #command(): void {
    const cursor = this.cursor;
    const first = cursor.token;
    switch (first.kind === "string" ? first.text : "") {
      case "add":
      case "create":
        cursor.next();
        return this.#add(first, first.text === "create");
      case "insert":
      case "replace":
        cursor.next();
        if (!cursor.take("rule")) cursor.fail("rule");
        return this.#rule(first, first.text as "insert");
      case "delete":
        cursor.next();
        return this.#delete(first, false);
      case "flush":
        cursor.next();
        return this.#flush(first);
      case "rename":
        cursor.next();
        return this.#rename(first);
      case "list":
      case "reset":
        cursor.next();
        return readQuery(this, first);
      case "table":
      case "chain":
      case "rule":
      case "set":
      case "map":
      case "element":
      case "counter":
        return this.#add(first, false);
      case "define":
      case "redefine":
      case "undefine":
      case "include":
        cursor.next();
        return readVariables(this, first);
      case "monitor":
      case "describe":
      case "get":
      case "export":
      case "import":
        throw new Unsimulated(`${first.text} ${cursor.peek().text}`.trim());
      default:
        if (first.text === "destroy" && this.session.surroundings.destroys) {
          cursor.next();
          return this.#delete(first, true);
        }
        if (KEYWORDS.has(first.text) && !FAMILIES.has(first.text)) cursor.fail();
        // What is no command is the table of a rule.
        return this.#rule(first, "add");
    }
  }

  end(): void {
    if (!this.cursor.ends) this.cursor.fail("end of file or newline or semicolon");
  }

  /** `[FAMILY] TABLE` */
  table(): { family: NftFamily; table: Token } {
    const cursor = this.cursor;
    let family = "ip";
    if (FAMILIES.has(cursor.token.text) && cursor.token.kind === "string") family = cursor.next().text;
    const table = cursor.name();
    if (OTHER.has(family)) throw new Unsimulated(`table ${family}`);
    return { family: family as NftFamily, table };
  }

  /** `[FAMILY] TABLE NAME` */
  named(first: Place): { target: Target; places: Places } {
    const { family, table } = this.table();
    const name = this.cursor.name();
    return {
      target: { family, table: table.text, name: name.text },
      places: { command: first, table, name },
    };
  }

  #add(first: Token, create: boolean): void {
    const cursor = this.cursor;
    const session = this.session;
    const { token } = cursor;
    switch (token.kind === "string" ? token.text : "") {
      case "table": {
        cursor.next();
        const { family, table } = this.table();
        if (cursor.is("{")) tableBlock(session, cursor, family, table.text, { command: first, table });
        else session.apply({ command: cursor.since(first), table }, { family, table: table.text }, () => session.transaction.addTable({ family, name: table.text }, create)); // prettier-ignore
        break;
      }
      case "chain": {
        cursor.next();
        const { target, places } = this.named(first);
        if (!cursor.is("{")) this.end();
        chainBlock(session, cursor, target, places, create);
        break;
      }
      case "rule":
        cursor.next();
        return this.#rule(first, "add");
      case "set":
      case "map": {
        const kind = cursor.next().text as "set" | "map";
        const { target, places } = this.named(first);
        readSet(session, cursor, kind, target, places, create);
        break;
      }
      case "element": {
        cursor.next();
        const { target, places } = this.named(first);
        this.#findSet(target, places);
        addElements(session, cursor, target, places, create);
        break;
      }
      case "counter": {
        cursor.next();
        const { target, places } = this.named(first);
        counterBlock(session, cursor, target, places, create);
        break;
      }
      case "flowtable":
      case "quota":
      case "limit":
      case "ct":
      case "secmark":
      case "synproxy":
        throw new Unsimulated(`add ${token.text}`);
      default:
        return this.#rule(first, "add");
    }
    this.end();
  }

  #findSet(target: Target, places: Places): void {
    const { sets } = this.session.transaction;
    if (!sets.get(`${target.family} ${target.table} ${target.name}`))
      this.cursor.complain(this.session.missing("set", target), places.name!);
  }

  #rule(first: Token, verb: "add" | "insert" | "replace"): void {
    const cursor = this.cursor;
    const { target, places } = this.#ruleTarget(first);
    const from = cursor.token;
    let place: { handle?: number; index?: number } = {};
    let handle: Place | undefined;
    if (verb === "replace" && !cursor.is("handle")) cursor.fail("handle");
    if (cursor.is("handle", "position")) {
      cursor.next();
      handle = cursor.token;
      place = { handle: cursor.number() };
      if (from.text === "position") handle = cursor.since(from);
    } else if (cursor.take("index")) {
      place = { index: cursor.number() };
      handle = cursor.since(from);
    }
    const own = { ...places, ...(handle ? { handle, position: handle } : {}) };
    addRule(this.session, cursor, target, own, place, verb);
  }

  #ruleTarget(first: Token): { target: Target; places: Places } {
    return this.named(first);
  }

  #delete(first: Token, silent: boolean): void {
    const cursor = this.cursor;
    const session = this.session;
    const { transaction } = session;
    const { token } = cursor;
    const run = (places: Places, target: { family: NftFamily; table: string; name?: string }, there: () => unknown, remove: () => void): void => {
      this.end();
      if (silent && !there()) return;
      session.apply({ ...places, command: cursor.since(first) }, target, remove);
    }; // prettier-ignore
    const keyOf = ({ family, table, name }: Target): string => `${family} ${table} ${name}`;
    switch (token.kind === "string" ? token.text : "") {
      case "table": {
        cursor.next();
        if (cursor.is("handle")) throw new Unsimulated(`${first.text} table handle`);
        const { family, table } = this.table();
        const target = { family, table: table.text };
        return run({ command: first, table }, target, () => transaction.tables.get(`${family} ${table.text}`), () => transaction.deleteTable(target)); // prettier-ignore
      }
      case "chain": {
        cursor.next();
        const { target, places } = this.named(first);
        return run(places, target, () => transaction.chains.get(keyOf(target)), () => transaction.deleteChain(target)); // prettier-ignore
      }
      case "rule": {
        cursor.next();
        const { target, places } = this.named(first);
        cursor.expect("handle");
        const handle = cursor.token;
        const number = cursor.number();
        const there = (): unknown => transaction.chains.get(keyOf(target))?.rules.some((rule) => rule.handle === number); // prettier-ignore
        return run({ ...places, handle }, target, there, () => transaction.deleteRule(target, number));
      }
      case "set":
      case "map": {
        const kind = cursor.next().text as "set" | "map";
        const { target, places } = this.named(first);
        return run(places, target, () => transaction.sets.get(keyOf(target)), () => transaction.deleteSet(target, kind)); // prettier-ignore
      }
      case "element": {
        cursor.next();
        const { target, places } = this.named(first);
        this.#findSet(target, places);
        const drafts = readElements(session, cursor, target);
        if (!drafts) return;
        const own = { ...places, elements: drafts.map(({ place }) => place) };
        return run(own, target, () => true, () => transaction.deleteElements(target, drafts.map(withoutPlace))); // prettier-ignore
      }
      case "counter": {
        cursor.next();
        const { target, places } = this.named(first);
        return run(places, target, () => transaction.counters.get(keyOf(target)), () => transaction.deleteCounter(target)); // prettier-ignore
      }
      case "flowtable":
      case "quota":
      case "limit":
      case "ct":
        throw new Unsimulated(`${first.text} ${token.text}`);
      default:
        cursor.fail();
    }
  }

  #flush(first: Token): void {
    const cursor = this.cursor;
    const session = this.session;
    const { transaction } = session;
    const { token } = cursor;
    const end = (places: Places): Places => {
      this.end();
      return { ...places, command: cursor.since(first) };
    };
    switch (token.kind === "string" ? token.text : "") {
      case "ruleset": {
        cursor.next();
        const family = this.family();
        this.end();
        for (const kind of ["ip", "ip6"] as const)
          if (family === undefined || family === kind) transaction.foreign.dropAll(kind);
        for (const row of transaction.tables.values())
          if (family === undefined || row.family === family) transaction.deleteTable({ family: row.family, table: row.name }); // prettier-ignore
        return;
      }
      case "table": {
        cursor.next();
        const { family, table } = this.table();
        const target = { family, table: table.text };
        return session.apply(end({ command: first, table }), target, () => transaction.flushTable(target));
      }
      case "chain": {
        cursor.next();
        const { target, places } = this.named(first);
        return session.apply(end(places), target, () => transaction.flushChain(target));
      }
      case "set":
      case "map": {
        cursor.next();
        const { target, places } = this.named(first);
        this.#findSet(target, places);
        const whole = end(places);
        if (cursor.complaints.length === 0) session.apply(whole, target, () => transaction.flushSet(target));
        return;
      }
      case "meter":
        throw new Unsimulated("flush meter");
      default:
        cursor.fail();
    }
  }

  family(): string | undefined {
    const cursor = this.cursor;
    return cursor.token.kind === "string" && FAMILIES.has(cursor.token.text) ? cursor.next().text : undefined;
  }

  #rename(first: Token): void {
    const cursor = this.cursor;
    if (!cursor.take("chain")) cursor.fail("chain");
    const { target, places } = this.named(first);
    const to = cursor.name();
    this.end();
    const session = this.session;
    if (!session.transaction.chains.get(`${target.family} ${target.table} ${target.name}`))
      return cursor.complain(session.missing("chain", target), places.name!);
    session.apply({ ...places, command: cursor.since(first) }, target, () =>
      session.transaction.renameChain(target, to.text),
    );
  }
}

/** Deletes a table if there is one of that name. */
export function deleteTable(ns: Namespace, family: NftFamily, table: string): void {
  const { transaction } = new Session(ns, {});
  if (!transaction.tables.get(`${family} ${table}`)) return;
  transaction.deleteTable({ family, table });
  transaction.commit();
}
