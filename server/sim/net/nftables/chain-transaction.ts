import type { HookName } from "../netfilter/row.ts";
import { Unsimulated } from "./cursor.ts";
import { ForeignTables } from "./foreign.ts";
import { KernelError } from "./kernel-error.ts";
import type { Nftables } from "./nftables.ts";
import type { BaseRow, ChainRow, ChainType, CounterRow, NftFamily, RuleRow, SetRow, Statement, TableRow } from "./row.ts"; // prettier-ignore
import { Staged } from "./staged.ts";
import { anonymousIn, renamed, targetsOf, targetsOfSet } from "./references.ts";

/** A chain or set in its table. */
export interface Target {
  readonly family: NftFamily;
  readonly table: string;
  readonly name: string;
}

export interface BaseDraft {
  readonly type: ChainType;
  readonly hook: HookName;
  readonly priority: number;
}

/** Where a rule goes: before or behind another. */
export interface RulePlace {
  readonly handle?: number;
  readonly index?: number;
}

export interface RuleBody {
  readonly statements: readonly Statement[];
  readonly comment?: string;
}

const HOOKS: Readonly<Record<ChainType, readonly HookName[]>> = {
  filter: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  route: ["OUTPUT"],
};

/** Changes to the tables of a namespace that all happen or none (nf_tables_api.c). */
export class ChainTransaction {
  readonly nft: Nftables;
  readonly tables: Staged<TableRow>;
  readonly chains: Staged<ChainRow>;
  readonly sets: Staged<SetRow>;
  readonly counters: Staged<CounterRow>;
  /** Tables that iptables-nft made. */
  readonly foreign: ForeignTables;
  readonly #numbers: Staged<number>;
  readonly #forgotten: number[] = [];
  /** Elements that packets had put into sets. */
  protected readonly dynamicsGone: string[] = [];

  constructor(nft: Nftables) {
    this.nft = nft;
    this.tables = new Staged(nft.tables);
    this.chains = new Staged(nft.chains);
    this.sets = new Staged(nft.sets);
    this.counters = new Staged(nft.counters);
    this.foreign = new ForeignTables(nft.ns);
    this.#numbers = new Staged(nft.ns.rows<string, number>("nft/numbers"));
  }

