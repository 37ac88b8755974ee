import * as fc from "fast-check";
import { expect, test } from "vitest";
import { turn } from "../../sim/kernel/testing.ts";
import { MILLISECOND, pass, SECOND, type KernelSnapshot } from "../../sim/kernel/index.ts";
import { Client, StatusError } from "../../sim/kube/api/index.ts";
import { configMaps, deployments, pods, services } from "../../sim/kube/kinds/index.ts";
import { typed } from "../../commands/exec/testing.ts";
import { kubeadm } from "../../sim/presets/kubeadm.ts";
import { boot, World } from "../../sim/world/index.ts";
import { worldCode } from "./world-code.ts";

const ADMIN = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };
const BOOT_SECONDS = 120_000;

/** Something that an administrator does to a cluster, and how long he then waits, in milliseconds. */
type Act = readonly [what: "deploy" | "scale" | "expose" | "kill" | "configure", which: number, wait: number];

const acts = fc.array(
  fc.tuple(
    fc.constantFrom("deploy" as const, "scale" as const, "expose" as const, "kill" as const, "configure" as const),
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 9_000 }),
  ),
  { minLength: 1, maxLength: 6 },
);

let booted: Promise<World> | undefined;
const preset = (): Promise<World> => (booted ??= boot(worldCode(), kubeadm, { seed: 1, turn }));

function act(world: World, [what, which]: Act): void {
  const admin = new Client(world.clusters.list()[0]!.api, { user: ADMIN, userAgent: "test" });
  const name = `app${which}`;
  const labels = { app: name };
  try {
    if (what === "deploy")
      admin.create(deployments, {
        metadata: { name, namespace: "default" },
        spec: {
          replicas: 1 + which,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "nginx" }] } },
        },
      });
    else if (what === "scale")
      admin.patch(deployments, { namespace: "default", name }, "merge-patch+json", { spec: { replicas: which } });
    else if (what === "expose")
      admin.create(services, {
        metadata: { name, namespace: "default" },
        spec: { selector: labels, ports: [{ port: 80 }] },
      });
    else if (what === "configure")
      admin.patch(configMaps, { namespace: "kube-system", name: "coredns" }, "merge-patch+json", {
        metadata: { labels: { which: String(which) } },
      });
    else {
      const [pod] = admin.list(pods, "default").slice(which);
      if (pod) admin.delete(pods, "default", pod.metadata.name);
    }
  } catch (error) {
    // There twice, or not there: as in life.
    if (!(error instanceof StatusError)) throw error;
  }
}

async function live(world: World, all: readonly Act[]): Promise<void> {
  for (const one of all) {
    act(world, one);
    await pass(world.kernel, world.now + one[2] * MILLISECOND);
  }
}

function json(world: World): string {
  return JSON.stringify(world.snapshot());
}

test("a world goes on from JSON as it would have gone on", { timeout: BOOT_SECONDS }, async () => {
  await fc.assert(
    fc.asyncProperty(acts, acts, async (before, after) => {
      const world = (await preset()).fork({ seed: 7 });
      await live(world, before);
      const saved = JSON.parse(json(world)) as KernelSnapshot;
      const restored = World.restore(worldCode(), saved, { turn });
      expect(json(restored)).toBe(json(world));
      for (const one of [world, restored]) {
        await live(one, after);
        await pass(one.kernel, one.now + 30 * SECOND);
      }
      expect(json(restored)).toBe(json(world));
    }),
    { numRuns: 6 },
  );
});

test("what happens in a fork changes nothing in its parent", { timeout: BOOT_SECONDS }, async () => {
  await fc.assert(
    fc.asyncProperty(acts, acts, async (before, after) => {
      const world = (await preset()).fork({ seed: 7 });
      await live(world, before);
      const was = json(world);
      const fork = world.fork();
      await live(fork, after);
      await pass(fork.kernel, fork.now + 30 * SECOND);
      expect(json(fork)).not.toBe(was);
      expect(json(world)).toBe(was);
    }),
    { numRuns: 6 },
  );
});

test("the same seed and the same acts give the same bytes, also side by side", { timeout: BOOT_SECONDS }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), acts, async (seed, all) => {
      const [one, other] = [(await preset()).fork({ seed }), (await preset()).fork({ seed })];
      await Promise.all([live(one, all), live(other, all)]);
      expect(json(one)).toBe(json(other));
    }),
    { numRuns: 6 },
  );
});

test("two boots of one seed are the same world", { timeout: BOOT_SECONDS }, async () => {
  const again = await boot(worldCode(), kubeadm, { seed: 1, turn });
  expect(json(again)).toBe(json(await preset()));
});

test("a container whose program was left behind runs it again, without a restart that counts", async () => {
  const loop = 'sh -c "while true; do date >> /tmp/times; sleep 1; done"';
  const world = (await preset()).fork({ seed: 3 });
  await typed(world, [`kubectl run c --image=busybox:1.36 --command -- ${loop}; sleep 5`]);
  const saved = JSON.parse(JSON.stringify(world.snapshot())) as KernelSnapshot;
  const lines = [
    'wc=$(kubectl exec c -- wc -l /tmp/times); sleep 5; [ "$wc" != "$(kubectl exec c -- wc -l /tmp/times)" ] && echo writes',
    "kubectl get pod c --no-headers | awk '{print $3, $4}'",
  ];
  for (const again of [World.restore(worldCode(), saved, { turn }), world.fork({ resume: true })])
    expect(await typed(again, lines)).toEqual(["writes\n", "Running 0\n"]);
});
