import type { Errno } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import type { Packet } from "../walk/packet.ts";
import type { HookPoint } from "./hook-point.ts";
import type { Family, HookName, Options, Problem, RuleDraft, TableName } from "./row.ts";

/** How names become numbers and back: from /etc/services, and hosts where a program may ask for them. */
export interface Names {
  /** The port of a service; `protocol` as `tcp`. */
  port(service: string, protocol: string): number | undefined;
  service(port: number, protocol: string): string | undefined;
}

/** Users and groups by name, where a program may ask for them. */
export interface Accounts {
  user(name: string): number | undefined;
  group(name: string): number | undefined;
  userName(uid: number): string | undefined;
  groupName(gid: number): string | undefined;
}

export interface ReadContext {
  readonly names: Names;
  readonly family: Family;
  readonly accounts: Accounts | undefined;
  /** Says something that does not keep the rule from being made. */
  warn(text: string): void;
  /** Whether the namespace has a set of that name, and how many parts its elements have. */
  setDimension(name: string): number | undefined;
  /** The rule's `-p`, which some options read ports by. */
  readonly protocol: number | undefined;
}

export interface OptionSpec {
  /** What the option is kept as until all are known; aliases share it. */
  readonly key: string;
  /** How many words it takes. */
  readonly words: 0 | 1 | 2;
  /** May stand behind a `!`. */
  readonly not?: true;
  /** What to say when it takes two words and has one. */
  readonly needs?: string;
  read(words: readonly string[], context: ReadContext): unknown;
}

/** An option that was given: its value as `read` made it. */
export interface Given {
  readonly value: unknown;
  readonly not: boolean;
  /** As it was written, for messages. */
  readonly option: string;
}

export type GivenOptions = ReadonlyMap<string, Given>;

export interface ListStyle {
  readonly numeric: boolean;
  readonly names: Names;
  readonly protocol: number | undefined;
  readonly accounts?: Accounts;
}

interface ExtensionBase {
  readonly name: string;
  /** Only for rules of this family. */
  readonly family?: Family;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Two of them that exclude each other: what to say. */
  twice?(option: string, given: string, before: string): string;
  /** The name by which an option is called in complaints, if not its own. */
  longName?(option: string): string;
  /** Makes the options' plain data once all words were read. */
  finish(given: GivenOptions, draft: RuleDraft, family: Family): Options | Problem;
  /** What the kernel's own check (checkentry) says against the options in such a rule. */
  refuse?(options: Options, draft: RuleDraft, ns: Namespace): Errno | undefined;
  /** Where the kernel lets it stand; everywhere if missing. */
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly HookName[];
  /** The same where it depends on the options. */
  hooksFor?(options: Options): readonly HookName[] | undefined;
  /** Names of the ipsets that it looks into. */
  sets?(options: Options): readonly string[];
  /** As `iptables -S` prints the options, each behind a blank; the name is printed by the caller. */
  save(options: Options): string;
  /** As `iptables -L` prints it, behind a blank. */
  list(options: Options, style: ListStyle): string;
}

/** True if the packet at this point fits. */
export type MatchTest = (packet: Packet, at: HookPoint) => boolean;

export interface MatchExtension extends ExtensionBase {
  readonly kind: "match";
  /** It reads the header of TCP, UDP or ICMP, which only the first fragment of a packet has. */
  readonly header?: true;
  /** The kernel takes it only in rules with this `-p`. */
  readonly protocol?: number;
  /** Needs connection tracking in its namespace. */
  readonly tracks?: true;
  compile(options: Options): MatchTest;
}

export type Verdict = "continue" | "accept" | "drop" | "return";

/** Does the target's work and says how the packet goes on. */
export type TargetAction = (packet: Packet, at: HookPoint) => Verdict;

export interface TargetExtension extends ExtensionBase {
  readonly kind: "target";
  readonly tracks?: true;
  /** What `-L` calls it, if not by its name. */
  readonly listedAs?: string;
  compile(options: Options): TargetAction;
}

/** Reads an unsigned number, decimal, octal or hexadecimal, as xtables_strtoui does. */
export function readNumber(text: string, max = 0xffff_ffff): number | undefined {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
  const octal = /^0[0-7]+$/.test(text);
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  return value <= max ? value : undefined;
}

export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}