  commit(): void {
    for (const rows of [this.tables, this.sets, this.counters, this.chains, this.#numbers]) rows.commit();
    this.foreign.commit();
    for (const id of this.#forgotten) this.nft.counts.delete(id);
    for (const key of this.dynamicsGone) this.nft.dynamics.delete(key);
  }

  /** The kernel has given handles to what it then took back: they are not given again. */
  abandon(): void {
    const { tables } = this.nft;
    for (const { family, name, objects } of this.tables.values()) {
      const known = tables.get(`${family} ${name}`);
      if (known && known.objects < objects) tables.set(`${family} ${name}`, { ...known, objects });
    }
    this.#numbers.commit();
  }

  protected nextNumber(key: string): number {
    const number = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, number);
    return number;
  }

  protected nextHandle(key: string): number {
    const table = this.tables.get(key)!;
    this.tables.set(key, { ...table, objects: table.objects + 1 });
    return table.objects + 1;
  }

  /** The key of a table that is there. */
  protected tableOf({ family, table }: Pick<Target, "family" | "table">): string {
    const key = `${family} ${table}`;
    if (this.tables.get(key)) return key;
    if (!this.foreign.has(family, table)) throw new KernelError("ENOENT", "table");
    // What nft puts into a table that iptables-nft made stands beside what is there.
    this.addTable({ family, name: table }, false);
    return key;
  }

  protected keyOf(target: Target): string {
    return `${this.tableOf(target)} ${target.name}`;
  }

  addTable(draft: Pick<TableRow, "family" | "name" | "dormant" | "comment">, create: boolean): void {
    const key = `${draft.family} ${draft.name}`;
    const known = this.tables.get(key);
    if (!known && this.foreign.has(draft.family, draft.name) && create) throw new KernelError("EEXIST", "table");
    if (known && create) throw new KernelError("EEXIST", "table");
    if (!known) this.tables.set(key, { ...draft, handle: this.nextNumber("table"), objects: 0 });
    else if (known.dormant !== draft.dormant) {
      const { dormant: _, ...rest } = known;
      this.tables.set(key, draft.dormant ? { ...rest, dormant: true } : rest);
    }
  }

  deleteTable(target: Pick<Target, "family" | "table">): void {
    const key = this.tableOf(target);
    const start = `${key} `;
    this.foreign.drop(target.family, target.table);
    for (const row of this.chains.values())
      if (start === `${row.family} ${row.table} `) {
        this.#forget(row.rules);
        this.chains.delete(start + row.name);
      }
    for (const rows of [this.sets, this.counters] as Staged<SetRow | CounterRow>[])
      for (const row of rows.values()) if (`${row.family} ${row.table} ` === start) rows.delete(start + row.name);
    this.tables.delete(key);
  }

  addChain(
    target: Target,
    draft: { readonly base?: BaseDraft; readonly policy?: "accept" | "drop"; readonly comment?: string },
    create: boolean,
  ): void {
    const key = this.keyOf(target);
    const known = this.chains.get(key);
    if (known) {
      if (create) throw new KernelError("EEXIST", "name");
      this.#changeChain(key, known, draft);
      return;
    }
    if (draft.policy !== undefined && !draft.base) throw new KernelError("EOPNOTSUPP", "command");
    const { base, policy, comment } = draft;
    if (base) this.#checkBase(base);
    const handle = this.nextHandle(`${target.family} ${target.table}`);
    const row = { ...target, handle, ...(comment === undefined ? {} : { comment }), rules: [] };
    this.chains.set(key, base ? { ...row, base: this.#base(base, policy) } : row);
  }

  #base(base: BaseDraft, policy: "accept" | "drop" | undefined): BaseRow {
    const behind = [...this.nft.ns.rows<string, true>("netfilter/tables").keys()];
    return { ...base, policy: policy ?? "accept", registered: this.nextNumber("registered"), behind };
  }

  #changeChain(key: string, known: ChainRow, { base, policy }: Parameters<ChainTransaction["addChain"]>[1]): void {
    if (base && !known.base) throw new KernelError("EEXIST", "name");
    if (base && known.base) {
      const { type, hook, priority } = known.base;
      if (type !== base.type || hook !== base.hook || priority !== base.priority)
        throw new KernelError("EOPNOTSUPP", "command");
    }
    if (policy !== undefined && !known.base) throw new KernelError("EOPNOTSUPP", "command");
    if (policy !== undefined && known.base && policy !== known.base.policy)
      this.chains.set(key, { ...known, base: { ...known.base, policy } });
  }

  #checkBase({ type, hook, priority }: BaseDraft): void {
    if (!HOOKS[type].includes(hook)) throw new KernelError("EOPNOTSUPP", "command");
    if (type === "nat" && priority <= -200) throw new KernelError("EOPNOTSUPP", "command");
  }

  chain(target: Target): ChainRow {
    const row = this.chains.get(this.keyOf(target));
    if (row) return row;
    if (this.foreign.hasChain(target)) throw new Unsimulated(`a rule in a chain of iptables (${target.name})`);
    throw new KernelError("ENOENT", "name");
  }

  deleteChain(target: Target): void {
    if (this.#foreignChain(target)) return this.foreign.deleteChain(target);
    const row = this.chain(target);
    const used = this.#jumpsTo(target, row);
    if (used) throw new KernelError("EBUSY", "name");
    this.#forget(row.rules);
    this.chains.delete(this.keyOf(target));
  }

  #jumpsTo(target: Target, own: ChainRow): boolean {
    for (const row of this.chains.values())
      if (row !== own && row.family === target.family && row.table === target.table)
        if (row.rules.some((rule) => targetsOf(rule.statements).includes(target.name))) return true;
    for (const row of this.sets.values())
      if (row.family === target.family && row.table === target.table && targetsOfSet(row).includes(target.name)) return true; // prettier-ignore
    return false;
  }

  #foreignChain(target: Target): boolean {
    return !this.chains.get(`${target.family} ${target.table} ${target.name}`) && this.foreign.hasChain(target);
  }

