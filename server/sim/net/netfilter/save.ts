import type { Namespace } from "../namespace.ts";
import { TableEditor } from "./editor.ts";
import type { Names } from "./extension.ts";
import { netfilterOf, type Netfilter } from "./netfilter.ts";
import { ruleText } from "./print.ts";
import { readRule } from "./read.ts";
import {
  BUILT_IN,
  isBuiltIn,
  isProblem,
  isTable,
  NO_COUNT,
  type ChainRow,
  type Counter,
  type Problem,
  type TableName,
} from "./row.ts";
import { splitWords } from "./words.ts";

/** The order in which iptables-nft saves tables. */
export const SAVE_ORDER: readonly TableName[] = ["mangle", "security", "raw", "filter", "nat"];

/** Chains as tools list them: built-in ones by hook, then the user's by name (nf_tables has no other order). */
export function listChains(netfilter: Netfilter, table: TableName): ChainRow[] {
  const rules = netfilter[table];
  const builtIn = BUILT_IN[table].map((name) => rules.chains.get(name) ?? emptyChain(name));
  const own = [...rules.chains.values()].filter((chain) => !isBuiltIn(table, chain.name));
  return [...builtIn, ...own.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

function emptyChain(name: string): ChainRow {
  return { name, policy: "ACCEPT", rules: [] };
}

/** Makes the built-in chains of a table, as any look at it with iptables-save does. */
export function touchTable(netfilter: Netfilter, table: TableName): void {
  if (!netfilter[table].exists) new TableEditor(netfilter, netfilter[table]).commit();
}

/** One table between `*table` and `COMMIT`. */
export function saveTable(netfilter: Netfilter, table: TableName, options: { counters?: boolean } = {}): string[] {
  const lines = [`*${table}`];
  const chains = listChains(netfilter, table);
  for (const chain of chains) {
    const { packets, bytes } = netfilter[table].policyCounters.get(chain.name) ?? NO_COUNT;
    lines.push(`:${chain.name} ${chain.policy ?? "-"} [${packets}:${bytes}]`);
  }
  for (const chain of chains) {
    for (const rule of chain.rules) {
      const { packets, bytes } = netfilter.counters.get(rule.id) ?? NO_COUNT;
      lines.push(`${options.counters ? `[${packets}:${bytes}] ` : ""}${ruleText(chain.name, rule)}`);
    }
  }
  lines.push("COMMIT");
  return lines;
}

/** All tables that exist, in one text: what `iptables-save | grep -v '^#'` prints. */
export function saveRules(ns: Namespace, options: { table?: TableName; counters?: boolean } = {}): string {
  const netfilter = netfilterOf(ns);
  const tables = options.table ? [options.table] : SAVE_ORDER.filter((name) => netfilter[name].exists);
  if (options.table) touchTable(netfilter, options.table);
  return tables
    .flatMap((table) => [...saveTable(netfilter, table, options), ""].slice(0, -1))
    .map((line) => `${line}\n`)
    .join("");
}

export interface RestoreOptions {
  /** `--noflush`: only chains that are named are emptied. */
  readonly noflush?: boolean;
  /** `-c`: counters in brackets are taken over. */
  readonly counters?: boolean;
  /** `--table`: only this one. */
  readonly table?: TableName;
  /** `--test`: nothing takes effect. */
  readonly test?: boolean;
  readonly names?: Names;
  lookup?(host: string): readonly string[];
}

/** Where a text could not be restored, and why. Tables before that one are in effect. */
export interface RestoreProblem {
  readonly line: number;
  /** `syntax`: the line is not of the format. `rule`: iptables refuses a rule. `kernel`: refused when all was read. */
  readonly kind: "syntax" | "table" | "rule" | "policy" | "kernel" | "unfinished";
  readonly problem: Problem;
}

/** Reads the format of iptables-save into the tables of a namespace. */
export function restoreRules(ns: Namespace, text: string, options: RestoreOptions = {}): RestoreProblem | undefined {
  const netfilter = netfilterOf(ns);
  let editor: TableEditor | undefined;
  let table: TableName | undefined;
  let skipping = false;
  const lines = text.split("\n");
  for (const [at, raw] of lines.entries()) {
    const line = raw.trim();
    const number = at + 1;
    const refuse = (kind: RestoreProblem["kind"], problem: Problem): RestoreProblem => ({
      line: number,
      kind,
      problem,
    });
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("*")) {
      const name = line.slice(1).trim();
      if (!isTable(name)) return refuse("table", { problem: "parameter", text: `table name '${name}' invalid` });
      table = name;
      skipping = options.table !== undefined && options.table !== table;
      editor = skipping ? undefined : new TableEditor(netfilter, netfilter[table]);
      if (!options.noflush) editor?.reset();
    } else if (line === "COMMIT" && table) {
      const problem = options.test ? undefined : editor?.commit();
      if (problem) return refuse("kernel", problem);
      table = editor = undefined;
      skipping = false;
    } else if (skipping) continue;
    else if (!table || !editor) return refuse("syntax", { problem: "other", text: "" });
    else if (line.startsWith(":")) {
      const problem = declareChain(editor, table, line, options);
      if (problem) return refuse("policy", problem);
    } else {
      const problem = applyLine(editor, table, line, options);
      if (problem) return refuse(problem.problem === "kernel" ? "kernel" : "rule", problem);
    }
  }
  if (!table) return undefined;
  return { line: lines.length + 1, kind: "unfinished", problem: { problem: "other", text: "COMMIT expected" } };
}

/** `:INPUT ACCEPT [0:0]`, `:KUBE-SERVICES - [0:0]`. A chain of the user's is emptied if it was there. */
function declareChain(
  editor: TableEditor,
  table: TableName,
  line: string,
  options: RestoreOptions,
): Problem | undefined {
  const [name, policy, count] = line.slice(1).split(/\s+/) as [string, string?, string?];
  if (name === "") return { problem: "other", text: "Invalid chain name ''" };
  if (!isBuiltIn(table, name)) return editor.has(name) ? editor.flush(name) : editor.newChain(name);
  if (policy === undefined || policy === "-") return undefined;
  const counter = options.counters && count !== undefined ? readCounter(count) : NO_COUNT;
  const problem = editor.setPolicy(name, policy, counter ?? NO_COUNT);
  return problem && { ...problem, text: "Bad policy name." };
}

/** `[packets:bytes] -A CHAIN …` and the few other commands that a restored text may hold. */
function applyLine(editor: TableEditor, table: TableName, line: string, options: RestoreOptions): Problem | undefined {
  const bracket = /^\[(\d+:\d+)\]\s*/.exec(line);
  const counter = bracket && options.counters ? readCounter(`[${bracket[1]}]`) : undefined;
  const words = splitWords(bracket ? line.slice(bracket[0].length) : line);
  if (!words) return { problem: "parameter", text: "Unbalanced quotes" };
  const [command, chain, ...rest] = words;
  if (chain === undefined && command !== "-X" && command !== "-F" && command !== "-Z")
    return { problem: "parameter", text: `option "${command}" requires an argument` };
  switch (command) {
    case "-X":
    case "--delete-chain":
      return chain === undefined ? editor.deleteUserChains() : editor.deleteChain(chain);
    case "-F":
    case "--flush":
      return editor.flush(chain);
    case "-Z":
    case "--zero":
      return editor.zero(chain);
    case "-N":
    case "--new-chain":
      return editor.newChain(chain!);
    case "-P":
    case "--policy":
      return editor.setPolicy(chain!, rest[0] ?? "");
    default:
      return ruleCommand(editor, table, { command: command!, chain: chain!, rest, counter }, options);
  }
}

function ruleCommand(
  editor: TableEditor,
  table: TableName,
  { command, chain, rest, counter }: { command: string; chain: string; rest: string[]; counter: Counter | undefined },
  options: RestoreOptions,
): Problem | undefined {
  const numbered = rest.length > 0 && /^\d+$/.test(rest[0]!) && ["-I", "-D", "-R"].includes(command);
  const number = numbered ? Number(rest[0]) : undefined;
  if (command === "-D" && number !== undefined) return editor.deleteNumber(chain, number);
  if (!["-A", "-I", "-D", "-R", "--append", "--insert", "--delete", "--replace"].includes(command))
    return { problem: "parameter", text: `unknown option "${command}"` };
  const read = readRule(numbered ? rest.slice(1) : rest, {
    table,
    chain,
    hasChain: (name) => editor.has(name),
    ...(options.names ? { names: options.names } : {}),
    ...(options.lookup ? { lookup: options.lookup } : {}),
  });
  if (isProblem(read)) return read;
  for (const draft of read.rules) {
    const count = read.counter ?? counter;
    const problem =
      command === "-D" || command === "--delete"
        ? editor.deleteRule(chain, draft)
        : command === "-R" || command === "--replace"
          ? editor.replace(chain, number ?? 1, draft, count)
          : command === "-I" || command === "--insert"
            ? editor.insert(chain, number ?? 1, draft, count)
            : editor.append(chain, draft, count);
    if (problem) return problem;
  }
  return undefined;
}

function readCounter(text: string): Counter | undefined {
  const match = /^\[(\d+):(\d+)\]$/.exec(text);
  return match ? { packets: Number(match[1]), bytes: Number(match[2]) } : undefined;
}
