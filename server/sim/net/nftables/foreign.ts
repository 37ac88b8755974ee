import { TableEditor } from "../netfilter/editor.ts";
import { nftTables, type NftTable } from "../netfilter/nft/ruleset.ts";
import type { Namespace } from "../namespace.ts";

interface Place {
  readonly family: string;
  readonly table: string;
}

/** The tables that iptables-nft and ip6tables-nft made, as far as nft changes them: it empties and deletes. */
export class ForeignTables {
  readonly #ns: Namespace;
  readonly #dropped = new Set<string>();
  readonly #changes: (() => void)[] = [];

  constructor(ns: Namespace) {
    this.#ns = ns;
  }

  #find({ family, table }: Place): NftTable | undefined {
    if (this.#dropped.has(`${family} ${table}`)) return undefined;
    return nftTables(this.#ns).find((one) => one.family === family && one.name === table);
  }

  has(family: string, table: string): boolean {
    return this.#find({ family, table }) !== undefined;
  }

  hasChain({ family, table, name }: Place & { readonly name: string }): boolean {
    const found = this.#find({ family, table });
    return found !== undefined && found.table.chains.has(name);
  }

  drop(family: string, table: string): void {
    const found = this.#find({ family, table });
    if (!found) return;
    this.#dropped.add(`${family} ${table}`);
    this.#change(found, (editor) => editor.reset());
  }

  dropAll(family: string): void {
    for (const table of nftTables(this.#ns)) if (table.family === family) this.drop(family, table.name);
  }

  flush(place: Place, chain?: string): void {
    const found = this.#find(place);
    if (found) this.#change(found, (editor) => editor.flush(chain));
  }

  deleteChain(target: Place & { readonly name: string }): void {
    const found = this.#find(target);
    if (found) this.#change(found, (editor) => editor.deleteChain(target.name));
  }

  #change({ netfilter, table }: NftTable, run: (editor: TableEditor) => unknown): void {
    this.#changes.push(() => {
      const editor = new TableEditor(netfilter, table);
      run(editor);
      editor.commit();
    });
  }

  commit(): void {
    for (const change of this.#changes) change();
  }
}
