import type { Container, Deployment } from "../../../server/sim/kube/api/index.ts";
import type { World } from "../../../server/sim/world/index.ts";
import { change } from "../object.ts";

/** Changes the first container of a Deployment's Pods. */
export async function changeContainer(
  world: World,
  deployment: string,
  namespace: string,
  edit: (container: Container) => Partial<Container>,
): Promise<void> {
  await change<Deployment>(world, `deployment/${deployment}`, namespace, ({ spec }) => ({
    spec: {
      template: {
        spec: {
          containers: spec.template.spec.containers.map((container, at) =>
            at === 0 ? { ...container, ...edit(container) } : container,
          ),
        },
      },
    },
  }));
}
