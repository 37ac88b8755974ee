import type { Namespace } from "../namespace.ts";
import { netfilterOf } from "../netfilter/netfilter.ts";
import { MATCHES, TARGETS } from "../netfilter/registry.ts";
import { TABLES } from "../netfilter/row.ts";
import { clearSet, elementsOf, NO_SET, setsOf, type Refusal } from "./sets.ts";

const IN_USE = "Set cannot be destroyed: it is in use by a kernel component";

export function destroySet(ns: Namespace, name: string): Refusal {
  const set = setsOf(ns).get(name);
  if (!set) return NO_SET;
  if (setReferences(ns, name) > 0) return IN_USE;
  setsOf(ns).delete(name);
  clearSet(ns, set);
  return undefined;
}

/** All or none: if one is in use, nothing goes. */
export function destroyAllSets(ns: Namespace): Refusal {
  const sets = setsOf(ns);
  for (const name of sets.keys()) if (ruleReferences(ns, name) > 0 || listReferences(ns, name) > 0) return IN_USE;
  for (const [name, set] of sets.entries()) {
    sets.delete(name);
    clearSet(ns, set);
  }
  return undefined;
}

export function renameSet(ns: Namespace, from: string, to: string): Refusal {
  const sets = setsOf(ns);
  const set = sets.get(from);
  if (!set) return NO_SET;
  if (setReferences(ns, from) > 0) return "Set cannot be renamed: it is in use by another system";
  if (sets.has(to)) return "Set cannot be renamed: a set with the new name already exists";
  sets.delete(from);
  sets.set(to, set);
  return undefined;
}

/** How many rules and lists hold a set. */
export function setReferences(ns: Namespace, name: string): number {
  return ruleReferences(ns, name) + listReferences(ns, name);
}

function listReferences(ns: Namespace, name: string): number {
  let count = 0;
  for (const set of setsOf(ns).values()) if (set.type === "list:set" && elementsOf(ns, set).has(name)) count++;
  return count;
}

function ruleReferences(ns: Namespace, name: string): number {
  let count = 0;
  for (const family of [4, 6] as const) {
    for (const backend of ["nf_tables", "legacy"] as const) {
      const netfilter = netfilterOf(ns, family, backend);
      for (const table of TABLES) {
        for (const chain of netfilter[table].chains.values()) {
          for (const { matches, target } of chain.rules) {
            for (const match of matches)
              for (const used of MATCHES.get(match.name)!.sets?.(match.options) ?? []) if (used === name) count++;
            if (target?.kind === "extension")
              for (const used of TARGETS.get(target.name)!.sets?.(target.options) ?? []) if (used === name) count++;
          }
        }
      }
    }
  }
  return count;
}
