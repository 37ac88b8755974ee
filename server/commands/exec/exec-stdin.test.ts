import { beforeAll, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, parts } from "./testing.ts";

let world: World;

beforeAll(async () => {
  world = await freshCluster();
}, 60_000);

/** What each line printed and what waits at its end. */
async function typed(...lines: string[]): Promise<readonly (readonly [string, string | null])[]> {
  return (await parts(world.fork(), lines)).map(({ stdout, waiting }) => [stdout, waiting]);
}

const BUSYBOX = "--image=busybox:1.36 --restart=Never";

test("a terminal behind kubectl -i waits for input only while the command reads it", async () => {
  const out = await typed(
    `kubectl run bb ${BUSYBOX} -- sleep 1d; kubectl wait --for=condition=Ready pod/bb > /dev/null`,
    "kubectl exec -i bb -- sh -c 'sleep 3; echo done'",
    "kubectl exec -i bb -- sh",
    "hostname",
    "exit",
    `kubectl run once --rm -i ${BUSYBOX} -- sh -c 'sleep 2; echo over'`,
    `kubectl run shell --rm -i ${BUSYBOX} -- sh`,
    "hostname",
    "exit",
    "hostname",
  );
  expect(out.slice(1)).toEqual([
    ["done\n", null],
    ["", "kubectl"],
    ["bb\n", "kubectl"],
    ["", null],
    ['over\npod "once" deleted\n', null],
    ["", "kubectl"],
    ["shell\n", "kubectl"],
    ['pod "shell" deleted\n', null],
    ["controlplane\n", null],
  ]);
});
