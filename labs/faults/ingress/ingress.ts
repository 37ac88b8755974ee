import type { HttpIngressPath, Ingress, IngressRule } from "../../../server/sim/kube/api/index.ts";
import type { World } from "../../../server/sim/world/index.ts";
import { change, Namespace, ObjectName } from "../object.ts";

/** The parameters that say which Ingress is meant. */
export const IngressName = { ingress: ObjectName.describe("the Ingress"), namespace: Namespace };

/** Changes every rule of an Ingress. */
export async function changeRules(
  world: World,
  { ingress, namespace }: { readonly ingress: string; readonly namespace: string },
  edit: (rule: IngressRule) => IngressRule,
): Promise<void> {
  await change<Ingress>(world, `ingress/${ingress}`, namespace, ({ spec }) => ({
    spec: { rules: (spec.rules ?? []).map(edit) },
  }));
}

/** Changes every path of an Ingress. */
export async function changePaths(
  world: World,
  name: { readonly ingress: string; readonly namespace: string },
  edit: (path: HttpIngressPath) => HttpIngressPath,
): Promise<void> {
  await changeRules(world, name, (rule) => ({
    ...rule,
    ...(rule.http ? { http: { paths: (rule.http.paths ?? []).map(edit) } } : {}),
  }));
}