  flushChain(target: Target): void {
    if (this.#foreignChain(target)) return this.foreign.flush(target, target.name);
    const row = this.chain(target);
    this.#forget(row.rules);
    if (row.rules.length > 0) this.chains.set(this.keyOf(target), { ...row, rules: [] });
  }

  flushTable(target: Pick<Target, "family" | "table">): void {
    const key = this.tableOf(target);
    if (this.foreign.has(target.family, target.table)) this.foreign.flush(target);
    for (const row of this.chains.values())
      if (`${row.family} ${row.table}` === key) this.flushChain({ ...target, name: row.name });
  }

  renameChain(target: Target, name: string): void {
    const row = this.chain(target);
    const key = `${target.family} ${target.table} ${name}`;
    if (this.chains.get(key)) throw new KernelError("EEXIST", "command");
    this.chains.delete(this.keyOf(target));
    this.chains.set(key, { ...row, name });
    this.#renameJumps(target, name);
  }

  /** Jumps lead to the chain, whatever it is called. */
  #renameJumps({ family, table, name }: Target, now: string): void {
    for (const row of this.chains.values()) {
      if (row.family !== family || row.table !== table) continue;
      if (!row.rules.some((rule) => targetsOf(rule.statements).includes(name))) continue;
      const rules = row.rules.map((rule) => renamed(rule, name, now));
      this.chains.set(`${family} ${table} ${row.name}`, { ...row, rules });
    }
    for (const row of this.sets.values())
      if (row.family === family && row.table === table && targetsOfSet(row).includes(name))
        this.sets.set(`${family} ${table} ${row.name}`, renamed(row, name, now));
  }

  addRule(target: Target, body: RuleBody, place: RulePlace, before: boolean): RuleRow {
    const table = this.tableOf(target);
    const chain = this.chain(target);
    this.#anonymous(table, body.statements);
    const handle = this.nextHandle(table);
    const at = ruleIndex(chain, place, before);
    this.#check(target, chain, body.statements);
    this.#grow(table, body.statements);
    const rule: RuleRow = { handle, id: this.nextNumber("id"), ...body };
    this.chains.set(`${table} ${target.name}`, { ...chain, rules: chain.rules.toSpliced(at, 0, rule) });
    return rule;
  }

