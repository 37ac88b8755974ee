import { assert, constantFrom, integer, property, record, array } from "fast-check";
import { expect, test } from "vitest";
import { MILLISECOND, MINUTE, SECOND } from "../../../kernel/index.ts";
import { deployments, pods } from "../../kinds/index.ts";
import { isPodActive, isPodReady } from "../pod-state.ts";
import { TestControlPlane } from "../testing.ts";

const limit = constantFrom<number | string>(0, 1, 2, 3, "10%", "25%", "34%", "50%", "100%");
const rollouts = array(record({ image: integer({ min: 1, max: 4 }), after: integer({ min: 0, max: 3000 }) }), {
  minLength: 1,
  maxLength: 5,
});

function share(of: number | string, replicas: number, round: (value: number) => number): number {
  return typeof of === "number" ? of : round((Number.parseInt(of) * replicas) / 100);
}

test("a rolling update keeps its limits at every moment, also when the next one comes in between", () => {
  assert(
    property(
      record({
        seed: integer({ min: 1, max: 1000 }),
        replicas: integer({ min: 1, max: 12 }),
        maxSurge: limit,
        maxUnavailable: limit,
        rollouts,
      }),
      ({ seed, replicas, maxSurge, maxUnavailable, rollouts: steps }) => {
        const surge = share(maxSurge, replicas, Math.ceil);
        const missing = share(maxUnavailable, replicas, Math.floor);
        if (Number.parseInt(String(maxSurge)) === 0 && Number.parseInt(String(maxUnavailable)) === 0) return;
        // Where rounding leaves nothing to move with, one may be missing.
        const floor = replicas - Math.min(replicas, surge === 0 && missing === 0 ? 1 : missing);
        const plane = new TestControlPlane({ seed, nodes: ["node01", "node02", "node03"] });
        plane.deploy("web", replicas, { strategy: { rollingUpdate: { maxSurge, maxUnavailable } } }, "image:0");
        plane.run(10 * SECOND);
        expect(plane.deployment("web").status.availableReplicas).toBe(replicas);
        let most = 0;
        let fewest = Infinity;
        plane.client.watch(pods, () => {
          const active = plane.pods().filter(isPodActive);
          most = Math.max(most, active.length);
          fewest = Math.min(fewest, active.filter(isPodReady).length);
        });
        plane.kubelets.broken.add("image:3");
        let last = 0;
        for (const { image, after } of steps) {
          last = image;
          plane.setImage("web", `image:${image}`);
          plane.run(after * MILLISECOND);
        }
        plane.run(MINUTE);
        expect(most).toBeLessThanOrEqual(replicas + surge);
        expect(fewest).toBeGreaterThanOrEqual(floor);
        if (last === 3) return;
        const { status } = plane.client.get(deployments, "default", "web")!;
        expect(status).toMatchObject({ replicas, updatedReplicas: replicas, availableReplicas: replicas });
      },
    ),
    { numRuns: 40 },
  );
});
