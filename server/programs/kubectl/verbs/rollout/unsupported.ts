import { GoError } from "../../errors/go-error.ts";
import type { Mapping } from "../../client/api-resource.ts";

/** Kinds that kubectl visits; of others it does not know even what they are (kubectl pkg/apps/kind_visitor.go). */
const VISITED = ["Pod", "ReplicationController", "ReplicaSet.apps", "Job.batch", "CronJob.batch"];

/** Why a kind has no history, or no way back. */
export function unsupported({ kind, group }: Mapping, what: { readonly the: string; readonly a: string }): GoError {
  const name = group === "" ? kind : `${kind}.${group}`;
  return new GoError(
    VISITED.includes(name)
      ? `no ${what.a} has been implemented for ${JSON.stringify(name)}`
      : `error retrieving ${what.the} for ${JSON.stringify(name)}, no visitor method exists for {${group} ${kind}}`,
  );
}
