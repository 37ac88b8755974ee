import {
  isProblem,
  readRule,
  type Accounts,
  type Backend,
  type Counter,
  type Family,
  type Names,
  type Problem,
  type RuleDraft,
  type TableName,
} from "../../sim/net/index.ts";

export type Verb =
  | "append" | "check" | "delete" | "replace" | "insert" | "list" | "list-rules" | "flush" | "zero" | "new-chain"
  | "delete-chain" | "rename-chain" | "policy" | "version" | "help"; // prettier-ignore

/** What one command line asks for. */
export interface Command {
  readonly verb: Verb;
  /** `-L -Z`: what was listed is set to zero. */
  readonly zero: boolean;
  readonly table: string;
  readonly chain: string | undefined;
  readonly number: number | undefined;
  /** The new name, or the policy. */
  readonly word: string | undefined;
  readonly rules: readonly RuleDraft[];
  readonly counter: Counter | undefined;
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
  /** `-6` to iptables: it has nothing to do. */
  readonly otherFamily: boolean;
  readonly warnings: readonly string[];
}

const VERBS: Readonly<Record<string, Verb>> = {
  "-A": "append", "-C": "check", "-D": "delete", "-R": "replace", "-I": "insert", "-L": "list", "-S": "list-rules",
  "-F": "flush", "-Z": "zero", "-N": "new-chain", "-X": "delete-chain", "-E": "rename-chain", "-P": "policy",
  "-V": "version", "-h": "help",
}; // prettier-ignore

const LONG: Readonly<Record<string, string>> = {
  "--append": "-A", "--check": "-C", "--delete": "-D", "--replace": "-R", "--insert": "-I", "--list": "-L",
  "--list-rules": "-S", "--flush": "-F", "--zero": "-Z", "--new-chain": "-N", "--delete-chain": "-X",
  "--rename-chain": "-E", "--policy": "-P", "--version": "-V", "--help": "-h", "--table": "-t", "--verbose": "-v",
  "--numeric": "-n", "--exact": "-x", "--line-numbers": "--line-numbers", "--wait": "-w", "--wait-interval": "-W",
  "--modprobe": "-M", "--ipv4": "-4", "--ipv6": "-6",
}; // prettier-ignore

export interface CommandContext {
  readonly names: Names;
  readonly lookup: (host: string) => readonly string[];
  readonly family: Family;
  readonly backend: Backend;
  readonly accounts: Accounts;
  setDimension(name: string): number | undefined;
  hasChain(table: string, chain: string): boolean;
}

type Draft = { -readonly [K in keyof Omit<Command, "verb" | "warnings">]: Command[K] } & {
  verb: Verb | undefined;
  warnings: string[];
  /** `-w` with its seconds. */
  wait: true | undefined;
  interval: boolean;
};

/** Reads a command line whose clusters are taken apart (iptables/xshared.c: do_parse). */
export function readCommand(words: readonly string[], context: CommandContext): Command | Problem {
  const draft: Draft = {
    verb: undefined,
    zero: false,
    table: "filter",
    chain: undefined,
    number: undefined,
    word: undefined,
    rules: [],
    counter: undefined,
    numeric: false,
    verbose: false,
    exact: false,
    lineNumbers: false,
    otherFamily: false,
    warnings: [],
    wait: undefined,
    interval: false,
  };
  const read = readRule(words, {
    get table() {
      return draft.table as TableName;
    },
    get chain() {
      return ["append", "check", "delete", "replace", "insert"].includes(draft.verb ?? "") ? draft.chain! : "";
    },
    hasChain: (name) => context.hasChain(draft.table, name),
    names: context.names,
    lookup: context.lookup,
    family: context.family,
    backend: context.backend,
    accounts: context.accounts,
    setDimension: (name) => context.setDimension(name),
    other: (option, following) => readOther(draft, option, following, context.family),
  });
  if (read === ENDS) return { ...draft, verb: draft.verb! };
  if (isProblem(read)) return read;
  const { verb } = draft;
  if (verb === undefined) return parameter("no command specified");
  if (draft.interval && !draft.wait)
    return { ...parameter("--wait-interval only makes sense with --wait\n"), warnings: draft.warnings };
  const problem = checkOptions(draft, read.rules);
  if (problem) return problem;
  const { wait: _wait, interval: _interval, ...rest } = draft;
  return {
    ...rest,
    verb,
    rules: read.rules,
    counter: read.counter,
    warnings: [...draft.warnings, ...(read.warnings ?? [])],
  };
}

/** `-V` and `-h` end the program where they stand: what comes behind them is not read. */
const ENDS: Problem = { problem: "other", text: "" };

function parameter(text: string): Problem {
  return { problem: "parameter", text };
}

