import type { Process } from "../../sim/host/index.ts";
import type { IpOptions } from "./call.ts";
import { Exit, notSimulated } from "./exit.ts";
import { incomplete, matches } from "./words.ts";

/** What stood before the object. */
export interface Given {
  readonly options: IpOptions;
  readonly netns?: string;
  readonly batch?: string;
  readonly force: boolean;
  readonly version: boolean;
  readonly rest: readonly string[];
}

type Setting =
  | "loops" | "family" | "inet" | "inet6" | "link" | "other" | "human" | "iec" | "stats" | "details" | "resolve"
  | "oneline" | "timestamp" | "version" | "force" | "batch" | "brief" | "json" | "pretty" | "rcvbuf" | "color" | "help"
  | "netns" | "numeric" | "all"; // prettier-ignore

/** In the order of ip/ip.c main(), which decides between abbreviations; `exact` ones are not abbreviated. */
const IP_OPTIONS: readonly (readonly [name: string, setting: Setting, exact?: true])[] = [
  ["-loops", "loops"], ["-family", "family"], ["-4", "inet", true], ["-6", "inet6", true], ["-0", "link", true],
  ["-M", "other", true], ["-B", "other", true], ["-human-readable", "human"], ["-iec", "iec"], ["-stats", "stats"],
  ["-statistics", "stats"], ["-details", "details"], ["-resolve", "resolve"], ["-oneline", "oneline"],
  ["-timestamp", "timestamp"], ["-tshort", "timestamp"], ["-Version", "version"], ["-force", "force"],
  ["-batch", "batch"], ["-brief", "brief"], ["-json", "json"], ["-pretty", "pretty"], ["-rcvbuf", "rcvbuf"],
  ["-color", "color"], ["-help", "help"], ["-netns", "netns"], ["-Numeric", "numeric"], ["-all", "all"],
]; // prettier-ignore

/** The same of bridge/bridge.c. */
const BRIDGE_OPTIONS: typeof IP_OPTIONS = [
  ["-help", "help"], ["-Version", "version", true], ["-V", "version", true], ["-stats", "stats"], ["-statistics", "stats"],
  ["-details", "details"], ["-oneline", "oneline"], ["-timestamp", "timestamp"], ["-tshort", "timestamp"],
  ["-family", "family"], ["-4", "inet", true], ["-6", "inet6", true], ["-netns", "netns"], ["-color", "color"],
  ["-compressvlans", "all"], ["-force", "force"], ["-json", "json"], ["-pretty", "pretty"], ["-batch", "batch"],
]; // prettier-ignore

const FAMILIES: Readonly<Record<string, IpOptions["family"]>> = { inet: 4, inet6: 6, link: "link" };

interface Program {
  readonly program: string;
  readonly usage: string;
}

/** Reads the options before the object. */
export function readOptions(args: readonly string[], process: Process, { program, usage }: Program): Given {
  const table = program === "ip" ? IP_OPTIONS : BRIDGE_OPTIONS;
  const on = new Set<Setting>();
  let stats = 0;
  let family: IpOptions["family"];
  let color: "never" | "auto" | "always" = "never";
  const values: { netns?: string; batch?: string } = {};
  let at = 0;
  const value = (): string => {
    if (++at >= args.length) throw incomplete();
    return args[at]!;
  };
  for (; at < args.length; at++) {
    const word = args[at]!;
    if (word === "--") {
      at++;
      break;
    }
    if (!word.startsWith("-")) break;
    const option = word.startsWith("--") ? word.slice(1) : word;
    const setting = option.startsWith("-c") ? colorOption(option) : undefined;
    if (setting !== undefined) {
      color = setting;
      continue;
    }
    const found = table.find(([name, , exact]) => (exact ? option === name : matches(option, name)));
    if (!found)
      throw new Exit(255, `Option "${option}" is unknown, try "${program === "ip" ? "ip -help" : "bridge help"}".\n`);
    switch (found[1]) {
      case "help":
        throw new Exit(255, usage);
      case "version":
        return { options: optionsOf(on, { stats, family, color: false }), force: false, version: true, rest: [] };
      case "loops":
      case "rcvbuf":
        value();
        break;
      case "family": {
        if (at + 1 >= args.length) throw new Exit(255, usage);
        const name = value();
        if (!(name in FAMILIES)) throw familyProblem(program, name, usage);
        family = FAMILIES[name];
        break;
      }
      case "inet":
        family = 4;
        break;
      case "inet6":
        family = 6;
        break;
      case "link":
        family = "link";
        break;
      case "stats":
        stats++;
        break;
      case "netns":
        values.netns = args[++at] ?? "(null)";
        break;
      case "batch":
        values.batch = value();
        break;
      case "other":
        throw notSimulated(program, word);
      case "timestamp":
        // Only `monitor` shows times.
        if (args.slice(at + 1).some((other) => /^mon?i?t?o?r?$/.test(other))) throw notSimulated(program, word);
        break;
      default:
        on.add(found[1]);
    }
  }
  const colors = color === "always" || (color === "auto" && process.isTty(1));
  const options = optionsOf(on, { stats, family, color: colors });
  return { options, ...values, force: on.has("force"), version: false, rest: args.slice(at) };
}

function optionsOf(
  on: ReadonlySet<Setting>,
  { stats, family, color }: { stats: number; family: IpOptions["family"]; color: boolean },
): IpOptions {
  return {
    family,
    stats,
    color: color && !on.has("json"),
    details: on.has("details"),
    human: on.has("human"),
    binary: on.has("iec"),
    brief: on.has("brief"),
    oneline: on.has("oneline"),
    json: on.has("json"),
    pretty: on.has("pretty"),
    all: on.has("all"),
    resolve: on.has("resolve"),
    numeric: on.has("numeric"),
  };
}

function familyProblem(program: string, name: string, usage: string): Exit {
  if (name === "help") return new Exit(255, usage);
  if (["mpls", "bridge"].includes(name)) return notSimulated(program, `-f ${name}`);
  return new Exit(255, `Error: argument "${name}" is wrong: invalid protocol family\n`);
}

/** `-c`, `-color`, `-color=auto` (lib/color.c: matches_color). */
function colorOption(option: string): "never" | "auto" | "always" | undefined {
  const equals = option.indexOf("=");
  const name = equals < 0 ? option : option.slice(0, equals);
  if (!matches(name, "-color")) return undefined;
  const when = equals < 0 ? "always" : option.slice(equals + 1);
  return when === "always" || when === "auto" || when === "never" ? when : undefined;
}
