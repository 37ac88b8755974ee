import { expect, test } from "vitest";
import { MILLISECOND, SECOND, type Duration } from "../../kernel/index.ts";
import { pods } from "../kinds/index.ts";
import { TestNodes } from "./testing.ts";

const nginx = { name: "c", image: "nginx:1.27.5" };
const sidecar = { name: "s", image: "busybox:1.36.1", command: ["sleep", "3600"], restartPolicy: "Always" };

/** What learners see of the Pods, without what differs by the draws of a plugin that ran twice. */
function shown(world: TestNodes): string[] {
  return world.admin
    .list(pods, "default")
    .map(({ metadata: { name } }) => [name, ...world.containers(name), ...world.events(name)].join("\n"));
}

test.each([3, 8, 30, 190, 260, 330, 420, 600].map((ms) => ms * MILLISECOND))(
  "a world that is forked or restored %d µs after Pods were made ends as the other one",
  async (after: Duration) => {
    const world = await TestNodes.boot();
    world.pod("web", { containers: [{ ...nginx, readinessProbe: { httpGet: { port: 80 } } }] });
    world.pod("side", { initContainers: [sidecar], containers: [nginx] });
    world.pod("pull", { containers: [{ name: "c", image: "nginx:nope" }] });
    await world.pass(after);
    const copy = world.fork();
    const restored = world.restored();
    await world.pass(8 * SECOND);
    await copy.pass(8 * SECOND);
    expect(shown(copy)).toEqual(shown(world));
    await restored.pass(8 * SECOND);
    expect(shown(restored)).toEqual(shown(world));
    expect(world.containers("web")).toEqual(["c: running, ready"]);
  },
);
