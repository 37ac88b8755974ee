import type { Mapping } from "../client/api-resource.ts";
import { GoError } from "../errors/go-error.ts";

/** Kinds that kubectl's visitors know, whether or not they can do anything with them (kubectl pkg/apps/kind_visitor.go). */
const KNOWN: readonly (readonly [group: string, ...kinds: readonly string[]])[] = [
  ["", "Pod", "ReplicationController"],
  ["apps", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  ["batch", "CronJob", "Job"],
];

/** Why a kind has no history or cannot be rolled back; `what` is `history viewer` or `rollbacker`. */
export function notVisited({ group, kind }: Mapping, what: "history viewer" | "rollbacker"): GoError {
  const name = JSON.stringify(group === "" ? kind : `${kind}.${group}`);
  if (KNOWN.some(([known, ...kinds]) => known === group && kinds.includes(kind)))
    return new GoError(`no ${what} has been implemented for ${name}`);
  const retrieving = what === "history viewer" ? "history" : what;
  return new GoError(`error retrieving ${retrieving} for ${name}, no visitor method exists for {${group} ${kind}}`);
}
