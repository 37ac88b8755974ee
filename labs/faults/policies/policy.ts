import type { JsonObject } from "../../../server/sim/kube/api/index.ts";
import type { World } from "../../../server/sim/world/index.ts";
import { make, Namespace, ObjectName } from "../object.ts";

/** The parameters that say which NetworkPolicy is meant. */
export const PolicyName = { policy: ObjectName.describe("the NetworkPolicy"), namespace: Namespace };

export async function makePolicy(world: World, namespace: string, name: string, spec: JsonObject): Promise<void> {
  await make(world, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec,
  });
}
