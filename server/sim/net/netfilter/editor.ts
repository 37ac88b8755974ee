import type { Errno } from "../errno.ts";
import type { Netfilter, RuleTable } from "./netfilter.ts";
import { ruleText } from "./print.ts";
import { kernelRefusal, legacyRefusal } from "./refusals.ts";
import { TARGETS, MATCHES } from "./registry.ts";
import {
  BUILT_IN,
  isBuiltIn,
  NO_COUNT,
  type ChainRow,
  type Counter,
  type Problem,
  type RuleDraft,
  type RuleRow,
} from "./row.ts";
import { dropRuleState } from "./rule-state.ts";
import { validateTable, type Fault, type Reach } from "./validate.ts";

const MISSING: Problem = { problem: "missing", text: "No chain/target/match by that name." };
const NO_RULE: Problem = { problem: "missing", text: "Bad rule (does a matching rule exist in that chain?)." };

const NO_DROP: Problem = {
  problem: "parameter",
  text: '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n',
};

type Outcome = Problem | undefined;

/**
 * Changes to one table that take effect together or not at all. What iptables itself refuses is returned at once; what the
 * kernel refuses, by `commit`.
 */
export class TableEditor {
  readonly #netfilter: Netfilter;
  readonly #table: RuleTable;
  readonly #chains: Map<string, ChainRow>;
  readonly #changed = new Set<string>();
  /** Of the chains, when the changes began. */
  readonly #version: number;
  readonly #counters = new Map<number, Counter>();
  readonly #policyCounters = new Map<string, Counter>();
  readonly #gone: number[] = [];
  /** Chains whose list of rules is this editor's own and may grow in place. */
  readonly #own = new Set<ChainRow>();
  #lastId: number;
  #refusal: Problem | undefined;
  #mustValidate = false;
  /** The table was deleted before what is written now. */
  #dropped = false;
  /** Something is written, which makes the table if it is not there. */
  #written = false;

