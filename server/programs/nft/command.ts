import {
  nftTables,
  nftTableText,
  TableEditor,
  UnknownToNft,
  type Namespace,
  type NftListingOptions,
  type NftTable,
} from "../../sim/net/index.ts";
import { errorAt, notSimulated, type Refusal } from "./refusal.ts";

/** What a table has to show, with the warning that belongs on stderr before it. */
export interface Shown {
  readonly warning: string;
  readonly text: string;
}

/** Does one command; returns what it prints. */
export function runCommand(ns: Namespace, words: readonly string[], options: NftListingOptions): readonly Shown[] {
  const [verb] = words;
  switch (verb) {
    case "list":
      return list(ns, words, options);
    case "flush":
      return flush(ns, words);
    case "delete":
    case "destroy":
      return remove(ns, words);
    case "add":
    case "create":
    case "insert":
    case "replace":
    case "rename":
    case "reset":
    case "monitor":
    case "import":
    case "export":
    case "describe":
    case "get":
      throw notSimulated(`${verb}${words[1] === undefined ? "" : ` ${words[1]}`}`); // prettier-ignore
    default:
      // What is no command is the table of a rule that is to be added.
      if (KEYWORDS.has(words[1] ?? ""))
        throw errorAt(words, 1, `syntax error, unexpected ${words[1]!}, expecting string`);
      throw errorAt(words, words.length, "syntax error, unexpected newline, expecting string");
  }
}

/** Words of the grammar that cannot be names. */
const KEYWORDS = new Set(
  ["ruleset", "tables", "table", "chains", "chain", "sets", "set", "maps", "map", "counters", "counter", "rule", "ip", "ip6", "inet", "arp", "bridge", "netdev"],
); // prettier-ignore

const FAMILIES = new Set(["ip", "ip6", "inet", "arp", "bridge", "netdev"]);

function list(ns: Namespace, words: readonly string[], options: NftListingOptions): readonly Shown[] {
  const what = words[1];
  if (what === undefined) throw errorAt(words, 1, "syntax error, unexpected newline");
  const show = (table: NftTable, more: Partial<NftListingOptions> = {}): Shown => {
    const found = nftTableText(table, { ...options, ...more });
    if (found instanceof UnknownToNft) throw notSimulated(`list: a rule with ${found.what}`);
    return found;
  };
  switch (what) {
    case "ruleset":
      return ofFamily(ns, words, 2).map((table) => show(table)); // prettier-ignore
    case "tables":
      return ofFamily(ns, words, 2).map(({ family, name }) => plain(`table ${family} ${name}\n`)); // prettier-ignore
    case "table":
      return [show(onlyTable(ns, words, 2))];
    case "chains":
      return ofFamily(ns, words, 2).map((table) => show(table, { chainsOnly: true })); // prettier-ignore
    case "chain": {
      const { table, next } = findTable(ns, words, 2);
      return [show(table, { chain: findChain(table, words, next) })];
    }
    // iptables-nft makes none of these.
    case "sets":
    case "maps":
    case "meters":
    case "flowtables":
      return ofFamily(ns, words, 2).map(({ family, name }) => plain(`table ${family} ${name} {\n}\n`)); // prettier-ignore
    case "counters":
    case "quotas":
    case "limits":
    case "secmarks":
    case "synproxys":
      ofFamily(ns, words, 2);
      return []; // prettier-ignore
    case "hooks":
    case "set":
    case "map":
    case "meter":
    case "flowtable":
    case "counter":
    case "quota":
    case "ct":
      throw notSimulated(`list ${what}`); // prettier-ignore
    default:
      throw errorAt(words, 1, "syntax error, unexpected string");
  }
}

function plain(text: string): Shown {
  return { warning: "", text };
}

function flush(ns: Namespace, words: readonly string[]): readonly Shown[] {
  switch (words[1]) {
    case "ruleset":
      for (const table of ofFamily(ns, words, 2)) drop(table);
      return [];
    case "table": {
      return change(onlyTable(ns, words, 2), (editor) => editor.flush());
    }
    case "chain": {
      const { table, next } = findTable(ns, words, 2);
      const chain = findChain(table, words, next);
      return change(table, (editor) => editor.flush(chain));
    }
    default:
      throw words[1] === undefined
        ? errorAt(words, 1, "syntax error, unexpected newline")
        : notSimulated(`flush ${words[1]}`);
  }
}

function remove(ns: Namespace, words: readonly string[]): readonly Shown[] {
  switch (words[1]) {
    case "table":
      drop(onlyTable(ns, words, 2));
      return [];
    case "chain": {
      const { table, next } = findTable(ns, words, 2);
      const chain = findChain(table, words, next);
      return change(
        table,
        (editor) => editor.deleteChain(chain),
        (says) => errorAt(words, next, says),
      );
    }
    default:
      throw words[1] === undefined
        ? errorAt(words, 1, "syntax error, unexpected newline")
        : notSimulated(`delete ${words[1]}`);
  }
}

function drop({ netfilter, table }: NftTable): void {
  const editor = new TableEditor(netfilter, table);
  editor.reset();
  editor.commit();
}

function change(
  { netfilter, table }: NftTable,
  run: (editor: TableEditor) => unknown,
  refused: (says: string) => Refusal = () => notSimulated("this change"),
): readonly Shown[] {
  const editor = new TableEditor(netfilter, table);
  run(editor);
  if (editor.commit()) throw refused("Could not process rule: Device or resource busy");
  return [];
}

/** The tables of the family at that word, or of all. */
function ofFamily(ns: Namespace, words: readonly string[], at: number): NftTable[] {
  const family = words[at];
  if (family !== undefined && !FAMILIES.has(family)) throw errorAt(words, at, "syntax error, unexpected string");
  if (words[at + 1] !== undefined) throw errorAt(words, at + 1, "syntax error, unexpected string");
  const tables = nftTables(ns);
  return family === undefined ? tables : tables.filter((table) => table.family === family);
}

/** `[FAMILY] TABLE` at that word; the family is `ip` if it is not given. */
function findTable(ns: Namespace, words: readonly string[], at: number): { table: NftTable; next: number } {
  const given = FAMILIES.has(words[at] ?? "");
  const family = given ? words[at]! : "ip";
  const place = given ? at + 1 : at;
  const name = words[place];
  if (name === undefined) throw errorAt(words, place, "syntax error, unexpected newline, expecting string");
  const table = nftTables(ns).find((one) => one.family === family && one.name === name);
  if (!table)
    throw errorAt(
      words,
      place,
      words[0] === "list" ? "No such file or directory" : "Could not process rule: No such file or directory",
    );
  return { table, next: place + 1 };
}

/** A table behind which the command ends. */
function onlyTable(ns: Namespace, words: readonly string[], at: number): NftTable {
  mustEnd(words, at + (FAMILIES.has(words[at] ?? "") ? 2 : 1));
  return findTable(ns, words, at).table;
}

function mustEnd(words: readonly string[], at: number): void {
  if (words[at] !== undefined)
    throw errorAt(words, at, "syntax error, unexpected string, expecting end of file or newline or semicolon");
}

function findChain({ table, netfilter }: NftTable, words: readonly string[], at: number): string {
  const name = words[at];
  if (name === undefined) throw errorAt(words, at, "syntax error, unexpected newline, expecting string");
  mustEnd(words, at + 1);
  if (netfilter[table.name].chains.has(name)) return name;
  throw errorAt(
    words,
    at,
    words[0] === "list" ? "No such file or directory" : "Could not process rule: No such file or directory",
  );
}