/** What is no part of a rule; returns how many of the following words it used. */
function readOther(
  draft: Draft,
  word: string,
  following: readonly string[],
  family: Family,
): number | Problem | undefined {
  const option = word.startsWith("--") ? longOption(word) : word;
  if (option === undefined) return undefined;
  const [value] = following;
  switch (option) {
    case "-t":
      if (value === undefined) return parameter('option "-t" requires an argument');
      draft.table = value;
      return 1;
    case "-v":
      if (draft.verbose) return { problem: "other", text: "", unsimulated: "-vv" };
      draft.verbose = true;
      return 0;
    case "-n":
      draft.numeric = true;
      return 0;
    case "-x":
      draft.exact = true;
      return 0;
    case "--line-numbers":
      draft.lineNumbers = true;
      return 0;
    case "-w":
      draft.wait = true;
      if (!isOperand(value)) return 0;
      return /^\d+(\.\d+)?$/.test(value) ? 1 : parameter("wait seconds not numeric");
    case "-W":
      if (value === undefined) return parameter('option "-W" requires an argument');
      draft.interval = true;
      draft.warnings.push("Ignoring deprecated --wait-interval option.\n");
      return 1;
    case "-M":
      return 1;
    case "-4":
    case "-6":
      draft.otherFamily ||= option !== `-${family}`;
      return 0;
    default:
      return Object.hasOwn(VERBS, option) ? readVerb(draft, option, following) : undefined;
  }
}

/** getopt_long takes the beginning of a name if only one known name begins so. */
function longOption(word: string): string | undefined {
  if (Object.hasOwn(LONG, word)) return LONG[word];
  const starts = Object.keys(LONG).filter((name) => name.startsWith(word));
  return starts.length === 1 ? LONG[starts[0]!] : undefined;
}

function readVerb(draft: Draft, option: string, following: readonly string[]): number | Problem {
  const verb = VERBS[option]!;
  if (verb === "version" || verb === "help") {
    draft.verb = verb;
    return ENDS;
  }
  if (draft.verb !== undefined) {
    const both = new Set([draft.verb, verb]);
    if (both.has("zero") && (both.has("list") || both.has("list-rules"))) {
      draft.zero = true;
      if (draft.verb === "zero") draft.verb = verb;
    } else return parameter(`Cannot use -${option[1]!} with -${letterOf(draft.verb)}`);
  } else draft.verb = verb;
  const [first, second] = following;
  switch (verb) {
    case "append":
    case "check":
    case "new-chain":
      return setChain(draft, option, first) ?? 1;
    case "delete":
    case "insert":
      return setChain(draft, option, first) ?? (isOperand(second) ? (setNumber(draft, second) ?? 2) : 1);
    case "replace":
      return (
        setChain(draft, option, first) ??
        (isOperand(second) ? (setNumber(draft, second) ?? 2) : parameter("-R requires a rule number"))
      );
    case "list":
    case "list-rules":
    case "zero":
      if (!isOperand(first)) return 0;
      draft.chain = first;
      return isOperand(second) ? (setNumber(draft, second) ?? 2) : 1;
    case "flush":
    case "delete-chain":
      if (!isOperand(first)) return 0;
      draft.chain = first;
      return 1;
    case "rename-chain":
    case "policy": {
      const problem = setChain(draft, option, first);
      if (problem) return problem;
      const what = verb === "policy" ? "a chain and a policy" : "old-chain-name and new-chain-name";
      if (!isOperand(second)) return parameter(`${option} requires ${what}`);
      draft.word = second;
      return 2;
    }
  }
}

function letterOf(verb: Verb): string {
  return Object.keys(VERBS).find((option) => VERBS[option] === verb)![1]!;
}

function isOperand(word: string | undefined): word is string {
  return word !== undefined && !word.startsWith("-") && word !== "!";
}

function setChain(draft: Draft, option: string, chain: string | undefined): Problem | undefined {
  if (chain === undefined) return parameter(`option "${option}" requires an argument`);
  draft.chain = chain;
  return undefined;
}

function setNumber(draft: Draft, word: string): Problem | undefined {
  const number = /^\d+$/.test(word) ? Number(word) : 0;
  if (number < 1) return parameter(`Invalid rule number \`${word}'`);
  draft.number = number;
  return undefined;
}

/** Verbs that a rule goes with. */
const WITH_RULE = new Set<Verb>(["append", "check", "delete", "replace", "insert"]);

function checkOptions(draft: Draft, rules: readonly RuleDraft[]): Problem | undefined {
  const verb = draft.verb!;
  const illegal = (option: string): Problem => parameter(`Illegal option \`${option}' with this command`);
  if (!WITH_RULE.has(verb)) {
    const [rule] = rules;
    if (rule?.source) return illegal("-s");
    if (rule?.destination) return illegal("-d");
    if (rule?.protocol) return illegal("-p");
    if (rule?.target) return illegal("-j");
    if (rule?.inInterface) return illegal("-i");
    if (rule?.outInterface) return illegal("-o");
  }
  if (verb !== "list" && draft.numeric && verb !== "list-rules") return illegal("-n");
  if (verb !== "list" && draft.exact) return illegal("-x");
  if (verb !== "list" && draft.lineNumbers) return illegal("--line-numbers");
  return undefined;
}
