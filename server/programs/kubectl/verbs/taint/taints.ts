import { names, type Taint } from "../../../../sim/kube/api/index.ts";
import { taintText } from "../../describe/lists.ts";
import type { Failure } from "../../output/index.ts";

/** What a call does to taints. An empty effect removes all taints of a key. */
export interface TaintChange {
  readonly add: readonly Taint[];
  readonly remove: readonly Taint[];
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Reads `key=value:effect`, `key:effect`, `key:effect-` and `key-` (kubectl pkg/cmd/taint/utils.go parseTaints). */
export function parseTaints(specs: readonly string[]): TaintChange | Failure {
  const add: Taint[] = [];
  const remove: Taint[] = [];
  for (const spec of specs) {
    const removes = spec.endsWith("-");
    const parsed = parseTaint(removes ? spec.slice(0, -1) : spec);
    if ("error" in parsed) return parsed;
    if (removes) {
      remove.push({ key: parsed.key, effect: parsed.effect });
      continue;
    }
    if (parsed.effect === "") return { error: `invalid taint spec: ${spec}` };
    if (add.some(({ key, effect }) => key === parsed.key && effect === parsed.effect))
      return { error: `duplicated taints with the same key and effect: ${goTaint(parsed)}` };
    add.push(parsed);
  }
  return { add, remove };
}

function parseTaint(spec: string): Taint | Failure {
  const invalid = (why = ""): Failure => ({ error: `invalid taint spec: ${spec}${why === "" ? "" : `, ${why}`}` });
  const parts = spec.split(":");
  if (parts.length > 2) return invalid();
  const [named = "", effect = ""] = parts;
  if (parts.length === 2 && !EFFECTS.includes(effect))
    return { error: `invalid taint effect: ${effect}, unsupported taint effect` };
  const pair = named.split("=");
  if (pair.length > 2) return invalid();
  const [key = "", value = ""] = pair;
  if (parts.length === 2 && pair.length === 2) {
    const wrong = names.labelValue(value);
    if (wrong.length > 0) return invalid(wrong.join("; "));
  }
  const wrong = names.qualifiedName(parts.length === 2 ? key : named);
  if (wrong.length > 0) return invalid(wrong.join("; "));
  return { key, ...(value === "" ? {} : { value }), effect };
}

/** `{a b NoSchedule <nil>}`: Go's %v of a Taint. */
function goTaint({ key, value = "", effect }: Taint): string {
  return `{${key} ${value} ${effect} <nil>}`;
}

/** A taint cannot come and go at once. */
export function conflictOf({ add, remove }: TaintChange): Failure | undefined {
  const both = add.flatMap(({ key, effect }) =>
    remove.filter((one) => one.key === key && (one.effect === "" || one.effect === effect)),
  );
  if (both.length === 0) return undefined;
  return {
    error: `can not both modify and remove the following taint(s) in the same command: ${both.map(({ key, effect }) => `${key}=${effect}`).join(", ")}`,
  };
}

export interface AppliedTaints {
  readonly taints: readonly Taint[];
  readonly operation: "tainted" | "untainted" | "modified";
  /** Why taints cannot be removed. */
  readonly missing: readonly string[];
}

/** The taints that a node has afterwards: new ones first, then those that stay (reorganizeTaints). */
export function applyTaints({ add, remove }: TaintChange, old: readonly Taint[], overwrite: boolean): AppliedTaints {
  const merged = [...add];
  for (const taint of old)
    if (!merged.some(({ key, effect }) => key === taint.key && effect === taint.effect)) merged.push(taint);
  const added = merged.length !== old.length;
  let deleted = false;
  const missing: string[] = [];
  let taints = merged;
  for (const { key, effect } of remove) {
    const left = taints.filter((one) => one.key !== key || (effect !== "" && one.effect !== effect));
    deleted = left.length < taints.length;
    if (!deleted) missing.push(`taint "${taintText({ key, effect })}" not found`);
    taints = left;
  }
  const operation = (added && deleted) || overwrite ? "modified" : added ? "tainted" : "untainted";
  return { taints, operation, missing };
}
