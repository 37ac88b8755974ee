import { pass, SECOND, type Duration } from "../server/sim/kernel/index.ts";
import type { Pod, Probe } from "../server/sim/kube/api/index.ts";
import { volumesDue } from "../server/sim/kube/kubelet/index.ts";
import type { World } from "../server/sim/world/index.ts";
import { Scene } from "./scene/scene.ts";

/** Nobody waits longer for a Pod's next probe. */
const MOST: Duration = 60 * SECOND;

/**
 * Runs a world until nothing moves; false if something still did. What a Pod waits for may have come after its last probe:
 * whoever repaired it is not graded by when that was, so Pods that are not ready are asked once more. Nor by when the kubelet
 * brings a ConfigMap's new text into its Pods.
 */
export async function comeToRest(world: World): Promise<boolean> {
  let settled = await world.settle();
  const due = volumesDue(world.kernel);
  if (due !== undefined) {
    await pass(world.kernel, due);
    settled = await world.settle();
  }
  const wait = untilReady(world);
  if (wait === 0) return settled;
  await pass(world.kernel, world.now + wait);
  return world.settle();
}

/** How long the slowest Pod that is not ready may take to be so, if nothing is amiss. */
function untilReady(world: World): Duration {
  const scene = new Scene(world);
  if (!scene.hasCluster) return 0;
  return Math.max(0, ...scene.objects.pods().map(roundOf));
}

/** The length of a round of the readiness probes that keep a Pod from being ready. */
function roundOf({ spec, status }: Pod): Duration {
  const waiting = (status.containerStatuses ?? []).filter(({ ready, state }) => !ready && state?.running);
  const rounds = waiting.map(({ name }) => roundOfProbe(spec.containers.find((c) => c.name === name)?.readinessProbe));
  return Math.max(0, ...rounds);
}

function roundOfProbe(probe: Probe | undefined): Duration {
  if (!probe) return 0;
  const { periodSeconds = 10, successThreshold = 1, timeoutSeconds = 1 } = probe;
  return Math.min(MOST, (periodSeconds * successThreshold + timeoutSeconds) * SECOND);
}
