import type { Accounts, Given, MatchExtension, Names, OptionSpec, ReadContext, TargetExtension } from "./extension.ts";
import { DEFAULT_NAMES } from "./names.ts";
import { protocolName, protocolNumber } from "./protocols.ts";
import { readEnd } from "./read-address.ts";
import { MATCHES, TARGETS, UNSIMULATED } from "./registry.ts";
import {
  isProblem,
  parameter,
  unsimulated,
  type Backend,
  type Counter,
  type Family,
  type Invertible,
  type Masked,
  type MatchRow,
  type Problem,
  type RuleDraft,
  type TableName,
  type TargetRow,
} from "./row.ts";

export interface RuleReader {
  /** IPv4 if missing. */
  readonly family?: Family;
  readonly backend?: Backend;
  readonly accounts?: Accounts;
  /** How many parts the elements of an ipset have; undefined if there is none of that name. */
  setDimension?(name: string): number | undefined;
  readonly table: TableName;
  /** The chain that the rule is for, where that is known: some options don't go with some chains. */
  readonly chain?: string;
  /** Whether the table has a chain of the user's of that name. */
  hasChain(name: string): boolean;
  readonly names?: Names;
  /** Addresses of a host by name; none if there is no such name. */
  readonly lookup?: (host: string) => readonly string[];
  /**
   * Takes what is not part of a rule but may stand between its words (`-v`, `-t nat`, `-A INPUT`): returns how many words
   * behind the option it used, undefined if it does not know it.
   */
  other?(option: string, following: readonly string[], not: boolean): number | Problem | undefined;
}

export interface ReadRules {
  /** One for each combination of source and destination: `-s a,b` makes two. */
  readonly rules: readonly RuleDraft[];
  readonly counter?: Counter;
  /** What iptables says without refusing the rule. */
  readonly warnings?: readonly string[];
}

interface Loaded<E> {
  readonly extension: E;
  readonly given: Map<string, Given>;
}

const LONG: Readonly<Record<string, string>> = {
  "--protocol": "-p",
  "--proto": "-p",
  "--source": "-s",
  "--src": "-s",
  "--destination": "-d",
  "--dst": "-d",
  "--jump": "-j",
  "--goto": "-g",
  "--in-interface": "-i",
  "--out-interface": "-o",
  "--match": "-m",
  "--fragments": "-f",
  "--set-counters": "-c",
};

/** No option takes more than two words; what iptables says of one may show a third. */
const MOST_WORDS = 3;

const WITH_VALUE = new Set(["-p", "-s", "-d", "-j", "-g", "-i", "-o", "-m", "-c"]);

/** The protocol's names for its match (libxtables: xtables_find_match). */
const MATCH_ALIASES: Readonly<Record<string, string>> = { icmpv6: "icmp6", "ipv6-icmp": "icmp6" };

function ofFamily<E extends { readonly family?: Family }>(extension: E | undefined, family: Family): E | undefined {
  return extension?.family === undefined || extension.family === family ? extension : undefined;
}

/** Reads the words of one rule as iptables does (xtables.c do_parse). */
export function readRule(words: readonly string[], reader: RuleReader): ReadRules | Problem {
  return new RuleParser(reader).read(words);
}

/** Also what options are read in. */
class RuleParser implements ReadContext {
  readonly names: Names;
  readonly family: Family;
  readonly accounts: Accounts | undefined;
  readonly #reader: RuleReader;
  #protocol: Invertible<number> | undefined;
  #source: Invertible<string> | undefined;
  #destination: Invertible<string> | undefined;
  #in: Invertible<string> | undefined;
  #out: Invertible<string> | undefined;
  #fragment: Invertible<true> | undefined;
  #counter: Counter | undefined;
  readonly #warnings: string[] = [];
  #jump: { name: string; goto: boolean } | undefined;
  #target: Loaded<TargetExtension> | undefined;
  readonly #matches: Loaded<MatchExtension>[] = [];

  constructor(reader: RuleReader) {
    this.#reader = reader;
    this.names = reader.names ?? DEFAULT_NAMES;
    this.family = reader.family ?? 4;
    this.accounts = reader.accounts;
  }

  get protocol(): number | undefined {
    return this.#protocol && !this.#protocol.not ? this.#protocol.value : undefined;
  }

  warn(text: string): void {
    this.#warnings.push(text);
  }

