import type { Namespace } from "../namespace.ts";
import { TableEditor } from "./editor.ts";
import type { Accounts, Names } from "./extension.ts";
import { netfilterOf } from "./netfilter.ts";
import { readRule } from "./read.ts";
import {
  isBuiltIn,
  isProblem,
  isTable,
  NO_COUNT,
  type Backend,
  type Counter,
  type Family,
  type Problem,
  type TableName,
} from "./row.ts";
import { splitWords } from "./words.ts";

export interface RestoreOptions {
  /** `--noflush`: only chains that are named are emptied. */
  readonly noflush?: boolean;
  /** `-c`: counters in brackets are taken over. */
  readonly counters?: boolean;
  /** `--table`: only this one. */
  readonly table?: TableName;
  /** `--test`: nothing takes effect. */
  readonly test?: boolean;
  readonly family?: Family;
  readonly backend?: Backend;
  readonly accounts?: Accounts;
  setDimension?(name: string): number | undefined;
  readonly names?: Names;
  readonly lookup?: (host: string) => readonly string[];
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
  const { family = 4, backend = "nf_tables" } = options;
  const netfilter = netfilterOf(ns, family, backend);
  let editor: TableEditor | undefined;
  let table: TableName | undefined;
  let skipping = false;
  // What nf_tables itself refuses is asked of it when the table is complete; a chain that is jumped to, with that line.
  let missing: { readonly problem: Problem; readonly line?: number } | undefined;
  const lines = text.split("\n");
  // Where rules were read, by their numbers, for what shows only when all was read.
  let read: [rule: number, line: number][] = [];
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
      if (!isTable(name)) {
        const shown = name === "" ? "table name invalid" : `table name '${name}' invalid`;
        return refuse("table", { problem: "parameter", text: shown });
      }
      table = name;
      missing = undefined;
      skipping = options.table !== undefined && options.table !== table;
      editor = skipping ? undefined : new TableEditor(netfilter, netfilter[table]);
      if (!options.noflush) editor?.reset();
    } else if (line === "COMMIT" && table) {
      if (missing && !options.test) return { ...refuse("rule", missing.problem), line: missing.line ?? number };
      const problem = options.test ? undefined : editor?.commit();
      const at = problem?.rule === undefined ? undefined : read.find(([rule]) => rule >= problem.rule!)?.[1];
      if (problem) return { ...refuse("kernel", problem), ...(at === undefined ? {} : { line: at }) };
      read = [];
      table = editor = undefined;
      skipping = false;
    } else if (skipping) continue;
    else if (!table || !editor) return refuse("syntax", { problem: "other", text: "" });
    else if (line.startsWith(":")) {
      const problem = declareChain(editor, table, line, options);
      if (problem) return refuse("policy", problem);
    } else {
      const problem = applyLine(editor, table, line, options);
      read.push([editor.lastRule, number]);
      if (problem && isMissingChain(problem) && backend === "nf_tables") missing ??= { problem };
      else if (problem && isAskedLater(problem) && backend === "nf_tables") missing ??= { problem, line: number };
      else if (problem && !problem.refusedByKernel)
        return refuse(problem.problem === "kernel" ? "kernel" : "rule", problem);
    }
  }
  if (!table) return undefined;
  const last = lines.length + (text.endsWith("\n") ? 0 : 1);
  return { line: last, kind: "unfinished", problem: { problem: "other", text: "COMMIT expected" } };
}

function isAskedLater({ problem, unsimulated }: Problem): boolean {
  return unsimulated === undefined && (problem === "missing" || problem === "other");
}

function isMissingChain({ text }: Problem): boolean {
  return /^Chain '.*' does not exist$/.test(text);
}

/** `:INPUT ACCEPT [0:0]`, `:KUBE-SERVICES - [0:0]`. A chain of the user's is emptied if it was there. */
function declareChain(
  editor: TableEditor,
  table: TableName,
  line: string,
  options: RestoreOptions,
): Problem | undefined {
  const [name, policy, count] = line.slice(1).split(/\s+/) as [string, string?, string?];
  if (name === "") return { problem: "parameter", text: "chain name invalid" };
  if (policy === undefined) return { problem: "parameter", text: "policy invalid" };
  if (!isBuiltIn(table, name)) return editor.has(name) ? editor.flush(name) : editor.newChain(name);
  if (policy === "-") return undefined;
  const counter = options.counters && count !== undefined ? readCounter(count) : NO_COUNT;
  if (!counter) return { problem: "parameter", text: `invalid policy counters for chain '${name}'` };
  const problem = editor.setPolicy(name, policy, counter);
  return (
    problem &&
    (problem.problem === "other" ? { ...problem, text: "Bad policy name.", policy: [name, policy] } : problem)
  );
}

/** `[packets:bytes] -A CHAIN …` and the few other commands that a restored text may hold. */
function applyLine(editor: TableEditor, table: TableName, line: string, options: RestoreOptions): Problem | undefined {
  const bracket = line.startsWith("[") ? /^\[(\d+:\d+)\]\s*/.exec(line) : null;
  if (!bracket && line.startsWith("[")) return { problem: "parameter", text: "need ]" };
  const counter = bracket && options.counters ? readCounter(`[${bracket[1]}]`) : undefined;
  const words = splitWords(bracket ? line.slice(bracket[0].length) : line);
  const [command, chain, ...rest] = words;
  if (!command!.startsWith("-")) return { problem: "argument", text: `Bad argument \`${command}'` };
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
    case "-E":
    case "--rename-chain":
      return editor.renameChain(chain!, rest[0] ?? "");
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
  const numbered = ["-I", "-D", "-R"].includes(command) && rest.length > 0 && /^\d+$/.test(rest[0]!);
  const number = numbered ? Number(rest[0]) : undefined;
  if (command === "-D" && number !== undefined) return editor.deleteNumber(chain, number);
  if (!["-A", "-I", "-D", "-R", "--append", "--insert", "--delete", "--replace"].includes(command))
    return command.startsWith("-")
      ? { problem: "parameter", text: `unknown option "${command}"` }
      : { problem: "argument", text: `Bad argument \`${command}'` };
  if (rest.includes("-t") || rest.includes("--table"))
    return { problem: "parameter", text: "The -t option cannot be used in iptables-restore.\n" };
  const read = readRule(numbered ? rest.slice(1) : rest, {
    table,
    chain,
    hasChain: (name) => editor.has(name),
    family: options.family ?? 4,
    backend: options.backend ?? "nf_tables",
    ...(options.accounts ? { accounts: options.accounts } : {}),
    ...(options.setDimension ? { setDimension: options.setDimension } : {}),
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
