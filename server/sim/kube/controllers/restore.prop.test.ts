import { array, assert, constantFrom, integer, oneof, property, record } from "fast-check";
import { expect, test } from "vitest";
import { MILLISECOND, SECOND } from "../../kernel/index.ts";
import { restoreTestKernel } from "../../kernel/testing.ts";
import { deployments, services } from "../kinds/index.ts";
import { TestControlPlane } from "./testing.ts";

const name = constantFrom("web", "db");
const action = oneof(
  record({ do: constantFrom("deploy" as const), name, replicas: integer({ min: 0, max: 6 }) }),
  record({ do: constantFrom("scale" as const), name, replicas: integer({ min: 0, max: 6 }) }),
  record({ do: constantFrom("image" as const), name, replicas: integer({ min: 0, max: 3 }) }),
  record({ do: constantFrom("delete" as const), name, replicas: constantFrom(0) }),
  record({ do: constantFrom("silence" as const), name: constantFrom("node01"), replicas: constantFrom(0) }),
  record({ do: constantFrom("voice" as const), name: constantFrom("node01"), replicas: constantFrom(0) }),
  record({ do: constantFrom("expose" as const), name, replicas: constantFrom(0) }),
);
const script = array(record({ action, wait: integer({ min: 0, max: 20_000 }) }), { minLength: 1, maxLength: 8 });

type Action = typeof action extends { generate: (...args: never) => { value: infer T } } ? T : never;

function perform(plane: TestControlPlane, { do: what, name: subject, replicas }: Action): void {
  const exists = plane.client.get(deployments, "default", subject) !== undefined;
  if (what === "deploy" && !exists) plane.deploy(subject, replicas);
  if (what === "scale" && exists) plane.scale(subject, replicas);
  if (what === "image" && exists) plane.setImage(subject, `image:${replicas}`);
  if (what === "delete" && exists) plane.client.delete(deployments, "default", subject);
  if (what === "silence") plane.heartbeats.report(subject, { alive: false });
  if (what === "voice") plane.heartbeats.report(subject, { alive: true });
  if (what === "expose" && !plane.client.get(services, "default", subject))
    plane.client.create(services, {
      metadata: { name: subject, namespace: "default" },
      spec: { selector: { app: subject }, ports: [{ port: 80 }] },
    });
}

/** All bytes of a world. The order of the tables is that in which they were first touched, and says nothing. */
function snapshot({ kernel }: TestControlPlane): string {
  const { state, ...rest } = kernel.snapshot();
  const tables = Object.entries(state.tables).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ ...rest, tables });
}

test("the same seed and the same acts give the same bytes, with or without a restore at any moment", () => {
  assert(
    property(integer({ min: 1, max: 1000 }), script, integer({ min: 0, max: 20_000 }), (seed, steps, cut) => {
      const whole = new TestControlPlane({ seed });
      const again = new TestControlPlane({ seed });
      let broken = new TestControlPlane({ seed });
      for (const { action: act, wait } of steps) {
        for (const plane of [whole, again, broken]) perform(plane, act);
        const before = Math.min(cut, wait) * MILLISECOND;
        whole.run(wait * MILLISECOND);
        again.run(wait * MILLISECOND);
        broken.run(before);
        broken = new TestControlPlane({ kernel: restoreTestKernel(broken.kernel.snapshot()), restored: true });
        broken.run(wait * MILLISECOND - before);
      }
      for (const plane of [whole, again, broken]) plane.run(400 * SECOND);
      const bytes = snapshot(whole);
      expect(snapshot(again)).toBe(bytes);
      expect(snapshot(broken)).toBe(bytes);
    }),
    { numRuns: 25 },
  );
});
