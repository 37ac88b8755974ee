/** What one command line asks for, or what ipset says against it (lib/ipset.c: ipset_parser). */
export interface Command {
  readonly verb: Verb;
  /** A set's name and the second argument: type, element, other name. */
  readonly name?: string;
  readonly second?: string;
  /** What follows: options of a type or an element. */
  readonly rest: readonly string[];
  readonly exist: boolean;
  readonly quiet: boolean;
  readonly sorted: boolean;
  readonly terse: boolean;
  readonly namesOnly: boolean;
  readonly output: "plain" | "save" | "xml" | "json";
  readonly file?: string;
}

export type Verb =
  | "create" | "add" | "del" | "test" | "destroy" | "list" | "save" | "restore" | "flush" | "rename" | "swap"
  | "help" | "version"; // prettier-ignore

/** Names of a command: the one in use, shorter ones, and the options that they once were. */
const VERBS: readonly (readonly [Verb, readonly string[]])[] = [
  ["create", ["create", "n", "new", "-N", "--create"]],
  ["add", ["add", "-A", "--add"]],
  ["del", ["del", "d", "delete", "-D", "--del"]],
  ["test", ["test", "-T", "--test"]],
  ["destroy", ["destroy", "x", "-X", "--destroy"]],
  ["list", ["list", "-L", "--list"]],
  ["save", ["save", "-S", "--save"]],
  ["restore", ["restore", "-R", "--restore"]],
  ["flush", ["flush", "-F", "--flush"]],
  ["rename", ["rename", "e", "-E", "--rename"]],
  ["swap", ["swap", "w", "-W", "--swap"]],
  ["help", ["help", "-h", "--help", "-H"]],
  ["version", ["version", "-v", "--version", "-V"]],
];

/** How many arguments must follow a command, and how many may. */
const ARGUMENTS: Readonly<Record<Verb, readonly [must: number, may: number]>> = {
  create: [2, 2],
  add: [2, 2],
  del: [2, 2],
  test: [2, 2],
  destroy: [0, 1],
  list: [0, 1],
  save: [0, 1],
  restore: [0, 0],
  flush: [0, 1],
  rename: [2, 2],
  swap: [2, 2],
  help: [0, 1],
  version: [0, 0],
};

const WITH_REST: readonly Verb[] = ["create", "add", "del", "test"];

export type Usage = { readonly usage: string } | { readonly problem: string } | { readonly unsimulated: string };

export function isUsage(value: Command | Usage): value is Usage {
  return "usage" in value || "problem" in value || "unsimulated" in value;
}

interface Flags {
  exist: boolean;
  quiet: boolean;
  sorted: boolean;
  terse: boolean;
  namesOnly: boolean;
  output: Command["output"];
  file?: string;
}

/** Options may stand anywhere: what is none of them is the command and its arguments. */
export function readCommand(args: readonly string[]): Command | Usage {
  const flags: Flags = {
    exist: false,
    quiet: false,
    sorted: false,
    terse: false,
    namesOnly: false,
    output: "plain",
  };
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const used = readFlag(flags, args[at]!, args[at + 1]);
    if (used === undefined) words.push(args[at]!);
    else if (typeof used === "object") return used;
    else at += used;
  }
  const [first, ...operands] = words;
  if (first === undefined) return { usage: "No command specified." };
  const verb = VERBS.find(([, names]) => names.includes(first))?.[0] ?? abbreviated(first);
  if (verb === undefined) return { usage: `No command specified: unknown argument ${first}` };
  const [must, may] = ARGUMENTS[verb];
  if (operands.length < must)
    return {
      usage: `Missing ${operands.length === 0 ? "" : "second "}mandatory argument to command ${verb}`,
    };
  if (!WITH_REST.includes(verb) && operands.length > may) return { usage: `Unknown argument ${operands[may]!}` };
  return {
    verb,
    ...(operands[0] === undefined ? {} : { name: operands[0] }),
    ...(operands[1] === undefined ? {} : { second: operands[1] }),
    rest: operands.slice(2),
    ...flags,
  };
}

/** The beginning of a command's name is enough: the first that begins so is meant (ipset_match_cmd). */
function abbreviated(word: string): Verb | undefined {
  return word === "" ? undefined : VERBS.find(([name]) => name.startsWith(word))?.[0];
}

/** How many more words an option took; undefined if it is none. */
function readFlag(flags: Flags, word: string, next: string | undefined): number | Usage | undefined {
  switch (word) {
    case "-!":
    case "-exist":
    case "--exist":
      flags.exist = true;
      return 0;
    case "-q":
    case "-quiet":
    case "--quiet":
      flags.quiet = true;
      return 0;
    case "-s":
    case "-sorted":
    case "--sorted":
      flags.sorted = true;
      return 0;
    case "-t":
    case "-terse":
    case "--terse":
      flags.terse = true;
      return 0;
    case "-n":
    case "-name":
    case "--name":
      flags.namesOnly = true;
      return 0;
    case "-r":
    case "-resolve":
    case "--resolve":
      return 0;
    case "-f":
    case "-file":
    case "--file":
      if (next === undefined) return { usage: `Missing mandatory argument to option -file` };
      flags.file = next;
      return 1;
    case "-o":
    case "-output":
    case "--output":
      if (next === undefined) return { usage: "Missing mandatory argument to option -output" };
      if (next === "xml" || next === "json") return { unsimulated: `-o ${next}` };
      if (next !== "plain" && next !== "save") return { problem: `Syntax error: unknown output mode '${next}'` };
      flags.output = next;
      return 1;
    default:
      return undefined;
  }
}
