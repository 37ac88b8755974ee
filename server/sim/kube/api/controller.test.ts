import { expect, test } from "vitest";
import { SECOND } from "../../kernel/index.ts";
import { restoreTestKernel } from "../../kernel/testing.ts";
import { configMaps, secrets } from "../kinds/index.ts";
import { TestCluster } from "../kinds/testing.ts";
import { isNotFound } from "./client.ts";
import { ControllerLoop, own, ownedBy, splitKey } from "./controller.ts";

/** A controller that gives every ConfigMap a Secret with as many keys. */
function mirror({ client }: TestCluster, seen: string[] = [], active = () => true): ControllerLoop {
  return new ControllerLoop(
    client,
    {
      name: "mirror",
      watches: [own(configMaps), ownedBy(secrets, "ConfigMap")],
      reconcile(key) {
        seen.push(key);
        const { namespace, name } = splitKey(key);
        const map = client.get(configMaps, namespace, name);
        if (!map) return;
        const stringData = Object.fromEntries(Object.keys(map.data ?? {}).map((each) => [each, "x"]));
        const owner = { apiVersion: "v1", kind: "ConfigMap", name, uid: map.metadata.uid, controller: true };
        try {
          client.delete(secrets, namespace, name);
        } catch (error) {
          if (!isNotFound(error)) throw error;
        }
        if (seen.length < 10)
          client.create(secrets, { metadata: { name, namespace, ownerReferences: [owner] }, stringData });
      },
    },
    active,
  );
}

test("a controller hears of its objects and of those that they own", () => {
  const cluster = new TestCluster();
  const seen: string[] = [];
  mirror(cluster, seen);
  cluster.client.create(configMaps, { metadata: { name: "m", namespace: "default" }, data: { a: "1" } });
  expect(seen).toEqual([]);
  cluster.run(1_500);
  expect(seen).toEqual(["default/m"]);
  expect(cluster.client.get(secrets, "default", "m")!.data).toEqual({ a: "eA==" });
  cluster.run(1_000);
  expect(seen).toEqual(["default/m", "default/m"]);
});

test("one that starts looks at everything", () => {
  const cluster = new TestCluster();
  let alive = false;
  const seen: string[] = [];
  const loop = mirror(cluster, seen, () => alive);
  cluster.client.create(configMaps, { metadata: { name: "m", namespace: "default" } });
  cluster.run(SECOND);
  expect(seen).toEqual([]);
  alive = true;
  loop.start();
  cluster.run(1_500);
  expect(seen).toEqual(["default/m"]);
});

test("a restored world reconciles what the old one had planned", () => {
  const cluster = new TestCluster();
  mirror(cluster);
  cluster.client.create(configMaps, { metadata: { name: "m", namespace: "default" }, data: { a: "1" } });
  const restored = new TestCluster({ kernel: restoreTestKernel(cluster.kernel.snapshot()), bare: true });
  mirror(restored);
  restored.run(1_500);
  expect(restored.client.get(secrets, "default", "m")).toBeDefined();
  expect(cluster.client.get(secrets, "default", "m")).toBeUndefined();
});
