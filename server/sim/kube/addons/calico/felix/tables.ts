import {
  netfilterOf, TableEditor, type ChainRow, type Namespace, type Problem, type TableName,
} from "../../../../net/index.ts"; // prettier-ignore
import { hashOf, markRules, type Chain, type MarkedRule, type Rule } from "./rule.ts";
import type { StaticTable } from "./static-rules.ts";

/** What `Chain.name` is for the hashes of rules at the end of a chain of the kernel's (iptables/table.go). */
const appendsTo = (chain: string): string => `${chain}*appends*`;

/** Felix's part of one table of its node: what it should hold, and how that gets there (felix/iptables/table.go). */
export class FelixTable {
  readonly name: TableName;
  readonly #ns: Namespace;
  readonly #chains = new Map<string, Chain>();
  readonly #dirty = new Set<string>();
  readonly #gone = new Set<string>();
  #edges: Pick<StaticTable, "inserts" | "appends"> = { inserts: {}, appends: {} };
  #edgesDirty = true;

  constructor(ns: Namespace, name: TableName) {
    this.#ns = ns;
    this.name = name;
  }

  /** Rules at the beginning and the end of the kernel's own chains. */
  setEdges(edges: Pick<StaticTable, "inserts" | "appends">): void {
    this.#edges = edges;
    this.#edgesDirty = true;
  }

  has(chain: string): boolean {
    return this.#chains.has(chain);
  }

  update(chain: Chain): void {
    this.#chains.set(chain.name, chain);
    this.#gone.delete(chain.name);
    this.#dirty.add(chain.name);
  }

  remove(chain: string): void {
    if (!this.#chains.delete(chain)) return;
    this.#dirty.delete(chain);
    this.#gone.add(chain);
  }

  /** Everything is to be compared with what stands in the table; chains of felix's that it does not know shall go. */
  resync(): void {
    this.#edgesDirty = true;
    for (const name of this.#chains.keys()) this.#dirty.add(name);
    for (const name of this.#rows().keys())
      if (name.startsWith("cali-") && !this.#chains.has(name)) this.#gone.add(name);
  }

  #rows() {
    return netfilterOf(this.#ns)[this.name].chains;
  }

  /** Writes what differs, in one transaction. How many rules were written. */
  apply(): number {
    if (this.#dirty.size === 0 && this.#gone.size === 0 && !this.#edgesDirty) return 0;
    const rows = this.#rows();
    const writes: (() => number)[] = [];
    const netfilter = netfilterOf(this.#ns);
    const editor = new TableEditor(netfilter, netfilter[this.name]);
    for (const name of this.#dirty) {
      const row = rows.get(name);
      const wanted = markRules(this.name, this.#chains.get(name)!);
      if (row && sameRules(row, wanted)) continue;
      if (!row) must(editor.newChain(name));
      writes.push(() => rewrite(editor, name, row, wanted));
    }
    let written = 0;
    for (const write of writes) written += write();
    if (this.#edgesDirty) written += this.#writeEdges(editor);
    const gone = [...this.#gone].filter((name) => rows.has(name));
    for (const name of gone) must(editor.flush(name));
    for (const name of gone) must(editor.deleteChain(name));
    this.#dirty.clear();
    this.#gone.clear();
    this.#edgesDirty = false;
    if (written > 0 || writes.length > 0 || gone.length > 0) must(editor.commit());
    return written;
  }

  #writeEdges(editor: TableEditor): number {
    let written = 0;
    const { inserts, appends } = this.#edges;
    for (const chain of new Set([...Object.keys(inserts), ...Object.keys(appends)])) {
      const before = this.#mark(chain, inserts[chain] ?? []);
      const behind = this.#mark(appendsTo(chain), appends[chain] ?? []);
      const rules = editor.rules(chain) ?? [];
      const hashes = rules.map(hashOf);
      const own = hashes.filter((hash) => hash !== undefined);
      const expected = [...before, ...behind].map(({ hash }) => hash);
      const inPlace =
        own.join() === expected.join() &&
        before.every(({ hash }, at) => hashes[at] === hash) &&
        behind.every(({ hash }, at) => hashes[rules.length - behind.length + at] === hash);
      if (inPlace) continue;
      for (let at = rules.length; at > 0; at--) if (hashes[at - 1] !== undefined) must(editor.deleteNumber(chain, at));
      for (const { draft } of before.toReversed()) must(editor.insert(chain, 1, draft));
      for (const { draft } of behind) must(editor.append(chain, draft));
      written += expected.length;
    }
    return written;
  }

  #mark(name: string, rules: readonly Rule[]): MarkedRule[] {
    return markRules(this.name, { name, rules });
  }
}

function sameRules(row: ChainRow, wanted: readonly MarkedRule[]): boolean {
  return row.rules.length === wanted.length && row.rules.every((rule, at) => hashOf(rule) === wanted[at]!.hash);
}

/** Rules that are there already keep their counters. */
function rewrite(editor: TableEditor, name: string, row: ChainRow | undefined, wanted: readonly MarkedRule[]): number {
  const there = row?.rules ?? [];
  let same = 0;
  while (same < there.length && same < wanted.length && hashOf(there[same]!) === wanted[same]!.hash) same++;
  if (same === 0 && there.length > 0) must(editor.flush(name));
  else for (let at = there.length; at > same; at--) must(editor.deleteNumber(name, at));
  for (const { draft } of wanted.slice(same)) must(editor.append(name, draft));
  return wanted.length - same;
}

function must(problem: Problem | undefined): void {
  if (problem) throw new Error(`felix: ${problem.text}`);
}
