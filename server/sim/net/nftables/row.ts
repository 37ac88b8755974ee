import type { Time } from "../../kernel/index.ts";
import type { HookName } from "../netfilter/row.ts";

/** Families whose tables are simulated. `inet` sees IPv4 and IPv6. */
export type NftFamily = "ip" | "ip6" | "inet";

export interface TableRow {
  readonly family: NftFamily;
  readonly name: string;
  readonly handle: number;
  /** The handle that was given last to something in it. */
  readonly objects: number;
  readonly dormant?: true;
  readonly comment?: string;
}

export type ChainType = "filter" | "nat" | "route";

/** What hangs a chain on a hook of the kernel. */
export interface BaseRow {
  readonly type: ChainType;
  readonly hook: HookName;
  readonly priority: number;
  readonly policy: "accept" | "drop";
  /** Grows with every base chain: of two with one priority, the newer one sees packets first (nf_hook_entries_grow). */
  readonly registered: number;
  /** Tables of iptables that were there before it. */
  readonly behind: readonly string[];
}

export interface ChainRow {
  readonly family: NftFamily;
  readonly table: string;
  readonly name: string;
  readonly handle: number;
  readonly base?: BaseRow;
  readonly comment?: string;
  readonly rules: readonly RuleRow[];
}

export interface RuleRow {
  readonly handle: number;
  /** Unique in its namespace: the key of its counters. */
  readonly id: number;
  readonly statements: readonly Statement[];
  readonly comment?: string;
}

/** Addresses and interface names as text, all others as numbers. */
export type Value = number | string;

export type Right =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "prefix"; readonly value: Value; readonly length: number }
  | { readonly kind: "range"; readonly from: Value; readonly to: Value }
  /** Bits of a list (`syn,ack`), any of which. */
  | { readonly kind: "bits"; readonly value: number; readonly count: number }
  /** `"eth*"` */
  | { readonly kind: "wildcard"; readonly start: string }
  | { readonly kind: "any" };

export type Expression =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "value"; readonly value: Value; readonly type: string }
  | { readonly kind: "range"; readonly from: Value; readonly to: Value; readonly type: string }
  | { readonly kind: "concat"; readonly parts: readonly Expression[] }
  | { readonly kind: "binary"; readonly op: BinaryOperator; readonly left: Expression; readonly right: number }
  | { readonly kind: "numgen"; readonly mode: "random" | "inc"; readonly mod: number; readonly offset: number; readonly id: number }
  | { readonly kind: "jhash"; readonly of: Expression; readonly mod: number; readonly seed: number; readonly offset: number }
  | { readonly kind: "map"; readonly key: Expression; readonly map: SetReference }; // prettier-ignore

export type BinaryOperator = "&" | "|" | "^" | "<<" | ">>";
export type Comparison = "implicit" | "==" | "!=" | "<" | ">" | "<=" | ">=";

/** `@name`, or a set written into the rule. */
export type SetReference =
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "anonymous"; readonly set: SetBody };

export interface SetBody {
  /** Types of the key's parts. */
  readonly key: readonly string[];
  /** Types of what a map leads to; `["verdict"]` for verdict maps. */
  readonly data?: readonly string[];
  readonly interval: boolean;
  readonly elements: readonly ElementRow[];
}

export interface ElementRow {
  readonly key: readonly Right[];
  readonly data?: Verdict | readonly Right[];
  readonly comment?: string;
  /** Milliseconds, if not the set's. */
  readonly timeout?: number;
  readonly expires?: Time;
}

export type Verdict =
  | { readonly verdict: "accept" | "drop" | "continue" | "return" }
  | { readonly verdict: "jump" | "goto"; readonly chain: string };

export type Statement =
  | { readonly kind: "match"; readonly left: Expression; readonly op: Comparison; readonly right: Right | readonly Right[] | SetReference }
  | ({ readonly kind: "verdict" } & Verdict)
  | { readonly kind: "vmap"; readonly key: Expression; readonly map: SetReference }
  | { readonly kind: "counter"; readonly packets: number; readonly bytes: number }
  | { readonly kind: "named counter"; readonly name: string }
  | { readonly kind: "log"; readonly prefix?: string; readonly level?: number; readonly group?: number; readonly flags: readonly string[] }
  | { readonly kind: "limit"; readonly over: boolean; readonly rate: number; readonly unit: string; readonly seconds: number; readonly burst: number; readonly bytes?: string; readonly burstUnit?: string }
  | { readonly kind: "reject"; readonly family: "icmp" | "icmpv6" | "icmpx" | "tcp"; readonly code: number }
  | { readonly kind: "nat"; readonly verb: "snat" | "dnat" | "masquerade" | "redirect"; readonly family?: "ip" | "ip6"; readonly address?: Expression; readonly port?: Expression; readonly flags: readonly string[] }
  | { readonly kind: "set"; readonly field: string; readonly value: Expression }
  | { readonly kind: "notrack" }
  | { readonly kind: "dynamic"; readonly verb: "add" | "update" | "delete"; readonly set: string; readonly key: Expression; readonly timeout?: number }; // prettier-ignore

export interface SetRow extends SetBody {
  readonly kind: "set" | "map";
  readonly family: NftFamily;
  readonly table: string;
  readonly name: string;
  readonly handle: number;
  /** Unique in its namespace: the key of the elements that packets put into it. */
  readonly id: number;
  /** How its key, and what it maps to, was written with `typeof`. */
  readonly typeOf?: string;
  readonly dataTypeOf?: string;
  readonly constant?: true;
  readonly dynamic?: true;
  /** Some rule puts elements into it. */
  readonly grows?: true;
  readonly timeouts?: true;
  readonly autoMerge?: true;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly gcInterval?: number;
  readonly size?: number;
  readonly policy?: "memory" | "performance";
  readonly comment?: string;
}

/** A counter with a name of its own. What it holds is with the counters of rules, by its id. */
export interface CounterRow {
  readonly family: NftFamily;
  readonly table: string;
  readonly name: string;
  readonly handle: number;
  readonly id: number;
  readonly packets: number;
  readonly bytes: number;
  readonly comment?: string;
}

/** An element that a packet put into a set. */
export interface DynamicRow {
  readonly key: readonly Value[];
  readonly timeout?: number;
  readonly expires: Time;
}
