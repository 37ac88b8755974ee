import type { Errno } from "../errno.ts";

export type TableName = "raw" | "mangle" | "nat" | "filter" | "security";

/** IPv4 or IPv6: each has tables of its own. */
export type Family = 4 | 6;

/** The two interfaces of the kernel that rules come by. Each has tables of its own, and packets meet both. */
export type Backend = "nf_tables" | "legacy";

export type HookName = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

/** Something that a rule may ask for negated: `! -s 10.0.0.0/8`. */
export interface Invertible<T> {
  readonly value: T;
  readonly not?: true;
}

/** An address with its mask. The mask is nearly always a prefix, but need not be. */
export interface Masked {
  readonly address: string;
  readonly mask: string;
}

/** Plain data that an extension keeps of its options. */
export type Options = Readonly<Record<string, unknown>>;

export interface MatchRow {
  readonly name: string;
  readonly options: Options;
}

/** What happens to a packet that a rule matches: a verdict or target by name, or a jump to a chain of the user's. */
export type TargetRow =
  | { readonly kind: "verdict"; readonly name: "ACCEPT" | "DROP" | "RETURN" }
  | { readonly kind: "chain"; readonly name: string; readonly goto?: true }
  | { readonly kind: "extension"; readonly name: string; readonly options: Options };

export interface RuleRow {
  /** Unique in its namespace and family; the key of its counters. */
  readonly id: number;
  readonly source?: Invertible<Masked>;
  readonly destination?: Invertible<Masked>;
  readonly inInterface?: Invertible<string>;
  readonly outInterface?: Invertible<string>;
  readonly protocol?: Invertible<number>;
  readonly fragment?: Invertible<true>;
  /** In the order in which they were written. */
  readonly matches: readonly MatchRow[];
  readonly target?: TargetRow;
}

export type RuleDraft = Omit<RuleRow, "id">;

export interface ChainRow {
  readonly name: string;
  /** Of built-in chains. */
  readonly policy?: "ACCEPT" | "DROP";
  /** nf_tables counts what a policy decides only once the policy was set or restored. */
  readonly counted?: true;
  readonly rules: readonly RuleRow[];
}

export interface Counter {
  readonly packets: number;
  readonly bytes: number;
}

export const NO_COUNT: Counter = { packets: 0, bytes: 0 };

/** Built-in chains of each table, in the order in which tools list them. */
export const BUILT_IN: Readonly<Record<TableName, readonly HookName[]>> = {
  raw: ["PREROUTING", "OUTPUT"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

export const TABLES: readonly TableName[] = ["raw", "mangle", "nat", "filter", "security"];

export function isTable(name: string): name is TableName {
  return (TABLES as readonly string[]).includes(name);
}

export function isBuiltIn(table: TableName, chain: string): boolean {
  return (BUILT_IN[table] as readonly string[]).includes(chain);
}

/**
 * What iptables refuses. `parameter` is the program's own complaint (exit 2, followed by its hint), `argument` the same without
 * its name before it, `kernel` what the kernel refused (exit 4), `missing` and `other` (exit 1) as the text says.
 */
export interface Problem {
  readonly problem: "parameter" | "argument" | "kernel" | "missing" | "other";
  readonly text: string;
  readonly errno?: Errno;
  /** `drydock: iptables: '<unsimulated>' is not simulated`. */
  readonly unsimulated?: string;
  /** Of the older interface, whose errors come without their number: shows only when all was read. */
  readonly refusedByKernel?: true;
  /** What was said before it was refused. */
  readonly warnings?: readonly string[];
  /** The rule that the kernel refused when all was read. */
  readonly rule?: number;
  /** The chain and the policy that it cannot have. */
  readonly policy?: readonly [string, string];
}

export function parameter(text: string): Problem {
  return { problem: "parameter", text };
}

export function unsimulated(what: string): Problem {
  return { problem: "other", text: `'${what}' is not simulated`, unsimulated: what };
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "problem" in value;
}
