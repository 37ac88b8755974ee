import {
  netfilterOf,
  TableEditor,
  type Family,
  type Namespace,
  type Problem,
  type RuleDraft,
  type RuleRow,
  type TableName,
} from "../../../net/index.ts";
import { sameJson } from "../../api/index.ts";
import type { ChainRule } from "./rule.ts";

/** What one table came to. */
export interface Written {
  readonly problem?: string;
  readonly chains: number;
  readonly rules: number;
}

/** One table's part of the input of `iptables-restore --noflush --counters`. */
export class Batch {
  readonly #editor: TableEditor;
  readonly #known: { keys(): Iterable<string> };
  readonly #unlessSame: boolean;
  /** The rules of chains that are written, as they were. */
  readonly #before = new Map<string, readonly RuleRow[] | undefined>();
  #line = 1;
  #rules = 0;
  #chains = 0;
  #problem: string | undefined;

  /** `unlessSame`: leaves the table alone if all is as it would be written. */
  constructor(ns: Namespace, table: TableName, unlessSame: boolean, family: Family = 4) {
    this.#unlessSame = unlessSame;
    const netfilter = netfilterOf(ns, family);
    this.#known = netfilter[table].chains;
    this.#editor = new TableEditor(netfilter, netfilter[table]);
  }

  /** The chains as they were before. */
  existing(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** `:CHAIN - [0:0]`: made, or emptied if it is there. */
  declare(chain: string): void {
    this.#line++;
    this.#chains++;
    this.#before.set(chain, this.#editor.rules(chain));
    if (this.#editor.has(chain)) this.#editor.flush(chain);
    else this.#editor.newChain(chain);
  }

  append(chain: string, rule: RuleDraft): void {
    this.#line++;
    this.#rules++;
    const { target } = rule;
    if (target?.kind === "chain" && !this.#editor.has(target.name))
      return this.#refuse(`Chain '${target.name}' does not exist`);
    this.#note(this.#editor.append(chain, rule));
  }

  appendAll(rules: readonly ChainRule[]): void {
    for (const { chain, rule } of rules) this.append(chain, rule);
  }

  deleteChains(names: readonly string[]): void {
    for (const name of names) {
      this.#line++;
      this.#note(this.#editor.deleteChain(name));
    }
  }

  commit(): Written {
    if (this.#problem === undefined && !(this.#unlessSame && this.#same())) this.#note(this.#editor.commit());
    return {
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      chains: this.#chains,
      rules: this.#rules,
    };
  }

  #same(): boolean {
    for (const [chain, before] of this.#before) {
      const now = this.#editor.rules(chain);
      if (!now || before?.length !== now.length) return false;
      if (now.some((rule, at) => !sameJson({ ...rule, id: 0 }, { ...before[at], id: 0 }))) return false;
    }
    return true;
  }

  #note(problem: Problem | undefined): void {
    if (problem) this.#refuse(problem.text.trim());
  }

  #refuse(text: string): void {
    this.#problem ??= `iptables-restore v1.8.9 (nf_tables): ${text}\nError occurred at line: ${this.#line}\nTry \`iptables-restore -h' or 'iptables-restore --help' for more information.`;
  }
}