  constructor(netfilter: Netfilter, table: RuleTable) {
    this.#netfilter = netfilter;
    this.#table = table;
    this.#chains = new Map(table.chains.entries());
    this.#version = table.chains.version;
    this.#lastId = ruleIds(netfilter).get("last") ?? 0;
    // The older interface has all built-in chains of a table; nf_tables' are made when something is written into them.
    if (!this.#legacy) return;
    for (const name of BUILT_IN[table.name]) {
      if (this.#chains.has(name)) continue;
      this.#chains.set(name, this.#builtIn(name));
      this.#changed.add(name);
    }
  }

  /** The number of the rule that was made last. */
  get lastRule(): number {
    return this.#lastId;
  }

  has(chain: string): boolean {
    return this.#chains.has(chain) || isBuiltIn(this.#table.name, chain);
  }

  rules(chain: string): readonly RuleRow[] | undefined {
    return this.#chains.get(chain)?.rules ?? (isBuiltIn(this.#table.name, chain) ? [] : undefined);
  }

  /** Makes the table itself, if it is not there. */
  touch(): void {
    this.#written = true;
  }

  /** Makes the built-in chains that are not there, or one of them, as listing what is emptied does (`-F -v`). */
  makeBuiltIn(only?: string): void {
    for (const name of BUILT_IN[this.#table.name]) if (only === undefined || name === only) this.#base(name);
  }

  newChain(name: string): Outcome {
    const problem = checkChainName(name);
    if (problem) return problem;
    if (this.has(name)) return { problem: "other", text: "Chain already exists." };
    this.#put({ name, rules: [] });
    return undefined;
  }

  /** A chain with rules, or that others jump to, is busy. */
  deleteChain(name: string): Outcome {
    const chain = this.#chains.get(name);
    if (!chain) return MISSING;
    if (this.#legacy) {
      if (chain.policy !== undefined) return legacyRefusal("EINVAL");
      if (this.references(name) > 0) return { problem: "other", text: "Too many links." };
      if (chain.rules.length > 0) return { problem: "other", text: "Directory not empty." };
    } else if (!isIdle(chain) || this.references(name) > 0) return this.#refuse("CHAIN_DEL", "EBUSY", name, "chain");
    this.#chains.delete(name);
    this.#changed.add(name);
    if (chain.policy !== undefined) this.#policyCounters.set(name, NO_COUNT);
    return undefined;
  }

  /** `-X`: the user's chains, and nf_tables' built-in ones that have no effect (nft_may_delete_chain). */
  deleteUserChains(): Outcome {
    for (const chain of [...this.#chains.values()].sort(byName)) {
      if (chain.policy !== undefined && (this.#legacy || !isIdle(chain))) continue;
      const problem = this.deleteChain(chain.name);
      if (problem) return problem;
    }
    return undefined;
  }

  /** Rules that jump there follow. */
  renameChain(name: string, to: string): Outcome {
    const problem = this.#legacy ? checkChainName(to) : undefined;
    if (problem) return problem;
    if (this.#chains.has(to)) return { problem: "other", text: "File exists." };
    const chain = this.#chains.get(name);
    if (!chain || chain.policy !== undefined) return MISSING;
    this.#chains.delete(name);
    this.#changed.add(name);
    this.#put({ ...chain, name: to });
    for (const other of this.#chains.values()) {
      if (!other.rules.some((rule) => jumpsTo(rule, name))) continue;
      const rules = other.rules.map((rule) =>
        jumpsTo(rule, name) ? { ...rule, target: { ...rule.target, name: to } as RuleRow["target"] & object } : rule,
      );
      this.#put({ ...other, rules });
    }
    return undefined;
  }

  flush(name?: string): Outcome {
    if (name !== undefined && !this.#base(name)) return MISSING;
    for (const chain of name === undefined ? [...this.#chains.values()] : [this.#chains.get(name)!]) {
      for (const rule of chain.rules) this.#gone.push(rule.id);
      if (chain.rules.length > 0) this.#put({ ...chain, rules: [] });
    }
    return undefined;
  }

  /** Forgets everything; nf_tables' own table is gone until something is written again. The older interface keeps policies. */
  reset(): void {
    for (const chain of this.#chains.values()) {
      for (const rule of chain.rules) this.#gone.push(rule.id);
      if (this.#legacy && chain.policy !== undefined) this.#chains.set(chain.name, { ...chain, rules: [] });
      else this.#chains.delete(chain.name);
      this.#changed.add(chain.name);
      if (!this.#legacy && chain.policy !== undefined) this.#policyCounters.set(chain.name, NO_COUNT);
    }
    this.#dropped = !this.#legacy;
    this.#written = false;
  }

  setPolicy(name: string, policy: string, counter: Counter = NO_COUNT): Outcome {
    if (policy === "DROP" && this.#table.name === "nat") return NO_DROP;
    const badName: Problem = { problem: "other", text: "Bad built-in chain name." };
    const builtIn = isBuiltIn(this.#table.name, name);
    if (this.#legacy && !builtIn) return badName;
    if (policy !== "ACCEPT" && policy !== "DROP")
      return { problem: "other", text: "Bad policy name. Run `dmesg' for more information." };
    if (!builtIn) return badName;
    this.#put({ ...this.#base(name)!, policy, counted: true });
    this.#policyCounters.set(name, counter);
    return undefined;
  }

  append(name: string, draft: RuleDraft, counter?: Counter): Outcome {
    return this.insert(name, undefined, draft, counter);
  }

  /** Puts a rule before the one of this number (from 1), or at the end. */
  insert(name: string, number: number | undefined, draft: RuleDraft, counter?: Counter): Outcome {
    const chain = this.#base(name);
    if (!chain) return MISSING;
    if (number !== undefined && number - 1 > chain.rules.length)
      return { problem: "missing", text: "Index of insertion too big." };
    const operation = number === undefined ? "RULE_APPEND" : "RULE_INSERT";
    const refusal = this.#check(operation, name, draft);
    if (refusal) return refusal;
    const rule = this.#make(draft, counter);
    const rules = this.#ownRules(chain);
    rules.splice(number === undefined ? rules.length : number - 1, 0, rule);
    return undefined;
  }

  replace(name: string, number: number, draft: RuleDraft, counter?: Counter): Outcome {
    const chain = this.#chains.get(name);
    if (!chain) return MISSING;
    const old = chain.rules[number - 1];
    if (!old) return { problem: "missing", text: "Index of replacement too big." };
    const refusal = this.#check("RULE_REPLACE", name, draft);
    if (refusal) return refusal;
    this.#gone.push(old.id);
    this.#put({ ...chain, rules: chain.rules.with(number - 1, this.#make(draft, counter)) });
    return undefined;
  }

  deleteNumber(name: string, number: number): Outcome {
    const chain = this.#chains.get(name);
    if (!chain) return MISSING;
    const old = chain.rules[number - 1];
    if (!old) return { problem: "missing", text: "Index of deletion too big." };
    this.#gone.push(old.id);
    this.#put({ ...chain, rules: chain.rules.toSpliced(number - 1, 1) });
    return undefined;
  }

  deleteRule(name: string, draft: RuleDraft): Outcome {
    const chain = this.#chains.get(name);
    if (!chain) return this.has(name) ? NO_RULE : MISSING;
    const number = this.#find(chain, draft);
    return number === undefined ? NO_RULE : this.deleteNumber(name, number);
  }

  /** `-C`. */
  check(name: string, draft: RuleDraft): Outcome {
    const chain = this.#chains.get(name);
    if (!chain) return this.#legacy ? MISSING : NO_RULE;
    return this.#find(chain, draft) === undefined ? NO_RULE : undefined;
  }

  /** Sets counters to zero: of all, of one chain, of one rule of it. */
  zero(name?: string, number?: number): Outcome {
    if (name !== undefined && !this.#chains.has(name)) return MISSING;
    const chains = name === undefined ? [...this.#chains.values()] : [this.#chains.get(name)!];
    if (this.#legacy && number !== undefined && !chains[0]!.rules[number - 1])
      return { problem: "other", text: "Index of counter too big." };
    for (const chain of chains) {
      const rules = number === undefined ? chain.rules : chain.rules.slice(number - 1, number);
      for (const rule of rules) this.#counters.set(rule.id, NO_COUNT);
      if (number !== undefined || chain.policy === undefined) continue;
      // Zero is a count: from now on the chain has one (nft_chain_stats_replace).
      this.#policyCounters.set(chain.name, NO_COUNT);
      if (!chain.counted) this.#put({ ...chain, counted: true });
    }
    return undefined;
  }

  /** How many rules jump to a chain. */
  references(name: string): number {
    let count = 0;
    for (const chain of this.#chains.values()) for (const rule of chain.rules) if (jumpsTo(rule, name)) count++;
    return count;
  }

  /** Lets everything take effect, or nothing if the kernel refuses. */
  commit(): Outcome {
    if (this.#refusal) return this.#refusal;
    const found = this.#mustValidate ? this.#validate() : undefined;
    if (found && !(found instanceof Map)) {
      if (this.#legacy) return legacyRefusal(found.errno);
      return { ...kernelRefusal("RULE_APPEND", found.errno, found.chain, "rule in chain"), rule: found.rule };
    }
    if (this.#dropped) {
      // A new table, whose chains have the order in which they are made now.
      this.#table.drop();
      for (const name of this.#changed) this.#table.chains.delete(name);
    }
    for (const name of this.#dropped ? this.#chains.keys() : this.#changed) {
      const chain = this.#chains.get(name);
      if (chain) this.#table.chains.set(name, chain);
      else this.#table.chains.delete(name);
    }
    if (found) this.#table.validated = { version: this.#table.chains.version, reach: found };
    if (this.#written) this.#table.make();
    const { counters, ns } = this.#netfilter;
    if (this.#lastId !== ruleIds(this.#netfilter).get("last")) ruleIds(this.#netfilter).set("last", this.#lastId);
    for (const id of this.#gone) {
      counters.delete(id);
      dropRuleState(ns, id);
    }
    for (const [id, counter] of this.#counters) writeCounter(counters, id, counter);
    // The older interface replaces a table as a whole, and only rules keep their counters (as recorded).
    if (this.#legacy) this.#table.policyCounters.clear();
    for (const [name, counter] of this.#policyCounters) writeCounter(this.#table.policyCounters, name, counter);
    for (const changed of ns.network.ruleListeners) changed(ns);
    return undefined;
  }

  /** What is known of the table is of use if it is still the one that this editor began with. */
  #validate(): Fault | Reach {
    const { name, chains, validated } = this.#table;
    this.#table.validated = undefined;
    const current = !this.#dropped && validated?.version === this.#version && chains.version === this.#version;
    return validateTable(name, this.#chains, current ? { reach: validated.reach, changed: this.#changed } : undefined);
  }

  get #legacy(): boolean {
    return this.#netfilter.backend === "legacy";
  }

  /** The older interface keeps policies as rules, which always count. */
  #builtIn(name: string): ChainRow {
    return { name, policy: "ACCEPT", ...(this.#legacy ? { counted: true as const } : {}), rules: [] };
  }

  /** A chain that can be written into: built-in ones are made. */
  #base(name: string): ChainRow | undefined {
    const chain = this.#chains.get(name);
    if (chain || !isBuiltIn(this.#table.name, name)) return chain;
    const made = this.#builtIn(name);
    this.#put(made);
    return made;
  }

  #put(chain: ChainRow): void {
    this.#written = true;
    this.#chains.set(chain.name, chain);
    this.#changed.add(chain.name);
  }

  /** The chain's rules as a list that may be changed, because nobody has seen it yet. */
  #ownRules(chain: ChainRow): RuleRow[] {
    if (!this.#own.has(chain)) {
      const copy = { ...chain, rules: [...chain.rules] };
      this.#own.add(copy);
      this.#put(copy);
      return copy.rules;
    }
    return chain.rules as RuleRow[];
  }

  #make(draft: RuleDraft, counter: Counter | undefined): RuleRow {
    const id = ++this.#lastId;
    if (counter && (counter.packets > 0 || counter.bytes > 0)) this.#counters.set(id, counter);
    return { id, ...draft };
  }

  #find(chain: ChainRow, draft: RuleDraft): number | undefined {
    const wanted = ruleText("", draft);
    const at = chain.rules.findIndex((rule) => ruleText("", rule) === wanted);
    return at < 0 ? undefined : at + 1;
  }

  /** What the kernel refuses of a rule alone; whether its chain may hold it shows when all is known. */
  #check(operation: string, chain: string, draft: RuleDraft): Outcome {
    const { target } = draft;
    const { ns } = this.#netfilter;
    for (const { name, options } of draft.matches) {
      const extension = MATCHES.get(name)!;
      const { protocol } = extension;
      if (protocol !== undefined && (draft.protocol?.value !== protocol || draft.protocol.not))
        return this.#refuse(operation, "EINVAL", chain, "rule in chain");
      const elsewhere = extension.tables && !extension.tables.includes(this.#table.name);
      const errno = elsewhere ? "EINVAL" : extension.refuse?.(options, draft, ns);
      if (errno) return this.#refuse(operation, errno, chain, "rule in chain");
      if (extension.hooks || extension.hooksFor) this.#mustValidate = true;
    }
    if (target?.kind === "chain") {
      if (isBuiltIn(this.#table.name, target.name))
        return this.#refuse(operation, "EOPNOTSUPP", chain, "rule in chain");
      this.#mustValidate = true;
    } else if (target?.kind === "extension") {
      const extension = TARGETS.get(target.name)!;
      const misplaced = extension.tables && !extension.tables.includes(this.#table.name);
      const errno = misplaced ? "EINVAL" : extension.refuse?.(target.options, draft, ns);
      if (errno) return this.#refuse(operation, errno, chain, "rule in chain");
      if (extension.hooks || extension.hooksFor) this.#mustValidate = true;
    }
    return undefined;
  }

  #refuse(operation: string, errno: Errno, name: string, what: string): Problem {
    return (this.#refusal ??= this.#legacy ? legacyRefusal(errno) : kernelRefusal(operation, errno, name, what));
  }
}

/** The last number that a rule of the namespace was given. */
function ruleIds(netfilter: Netfilter) {
  return netfilter.ns.rows<string, number>("rule-ids");
}

function writeCounter<K extends string | number>(
  rows: { set(key: K, row: Counter): void; delete(key: K): boolean },
  key: K,
  counter: Counter,
): void {
  if (counter.packets === 0 && counter.bytes === 0) rows.delete(key);
  else rows.set(key, counter);
}

function jumpsTo({ target }: RuleDraft, chain: string): boolean {
  return target?.kind === "chain" && target.name === chain;
}

/** A chain without rules, which lets everything pass. */
function isIdle({ rules, policy }: ChainRow): boolean {
  return rules.length === 0 && policy !== "DROP";
}

function byName(a: ChainRow, b: ChainRow): number {
  return a.name < b.name ? -1 : 1;
}

function checkChainName(name: string): Outcome {
  if (name.startsWith("-") || name.startsWith("!"))
    return { problem: "parameter", text: `chain name not allowed to start with \`${name[0]}'` };
  if (/\s/.test(name)) return { problem: "parameter", text: `Invalid chain name \`${name}'` };
  if (name.length > 28)
    return { problem: "parameter", text: `chain name \`${name}' too long (must be under 29 chars)` };
  if (TARGETS.has(name) || ["ACCEPT", "DROP", "RETURN", "QUEUE"].includes(name))
    return { problem: "parameter", text: "chain name may not clash with target name" };
  return undefined;
}
