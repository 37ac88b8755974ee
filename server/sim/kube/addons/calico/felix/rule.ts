import { hash } from "node:crypto";
import { isProblem, readRule, splitWords, type RuleDraft, type TableName } from "../../../../net/index.ts";

/** A rule as felix thinks of it: what it says about itself, what must hold, what happens then. Without an action it only counts. */
export interface Rule {
  readonly comment?: string;
  /** As felix writes it: `-m mark --mark 0/0x20000`. */
  readonly match?: string;
  /** `--jump DROP`. */
  readonly action?: string;
}

export interface Chain {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** A rule with the mark by which felix knows it again. */
export interface MarkedRule {
  readonly hash: string;
  readonly draft: RuleDraft;
}

const HASH_PREFIX = "cali:";
const HASH_LENGTH = 16;
/** More than this iptables takes for no comment. */
const LONGEST_COMMENT = 256;

/**
 * The rules of a chain with their hashes: each is of the rule and of all before it in its chain (felix/generictables
 * RuleHashes). `begin`: rules that were made for this chain before; as far as they are the same they are used again.
 */
export function markRules(table: TableName, { name, rules }: Chain): MarkedRule[] {
  let before = hash("sha224", name, "buffer");
  return rules.map((rule) => {
    const text = ruleText(rule);
    const own = Buffer.from(`-A ${name} HASH${text === "" ? "" : ` ${text}`}`);
    before = hash("sha224", Buffer.concat([before, own]), "buffer");
    const mark = before.toString("base64url").slice(0, HASH_LENGTH);
    return { hash: mark, draft: marked(draftOf(table, text), mark) };
  });
}

/** iptables/renderer.go: comments, matches, action. */
export function ruleText({ comment, match, action }: Rule): string {
  const words = comment === undefined ? [] : [`-m comment --comment "${safe(comment)}"`];
  if (match !== undefined) words.push(match);
  if (action !== undefined) words.push(action);
  return words.join(" ");
}

function safe(comment: string): string {
  return comment.replace(/[^\w @%+=:,./-]/g, "_").slice(0, LONGEST_COMMENT);
}

function marked(draft: RuleDraft, mark: string): RuleDraft {
  const comment = { name: "comment", options: { comment: HASH_PREFIX + mark } };
  return { ...draft, matches: [comment, ...draft.matches] };
}

/** The hash of a rule of felix's; undefined for others' rules. */
export function hashOf({ matches }: RuleDraft): string | undefined {
  for (const { name, options } of matches) {
    if (name !== "comment") continue;
    const text = options["comment"] as string;
    if (text.startsWith(HASH_PREFIX)) return text.slice(HASH_PREFIX.length);
  }
  return undefined;
}

/** Rules that were read, by table and text: the same ones stand in the chains of all endpoints. */
const read = new Map<string, RuleDraft>();
const REMEMBERED = 8192;

function draftOf(table: TableName, text: string): RuleDraft {
  const key = `${table} ${text}`;
  let draft = read.get(key);
  if (!draft) {
    // Chains that it jumps to are written in the same transaction.
    const found = readRule(splitWords(text), { table, chain: "cali-", hasChain: () => true });
    if (isProblem(found)) throw new Error(`felix wrote a rule that iptables refuses: ${text}: ${found.text}`);
    if (read.size >= REMEMBERED) read.clear();
    read.set(key, (draft = found.rules[0]!));
  }
  return draft;
}

// Matches and actions (felix/iptables/match_builder.go, actions.go)

export const hex = (bits: number): string => `0x${bits.toString(16)}`;

export const RETURN = "--jump RETURN";
export const ACCEPT = "--jump ACCEPT";
export const DROP = "--jump DROP";
export const jump = (chain: string): string => `--jump ${chain}`;
export const goTo = (chain: string): string => `--goto ${chain}`;
export const setMark = (bits: number, mask = bits): string =>
  `--jump MARK --set-mark ${bits === 0 ? "0" : hex(bits)}/${hex(mask)}`;
export const clearMark = (bits: number): string => setMark(0, bits);
export const MASQUERADE = "--jump MASQUERADE --random-fully";

export const markSet = (bit: number): string => `-m mark --mark ${hex(bit)}/${hex(bit)}`;
export const markClear = (bits: number): string => `-m mark --mark 0/${hex(bits)}`;
export const markNotClear = (bits: number): string => `-m mark ! --mark 0/${hex(bits)}`;
export const inInterface = (name: string): string => `--in-interface ${name}`;
export const outInterface = (name: string): string => `--out-interface ${name}`;
