import { selectorOf, selectorText, type Deployment, type ReplicaSet } from "../../../sim/kube/api/index.ts";
import type { Helper } from "../client/helper.ts";
import { GoError } from "../errors/go-error.ts";
import { replicaSetsOf, type ReplicaSets } from "./replica-sets.ts";

const REPLICA_SETS = { group: "apps", version: "v1", resource: "replicasets", kind: "ReplicaSet", namespaced: true };

/** Asks for the ReplicaSets of a Deployment. */
export async function deploymentSets(helper: Helper, deployment: Deployment): Promise<ReplicaSets> {
  const selector = selectorOf(deployment.spec.selector);
  if (typeof selector === "object" && "error" in selector) throw new GoError(selector.error);
  const labelSelector = [selector === "nothing" ? "" : selectorText(selector)];
  const list = await helper.list(
    { mapping: REPLICA_SETS, namespace: deployment.metadata.namespace ?? "" },
    { labelSelector },
  );
  return replicaSetsOf(deployment, (list["items"] ?? []) as unknown as ReplicaSet[]);
}
