import { SyntaxComplaint, type Cursor } from "./cursor.ts";
import { readChainLine, type ChainDraft } from "./read-chain.ts";
import { addRule } from "./read-rule-command.ts";
import { readSet, skipBraces } from "./read-set.ts";
import type { NftFamily } from "./row.ts";
import type { Place, Token } from "./scan.ts";
import type { Places, Session } from "./session.ts";
import type { Target } from "./chain-transaction.ts";

/** The lines of a chain's block: what it is, and where its rules stand. */
interface ChainBlock {
  readonly draft: ChainDraft;
  readonly rules: readonly number[];
}

/** Runs something that may find the text wrong, and goes on behind the next separator if it does. */
export function guarded(session: Session, cursor: Cursor, run: () => void): void {
  const before = cursor.complaints;
  cursor.complaints = [];
  try {
    run();
  } catch (error) {
    if (!(error instanceof SyntaxComplaint)) throw error;
    cursor.complaints = [{ says: error.says, place: error.place }];
    cursor.recover();
  }
  // nft leaves off at the first thing that it finds wrong with the meaning of a command, of the block's definition at the second.
  session.complaints.push(
    ...cursor.complaints.slice(0, cursor.complaints[0]?.says.startsWith("unknown datatype") ? 2 : 1),
  );
  cursor.complaints = before;
}

/** Reads a chain's block up to behind its brace; its rules are only found. */
function readChainBlock(session: Session, cursor: Cursor): ChainBlock {
  cursor.expect("{");
  const draft: ChainDraft = {};
  const rules: number[] = [];
  for (;;) {
    cursor.skipSeparators();
    if (cursor.take("}")) return { draft, rules };
    if (cursor.token.kind === "end") cursor.fail();
    guarded(session, cursor, () => {
      const at = cursor.position;
      if (readChainLine(cursor, draft)) {
        if (!cursor.ends) cursor.fail("newline or semicolon");
        return;
      }
      rules.push(at);
      skipLine(cursor);
    });
  }
}

/** Goes to the end of a rule: a separator or the brace of its chain. */
function skipLine(cursor: Cursor): void {
  while (!cursor.ends && !cursor.is("}")) {
    if (cursor.is("{")) skipBraces(cursor);
    else cursor.next();
  }
}

/** `add chain … { type …; }` with rules, perhaps. */
export function chainBlock(session: Session, cursor: Cursor, target: Target, places: Places, create: boolean): void {
  const before = session.complaints.length;
  const block = cursor.is("{") ? readChainBlock(session, cursor) : { draft: {}, rules: [] };
  if (session.complaints.length > before) return;
  makeChain(session, cursor, target, places, block, create);
  readRules(session, cursor, target, places, block);
}

function makeChain(
  session: Session,
  cursor: Cursor,
  target: Target,
  places: Places,
  { draft }: ChainBlock,
  create: boolean,
): void {
  const whole = { ...places, command: cursor.since(places.command) };
  session.apply(whole, target, () => session.transaction.addChain(target, draft, create));
}

function readRules(session: Session, cursor: Cursor, target: Target, places: Places, { rules }: ChainBlock): void {
  const end = cursor.position;
  for (const at of rules) {
    cursor.position = at;
    guarded(session, cursor, () => {
      addRule(session, cursor, target, { ...places, command: cursor.token }, {}, "add", true);
    });
  }
  cursor.position = end;
}

interface Item {
  readonly at: number;
  readonly name: Token;
  readonly command: Place;
}

/** `table … { … }`: its chains are made first, then its sets, then the rules (nft_cmd_expand). */
export function tableBlock(session: Session, cursor: Cursor, family: NftFamily, table: string, places: Places): void {
  const draft: { dormant?: true; comment?: string } = {};
  const chains: Item[] = [];
  const sets: (Item & { kind: "set" | "map" })[] = [];
  const counters: Item[] = [];
  cursor.expect("{");
  while (!cursor.take("}")) {
    cursor.skipSeparators();
    if (cursor.is("}")) continue;
    if (cursor.token.kind === "end") cursor.fail();
    const command = cursor.token;
    const item = (): Item => {
      const name = cursor.name();
      const at = cursor.position;
      skipBraces(cursor);
      return { at, name, command };
    };
    if (cursor.take("chain")) chains.push(item());
    else if (cursor.take("set")) sets.push({ ...item(), kind: "set" });
    else if (cursor.take("map")) sets.push({ ...item(), kind: "map" });
    else if (cursor.take("counter")) counters.push(item());
    else if (cursor.take("flags")) {
      cursor.expect("dormant", "string");
      draft.dormant = true;
    } else if (cursor.take("comment")) draft.comment = cursor.quoted();
    else cursor.fail();
  }
  const end = cursor.position;
  session.apply({ ...places, command: cursor.since(places.command) }, { family, table }, () =>
    session.transaction.addTable({ family, name: table, ...draft }, false),
  );
  readItems(session, cursor, { family, table }, places, { chains, sets, counters });
  cursor.position = end;
}

function readItems(
  session: Session,
  cursor: Cursor,
  table: { readonly family: NftFamily; readonly table: string },
  places: Places,
  items: { chains: readonly Item[]; sets: readonly (Item & { kind: "set" | "map" })[]; counters: readonly Item[] },
): void {
  const of = ({ name, command }: Item): { target: Target; own: Places } => ({
    target: { ...table, name: name.text },
    own: { ...places, command, name },
  });
  const blocks = items.chains.map((item) => {
    cursor.position = item.at;
    let block: ChainBlock = { draft: {}, rules: [] };
    const { target, own } = of(item);
    const before = session.complaints.length;
    guarded(session, cursor, () => {
      block = readChainBlock(session, cursor);
      if (session.complaints.length === before) makeChain(session, cursor, target, own, block, false);
    });
    return { target, own, block };
  });
  for (const item of items.counters) {
    cursor.position = item.at;
    const { target, own } = of(item);
    guarded(session, cursor, () => counterBlock(session, cursor, target, own, false));
  }
  for (const item of items.sets) {
    cursor.position = item.at;
    const { target, own } = of(item);
    guarded(session, cursor, () => readSet(session, cursor, item.kind, target, own, false));
  }
  for (const { target, own, block } of blocks) readRules(session, cursor, target, own, block);
}

/** `{ packets 0 bytes 0 }` or nothing. */
export function counterBlock(session: Session, cursor: Cursor, target: Target, places: Places, create: boolean): void {
  const held = { packets: 0, bytes: 0 };
  let comment: string | undefined;
  if (cursor.take("{")) {
    cursor.skipSeparators();
    while (!cursor.take("}")) {
      if (cursor.take("comment")) comment = cursor.quoted();
      else {
        cursor.expect("packets", "packets");
        held.packets = cursor.number();
        cursor.expect("bytes");
        held.bytes = cursor.number();
      }
      cursor.skipSeparators();
    }
  }
  const draft = { ...held, ...(comment === undefined ? {} : { comment }) };
  session.apply({ ...places, command: cursor.since(places.command) }, target, () =>
    session.transaction.addCounter(target, draft, create),
  );
}
