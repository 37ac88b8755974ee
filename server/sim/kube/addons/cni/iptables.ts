import { findInPath, type Caller } from "../../../host/index.ts";
import {
  isProblem,
  namespaceOf,
  netfilterOf,
  readRule,
  ruleText,
  TableEditor,
  type InProcess,
  type Netfilter,
  type Problem,
  type RuleDraft,
  type TableName,
} from "../../../net/index.ts";
import { CniError } from "./cni-error.ts";

/** A program or daemon that changes rules. */
type RuleWriter = InProcess & Caller & { readonly env: Readonly<Record<string, string>> };

/** How plugins and flanneld change rules: each call is one command of iptables, as coreos/go-iptables runs it. IPv4 only. */
export class Iptables {
  readonly #netfilter: Netfilter;
  readonly #path: string;

  constructor(process: RuleWriter, path: string) {
    this.#netfilter = netfilterOf(namespaceOf(process));
    this.#path = path;
  }

  /** Looks for the program, without which no rule can be changed. The words are those of go-iptables' New. */
  static find(process: RuleWriter): Iptables | { readonly error: string } {
    const path = findInPath(process.host, "iptables", process.env["PATH"], process);
    if (path === undefined) return { error: 'exec: "iptables": executable file not found in $PATH' };
    return new Iptables(process, path);
  }

  chainExists(table: TableName, chain: string): boolean {
    return this.#netfilter[table].chains.has(chain);
  }

  ensureChain(table: TableName, chain: string): void {
    if (!this.chainExists(table, chain)) this.#edit(table, ["-N", chain], (editor) => editor.newChain(chain));
  }

  exists(table: TableName, chain: string, words: readonly string[]): boolean {
    const editor = this.#editor(table);
    const rules = this.#read(editor, table, "-C", chain, words);
    return rules.every((rule) => editor.check(chain, rule) === undefined);
  }

  /** Empties a chain, or makes it. */
  clearChain(table: TableName, chain: string): void {
    if (!this.chainExists(table, chain)) return this.ensureChain(table, chain);
    this.#edit(table, ["-F", chain], (editor) => editor.flush(chain));
  }

  append(table: TableName, chain: string, words: readonly string[]): void {
    this.#each(table, "-A", chain, words, (editor, rule) => editor.append(chain, rule));
  }

  appendUnique(table: TableName, chain: string, words: readonly string[]): void {
    if (this.exists(table, chain, words)) return;
    this.#each(table, "-A", chain, words, (editor, rule) => editor.append(chain, rule));
  }

  /** Puts the rule before all others, unless the chain has it. */
  prependUnique(table: TableName, chain: string, words: readonly string[]): void {
    if (this.exists(table, chain, words)) return;
    this.#each(table, "-I", chain, words, (editor, rule) => editor.insert(chain, 1, rule));
  }

  /** Deletes a rule, if it is there. */
  deleteIfExists(table: TableName, chain: string, words: readonly string[]): void {
    const editor = this.#editor(table);
    if (!editor.has(chain) || (words.includes("-j") && !this.#hasTarget(editor, words))) return;
    if (!this.exists(table, chain, words)) return;
    this.#each(table, "-D", chain, words, (edit, rule) => edit.deleteRule(chain, rule));
  }

  /** Deletes all rules of a chain that jump to another one. */
  deleteJumps(table: TableName, chain: string, target: string): void {
    const rules = this.#netfilter[table].chains.get(chain)?.rules ?? [];
    const jumps = rules.filter((rule) => rule.target?.kind === "chain" && rule.target.name === target);
    for (const jump of jumps)
      this.#edit(table, ["-D", ruleText(chain, jump)], (editor) => editor.deleteRule(chain, jump));
  }

  /** Empties a chain and deletes it, if it is there. */
  removeChain(table: TableName, chain: string): void {
    if (!this.chainExists(table, chain)) return;
    this.#edit(table, ["-F", chain], (editor) => editor.flush(chain));
    this.#edit(table, ["-X", chain], (editor) => editor.deleteChain(chain));
  }

  #hasTarget(editor: TableEditor, words: readonly string[]): boolean {
    const target = words[words.indexOf("-j") + 1]!;
    return !/^(?:CNI|FLANNEL)-/.test(target) || editor.has(target);
  }

  #editor(table: TableName): TableEditor {
    return new TableEditor(this.#netfilter, this.#netfilter[table]);
  }

  #each(
    table: TableName,
    command: string,
    chain: string,
    words: readonly string[],
    change: (editor: TableEditor, rule: RuleDraft) => Problem | undefined,
  ): void {
    this.#edit(table, [command, chain, ...words], (editor) => {
      for (const rule of this.#read(editor, table, command, chain, words)) {
        const problem = change(editor, rule);
        if (problem) return problem;
      }
      return undefined;
    });
  }

  #read(editor: TableEditor, table: TableName, command: string, chain: string, words: readonly string[]) {
    const read = readRule(words, { table, chain, hasChain: (name) => editor.has(name) });
    if (isProblem(read)) throw this.#failed(table, [command, chain, ...words], read);
    return read.rules;
  }

  #edit(table: TableName, words: readonly string[], change: (editor: TableEditor) => Problem | undefined): void {
    const editor = this.#editor(table);
    const problem = change(editor) ?? editor.commit();
    if (problem) throw this.#failed(table, words, problem);
  }

  #failed(table: TableName, words: readonly string[], { problem, text }: Problem): CniError {
    const code = problem === "kernel" ? 4 : problem === "parameter" || problem === "argument" ? 2 : 1;
    return new CniError(
      `running [${this.#path} -t ${table} ${words.join(" ")} --wait]: exit status ${code}: iptables: ${text}\n`,
    );
  }
}