  /** A set that a rule puts elements into has a limit, nft's own if it has none. */
  #grow(table: string, statements: readonly Statement[]): void {
    for (const statement of statements) {
      if (statement.kind !== "dynamic") continue;
      const key = `${table} ${statement.set}`;
      const row = this.sets.get(key);
      if (row && !row.grows) this.sets.set(key, { ...row, grows: true, size: row.size ?? 65_535 });
    }
  }

  /** Sets that are written into a rule have handles, too. */
  #anonymous(table: string, statements: readonly Statement[]): void {
    for (const statement of statements)
      for (let left = anonymousIn(statement); left > 0; left--) this.nextHandle(table);
  }

  replaceRule(target: Target, handle: number, body: RuleBody): void {
    const table = this.tableOf(target);
    const chain = this.chain(target);
    const at = chain.rules.findIndex((rule) => rule.handle === handle);
    if (at < 0) throw new KernelError("ENOENT", "handle");
    this.#anonymous(table, body.statements);
    this.#check(target, chain, body.statements);
    this.#grow(table, body.statements);
    this.#forget([chain.rules[at]!]);
    const rule: RuleRow = { handle, id: this.nextNumber("id"), ...body };
    this.chains.set(`${table} ${target.name}`, { ...chain, rules: chain.rules.with(at, rule) });
  }

  deleteRule(target: Target, handle: number): void {
    const chain = this.chain(target);
    const at = chain.rules.findIndex((rule) => rule.handle === handle);
    if (at < 0) throw new KernelError("ENOENT", "handle");
    this.#forget([chain.rules[at]!]);
    this.chains.set(this.keyOf(target), { ...chain, rules: chain.rules.toSpliced(at, 1) });
  }

  #forget(rules: readonly RuleRow[]): void {
    for (const { id } of rules) this.#forgotten.push(id);
  }

  /** What the kernel asks of a rule: its chains are there, lead nowhere in a circle, and hang where its statements may stand. */
  #check(target: Target, chain: ChainRow, statements: readonly Statement[]): void {
    for (const [at, name] of targetsOf(statements).entries()) {
      const to = this.chains.get(`${target.family} ${target.table} ${name}`);
      if (!to) throw new KernelError("ENOENT", "jump", at);
      if (to.base) throw new KernelError("EOPNOTSUPP", "jump", at);
      if ((chain.base || this.#fromBase(chain)) && this.#depth(to, new Set([chain.name]), new Map()) > DEEPEST) throw new KernelError("EMLINK", "command"); // prettier-ignore
    }
    if (chain.base) this.#checkHook(chain.base, statements);
  }

  /** How many chains a packet may be in at once, from one on; without end if jumps lead back to one on the way. */
  #depth(from: ChainRow, way: ReadonlySet<string>, known: Map<string, number>): number {
    if (way.has(from.name)) return Infinity;
    const found = known.get(from.name);
    if (found !== undefined) return found;
    let deepest = 0;
    for (const name of new Set(targetsOf(from.rules.flatMap(({ statements }) => statements)))) {
      const row = this.chains.get(`${from.family} ${from.table} ${name}`);
      if (row) deepest = Math.max(deepest, this.#depth(row, new Set([...way, from.name]), known));
      if (deepest >= DEEPEST) break;
    }
    known.set(from.name, deepest + 1);
    return deepest + 1;
  }

  #leads(from: ChainRow, name: string, seen: Set<string>): boolean {
    if (from.name === name || seen.has(from.name)) return from.name === name;
    seen.add(from.name);
    return targetsOf(from.rules.flatMap(({ statements }) => statements)).some((next) => {
      const row = this.chains.get(`${from.family} ${from.table} ${next}`);
      return row !== undefined && this.#leads(row, name, seen);
    });
  }

  #fromBase(chain: ChainRow): boolean {
    for (const row of this.chains.values())
      if (row.base && row.family === chain.family && row.table === chain.table)
        if (this.#leads(row, chain.name, new Set())) return true;
    return false;
  }

  #checkHook({ type, hook }: BaseRow, statements: readonly Statement[]): void {
    for (const statement of statements) {
      if (statement.kind === "nat" && (type !== "nat" || !NAT_HOOKS[statement.verb].includes(hook)))
        throw new KernelError("EOPNOTSUPP", "command");
      if (statement.kind === "reject" && hook === "POSTROUTING") throw new KernelError("EOPNOTSUPP", "command");
    }
  }
}

/** NFT_JUMP_STACK_SIZE */
const DEEPEST = 16;

const NAT_HOOKS: Readonly<Record<"snat" | "dnat" | "masquerade" | "redirect", readonly HookName[]>> = {
  snat: ["POSTROUTING", "INPUT"],
  dnat: ["PREROUTING", "OUTPUT"],
  masquerade: ["POSTROUTING"],
  redirect: ["PREROUTING", "OUTPUT"],
};

function ruleIndex(chain: ChainRow, { handle, index }: RulePlace, before: boolean): number {
  if (handle !== undefined) {
    const at = chain.rules.findIndex((rule) => rule.handle === handle);
    if (at < 0) throw new KernelError("ENOENT", "position");
    return before ? at : at + 1;
  }
  if (index !== undefined) {
    if (index >= chain.rules.length) throw new KernelError("ENOENT", "position");
    return before ? index : index + 1;
  }
  return before ? 0 : chain.rules.length;
}
