import type { HookName } from "../netfilter/row.ts";
import { Unsimulated, type Cursor } from "./cursor.ts";
import type { ChainType } from "./row.ts";
import { priorityNumber } from "./symbols.ts";
import type { BaseDraft } from "./chain-transaction.ts";

const HOOKS: ReadonlySet<string> = new Set(["prerouting", "input", "forward", "output", "postrouting"]);

/** What stands in a chain's block besides its rules. */
export interface ChainDraft {
  base?: BaseDraft;
  policy?: "accept" | "drop";
  comment?: string;
}

/** Reads one of `type … hook … priority …`, `policy …`, `comment …`, `flags …`; false if something else stands there. */
export function readChainLine(cursor: Cursor, draft: ChainDraft): boolean {
  if (cursor.is("type")) draft.base = readHook(cursor);
  else if (cursor.take("policy")) draft.policy = readPolicy(cursor);
  else if (cursor.take("comment")) draft.comment = cursor.quoted();
  else if (cursor.is("flags", "devices")) throw new Unsimulated(`chain … ${cursor.token.text}`);
  else return false;
  return true;
}

function readPolicy(cursor: Cursor): "accept" | "drop" {
  if (!cursor.is("accept", "drop")) cursor.fail("accept or drop or '$'");
  return cursor.next().text as "accept" | "drop";
}

function readHook(cursor: Cursor): BaseDraft {
  cursor.expect("type");
  const type = cursor.next();
  if (type.kind !== "string") cursor.fail("string", type);
  if (!["filter", "nat", "route"].includes(type.text)) cursor.complain("unknown chain type", type);
  cursor.expect("hook", "hook");
  const hook = cursor.next();
  if (hook.text === "ingress" || hook.text === "egress") throw new Unsimulated(`hook ${hook.text}`);
  if (hook.kind !== "string") cursor.fail("string", hook);
  if (!HOOKS.has(hook.text)) cursor.complain("unknown chain hook", hook);
  if (cursor.is("device", "devices")) throw new Unsimulated("hook … device");
  const name = hook.text.toUpperCase() as HookName;
  return { type: type.text as ChainType, hook: name, priority: readPriority(cursor, name) };
}

/** `0`, `-100`, `filter`, `dstnat - 10`; the word before it is part of what an error underlines. */
function readPriority(cursor: Cursor, hook: HookName): number {
  const first = cursor.token;
  cursor.expect("priority", "priority");
  const sign = cursor.take("-") ? -1 : 1;
  if (cursor.token.kind === "number") return sign * cursor.number();
  const { token } = cursor;
  if (sign < 0 || token.kind !== "string") cursor.fail();
  // `filter-5` is one word to the scanner.
  cursor.next();
  const joined = /^([a-z]+)-(\d+)$/.exec(token.text);
  const base = priorityNumber(joined?.[1] ?? token.text, hook);
  let offset = joined ? -Number(joined[2]) : 0;
  if (cursor.take("-")) offset = -cursor.number();
  else if (cursor.take("+")) offset = cursor.number();
  if (base === undefined) cursor.complain("invalid priority expression value in this context.", cursor.since(first));
  return (base ?? 0) + offset;
}