  setDimension(name: string): number | undefined {
    return this.#reader.setDimension ? this.#reader.setDimension(name) : 1;
  }

  read(words: readonly string[]): ReadRules | Problem {
    let not = false;
    for (let at = 0; at < words.length;) {
      const word = words[at]!;
      if (word === "!") {
        if (not) return parameter("multiple consecutive ! not allowed");
        not = true;
        at++;
        continue;
      }
      if (!word.startsWith("-") || word === "-") return { problem: "argument", text: `Bad argument \`${word}'` };
      const used = this.#option(word, words.slice(at + 1, at + 1 + MOST_WORDS), not);
      if (typeof used !== "number") return used;
      at += 1 + used;
      not = false;
    }
    return this.#finish();
  }

  /** Reads one option; returns how many words behind it were its own. */
  #option(word: string, following: readonly string[], not: boolean): number | Problem {
    const joined = splitOption(word);
    const name = this.#resolve(joined.name);
    const values = joined.value === undefined ? following : [joined.value, ...following];
    const used = this.#core(name, values, not) ?? this.#extension(name, values, not);
    const took = used ?? this.#reader.other?.(joined.name, values, not);
    if (took === undefined) return parameter(`unknown option "${joined.name}"`);
    if (typeof took !== "number") return took;
    return joined.value === undefined ? took : Math.max(0, took - 1);
  }

  /** getopt_long takes the beginning of a long name if only one known name begins so. */
  #resolve(name: string): string {
    if (!name.startsWith("--")) return name;
    if (Object.hasOwn(LONG, name)) return LONG[name]!;
    if (this.#owner(name)) return name;
    const known = [
      ...Object.keys(LONG),
      ...this.#matches.flatMap(({ extension }) => Object.keys(extension.options)),
      ...Object.keys(this.#target?.extension.options ?? {}),
    ];
    const starts = [...new Set(known.filter((option) => option.startsWith(name)))];
    return starts.length === 1 ? (LONG[starts[0]!] ?? starts[0]!) : name;
  }

  #core(option: string, values: readonly string[], not: boolean): number | Problem | undefined {
    if (option === "-f") {
      if (this.family === 6) return parameter("`-f' is not supported in IPv6, use -m frag instead");
      this.#fragment = not ? { value: true, not: true } : { value: true };
      return 0;
    }
    if (!WITH_VALUE.has(option)) return undefined;
    const [value] = values;
    if (value === undefined) return parameter(`option "${option}" requires an argument`);
    if (not && ["-j", "-g", "-m", "-c"].includes(option)) return parameter(`cannot have ! before ${option}`);
    const problem = this.#set(option, value, values, not);
    if (problem) return problem;
    return option === "-c" && !value.includes(",") ? 2 : 1;
  }

  #set(option: string, value: string, values: readonly string[], not: boolean): Problem | undefined {
    const twice = parameter(`multiple ${option} flags not allowed`);
    const invertible = <T>(content: T): Invertible<T> => (not ? { value: content, not: true } : { value: content });
    switch (option) {
      case "-p": {
        if (this.#protocol) return twice;
        const protocol = protocolNumber(value);
        if (protocol === undefined) return parameter(`unknown protocol "${value}" specified`);
        if (protocol === 0 && not) return parameter("rule would never match protocol");
        this.#protocol = invertible(protocol);
        return undefined;
      }
      case "-s":
        if (this.#source) return twice;
        this.#source = invertible(value);
        return undefined;
      case "-d":
        if (this.#destination) return twice;
        this.#destination = invertible(value);
        return undefined;
      case "-i":
      case "-o": {
        if (option === "-i" ? this.#in : this.#out) return twice;
        const problem = checkInterface(value);
        if (problem) return problem;
        if (option === "-i") this.#in = invertible(value);
        else this.#out = invertible(value);
        return undefined;
      }
      case "-m":
        return this.#load(value);
      case "-c":
        return this.#setCounter(values);
      default:
        return this.#setTarget(option, value, twice);
    }
  }

  #setCounter([first, second]: readonly string[]): Problem | undefined {
    const [packets, bytes] = first!.includes(",") ? first!.split(",") : [first, second];
    if (bytes === undefined || bytes.startsWith("-")) return parameter("-c requires packet and byte counter");
    for (const [text, what] of [
      [packets, "packet"],
      [bytes, "byte"],
    ] as const)
      if (!/^\d+$/.test(text!)) return parameter(`-c ${what} counter not numeric`);
    this.#counter = { packets: Number(packets), bytes: Number(bytes) };
    return undefined;
  }

  #setTarget(option: string, name: string, twice: Problem): Problem | undefined {
    if (this.#jump) return twice;
    this.#jump = { name, goto: option === "-g" };
    if (option === "-g") return undefined;
    const extension = ofFamily(TARGETS.get(name), this.family);
    if (extension) this.#target = { extension, given: new Map() };
    else if (UNSIMULATED.has(name) && !this.#reader.hasChain(name)) return unsimulated(`-j ${name}`);
    return undefined;
  }

  #load(name: string): Problem | undefined {
    const extension = ofFamily(MATCHES.get(MATCH_ALIASES[name] ?? name), this.family);
    if (!extension)
      return UNSIMULATED.has(name)
        ? unsimulated(`-m ${name}`)
        : parameter(`Couldn't load match \`${name}':No such file or directory\n`);
    this.#matches.push({ extension, given: new Map() });
    return undefined;
  }

  /** An option of a match, the last loaded first; of the target; or of the protocol's match, which is then loaded. */
  #extension(option: string, values: readonly string[], not: boolean): number | Problem | undefined {
    const owner = this.#owner(option);
    if (owner) return this.#take(owner, option, owner.extension.options[option]!, values, not);
    const name = this.#protocol?.not ? undefined : protocolName(this.#protocol?.value ?? 0);
    const extension = name === undefined ? undefined : ofFamily(MATCHES.get(MATCH_ALIASES[name] ?? name), this.family);
    if (!extension || this.#matches.some((loaded) => loaded.extension === extension)) return undefined;
    const starts = Object.keys(extension.options).filter((known) => known === option || known.startsWith(option));
    const full = starts.includes(option) ? option : starts.length === 1 ? starts[0] : undefined;
    if (full === undefined) return undefined;
    const loaded = { extension, given: new Map<string, Given>() };
    this.#matches.push(loaded);
    return this.#take(loaded, full, extension.options[full]!, values, not);
  }

  #owner(option: string): Loaded<MatchExtension> | Loaded<TargetExtension> | undefined {
    if (this.#target?.extension.options[option]) return this.#target;
    return this.#matches.findLast(({ extension }) => extension.options[option]);
  }

  #take(
    { extension, given }: Loaded<MatchExtension> | Loaded<TargetExtension>,
    option: string,
    spec: OptionSpec,
    values: readonly string[],
    not: boolean,
  ): number | Problem {
    if (values.length === 0 && spec.words > 0) return parameter(`option "${option}" requires an argument`);
    if (spec.words === 2 && (values.length < 2 || values[1]!.startsWith("-") || values[1] === "!"))
      return parameter(spec.needs ?? `option "${option}" requires an argument`);
    if (not && !spec.not) return parameter(`${extension.name}: option "${option}" cannot be inverted.\n`);
    const before = given.get(spec.key)?.option;
    if (before !== undefined)
      return parameter(extension.twice?.(spec.key, option, before) ?? twiceWords(extension, option, before));
    const value = spec.read(values, this);
    if (isProblem(value)) return value;
    given.set(spec.key, { value, not, option });
    return spec.words;
  }

  #finish(): ReadRules | Problem {
    const { chain, table } = this.#reader;
    if (chain !== undefined) {
      if (this.#out && ["PREROUTING", "INPUT"].includes(chain)) return parameter(`Can't use -o with ${chain}\n`);
      if (this.#in && ["POSTROUTING", "OUTPUT"].includes(chain)) return parameter(`Can't use -i with ${chain}\n`);
    }
    const head: RuleDraft = {
      ...(this.#in && this.#in.value !== "+" ? { inInterface: this.#in } : {}),
      ...(this.#out && this.#out.value !== "+" ? { outInterface: this.#out } : {}),
      ...(this.#protocol && this.#protocol.value !== 0 ? { protocol: this.#protocol } : {}),
      ...(this.#fragment ? { fragment: this.#fragment } : {}),
      matches: [],
    };
    const matches: MatchRow[] = [];
    for (const { extension, given } of this.#matches) {
      const options = extension.finish(given, head, this.family);
      if (isProblem(options)) return options;
      matches.push({ name: extension.name, options });
    }
    const target = this.#targetRow(head, table);
    if (isProblem(target)) return target;
    const combinations = this.#addresses();
    if (isProblem(combinations)) return combinations;
    const rules = combinations.map((addresses): RuleDraft => {
      return { ...addresses, ...head, matches, ...(target ? { target } : {}) };
    });
    return { rules, warnings: this.#warnings, ...(this.#counter ? { counter: this.#counter } : {}) };
  }

  #targetRow(draft: RuleDraft, table: TableName): TargetRow | Problem | undefined {
    if (!this.#jump || this.#jump.name === "") return undefined;
    const { name, goto } = this.#jump;
    if (this.#target) {
      const options = this.#target.extension.finish(this.#target.given, draft, this.family);
      return isProblem(options) ? options : { kind: "extension", name, options };
    }
    if (!goto && (name === "ACCEPT" || name === "DROP" || name === "RETURN")) {
      if (table === "nat" && name === "DROP")
        return parameter(
          '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n',
        );
      return { kind: "verdict", name };
    }
    if (!this.#reader.hasChain(name))
      return parameter(
        this.#reader.backend === "legacy" && !goto
          ? `Couldn't load target \`${name}':No such file or directory\n`
          : `Chain '${name}' does not exist`,
      );
    return goto ? { kind: "chain", name, goto: true } : { kind: "chain", name };
  }

  /** Names are looked up when all words were read (iptables/xshared.c: ipv4_post_parse). */
  #addresses(): Pick<RuleDraft, "source" | "destination">[] | Problem {
    const sources = this.#resolveEnd(this.#source);
    if (isProblem(sources)) return sources;
    const destinations = this.#resolveEnd(this.#destination);
    if (isProblem(destinations)) return destinations;
    const list: Pick<RuleDraft, "source" | "destination">[] = [];
    for (const source of sources) {
      for (const destination of destinations) {
        const [from, to] = [end(source, this.#source?.not ?? false), end(destination, this.#destination?.not ?? false)];
        list.push({ ...(from ? { source: from } : {}), ...(to ? { destination: to } : {}) });
      }
    }
    return list;
  }

  #resolveEnd(wish: Invertible<string> | undefined): readonly (Masked | undefined)[] | Problem {
    if (!wish) return [undefined];
    const list: Masked[] = [];
    for (const part of wish.value.split(",")) {
      const masked = readEnd(part, this.family, (host) => this.#reader.lookup?.(host) ?? []);
      if (isProblem(masked)) return masked;
      list.push(...masked);
    }
    if (wish.not && list.length > 1) return parameter("! not allowed with multiple source or destination IP addresses");
    return list;
  }
}

function end(masked: Masked | undefined, not: boolean): Invertible<Masked> | undefined {
  if (!masked || ((masked.mask === "0.0.0.0" || masked.mask === "::") && !not)) return undefined;
  return not ? { value: masked, not: true } : { value: masked };
}

/** `-ptcp` and `--dport=80`. */
function splitOption(word: string): { name: string; value?: string } {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals < 0 ? { name: word } : { name: word.slice(0, equals), value: word.slice(equals + 1) };
  }
  const short = word.slice(0, 2);
  return word.length > 2 && WITH_VALUE.has(short) ? { name: short, value: word.slice(2) } : { name: word };
}

function checkInterface(name: string): Problem | undefined {
  if (name === "") return parameter("Empty interface is likely to be undesired");
  if (name.length >= 16) return parameter(`interface name \`${name}' must be shorter than IFNAMSIZ (15)`);
  return undefined;
}

/** What libxtables says of an option that was given before, or that another one shuts out (xtoptions.c). */
function twiceWords(extension: MatchExtension | TargetExtension, option: string, before: string): string {
  if (option === before) return `${extension.name}: option "${option}" can only be used once.\n`;
  const known = Object.keys(extension.options);
  const spec = extension.options[option]!;
  const other = extension.options[before]!;
  if (spec.read === other.read) return `${extension.name}: option "${before}" can only be used once.\n`;
  const [first, second] = known.indexOf(option) < known.indexOf(before) ? [option, before] : [before, option];
  const name = (one: string): string => extension.longName?.(one) ?? one;
  return `${extension.name}: option "${name(first)}" cannot be used together with "${name(second)}".\n`;
}
