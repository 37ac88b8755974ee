import { describe, expect, test } from "vitest";
import { MILLISECOND, MINUTE, SECOND } from "../../../kernel/index.ts";
import type { ConfigMap, OwnerReference } from "../../api/index.ts";
import { configMaps, deployments, nodes, pods, replicaSets } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

function reference({ metadata }: ConfigMap, more: Partial<OwnerReference> = {}): OwnerReference {
  return { apiVersion: "v1", kind: "ConfigMap", name: metadata.name, uid: metadata.uid, ...more };
}

function configMap(plane: TestControlPlane, name: string, ownerReferences: readonly OwnerReference[] = []): ConfigMap {
  return plane.client.create(configMaps, { metadata: { name, namespace: "default", ownerReferences } });
}

function names(plane: TestControlPlane): string[] {
  return plane.client.list(configMaps).map(({ metadata }) => metadata.name);
}

function deployed(): TestControlPlane {
  const plane = new TestControlPlane();
  plane.deploy("web", 2);
  plane.run(5 * SECOND);
  return plane;
}

describe("deleting a Deployment", () => {
  test("in the background takes sets and Pods along afterwards", () => {
    const plane = deployed();
    plane.client.delete(deployments, "default", "web");
    expect(plane.client.get(deployments, "default", "web")).toBeUndefined();
    expect(plane.replicaSets()).toHaveLength(1);
    plane.run(20 * MILLISECOND);
    expect(plane.replicaSets()).toEqual([]);
    expect(plane.pods().map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true, true]);
    plane.run(2 * SECOND);
    expect(plane.pods()).toEqual([]);
  });

  test("in the foreground goes from the Pods upwards", () => {
    const plane = deployed();
    const order: string[] = [];
    for (const kind of [deployments, replicaSets, pods])
      plane.client.watch(kind as typeof pods, ({ type }) => {
        if (type === "DELETED") order.push(kind.kind);
      });
    plane.client.delete(deployments, "default", "web", { propagationPolicy: "Foreground" });
    expect(plane.deployment("web").metadata.finalizers).toEqual(["foregroundDeletion"]);
    plane.run(50 * MILLISECOND);
    expect(plane.replicaSets()[0]!.metadata.finalizers).toEqual(["foregroundDeletion"]);
    expect(plane.pods().every(({ metadata }) => metadata.deletionTimestamp)).toBe(true);
    plane.run(5 * SECOND);
    expect(order).toEqual(["Pod", "Pod", "ReplicaSet", "Deployment"]);
  });

  test("as an orphaning one leaves them without owner", () => {
    const plane = deployed();
    plane.client.delete(deployments, "default", "web", { propagationPolicy: "Orphan" });
    plane.run(5 * SECOND);
    expect(plane.client.get(deployments, "default", "web")).toBeUndefined();
    expect(plane.replicaSets().map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
    expect(plane.pods()).toHaveLength(2);
  });
});

describe("an object", () => {
  test("whose owner never was goes, and so does one of an owner with another uid", () => {
    const plane = new TestControlPlane();
    const owner = configMap(plane, "owner");
    configMap(plane, "child", [reference(owner)]);
    configMap(plane, "stray", [{ apiVersion: "v1", kind: "ConfigMap", name: "nobody", uid: "1-2-3" }]);
    configMap(plane, "imposed", [reference(owner, { uid: "4-5-6" })]);
    plane.run(1 * SECOND);
    expect(names(plane)).toEqual(["child", "owner"]);
  });

  test("with two owners stays until both are gone, and forgets the one that is", () => {
    const plane = new TestControlPlane();
    const [one, two] = [configMap(plane, "one"), configMap(plane, "two")];
    configMap(plane, "child", [reference(one), reference(two)]);
    plane.run(1 * SECOND);
    plane.client.delete(configMaps, "default", "one");
    plane.run(1 * SECOND);
    expect(plane.client.get(configMaps, "default", "child")!.metadata.ownerReferences).toEqual([reference(two)]);
    plane.client.delete(configMaps, "default", "two");
    plane.run(1 * SECOND);
    expect(names(plane)).toEqual([]);
  });

  test("outside of all namespaces cannot be owned by one inside", () => {
    const plane = new TestControlPlane();
    const owner = configMap(plane, "owner");
    plane.run(1 * SECOND);
    plane.client.patch(nodes, { name: "node01" }, "merge-patch+json", {
      metadata: { ownerReferences: [{ ...reference(owner) }] },
    });
    plane.run(1 * SECOND);
    expect(plane.client.get(nodes, "", "node01")).toBeUndefined();
  });

  test("of a kind that is not served is left alone", () => {
    const plane = new TestControlPlane();
    configMap(plane, "child", [{ apiVersion: "example.com/v1", kind: "Thing", name: "x", uid: "1-2-3" }]);
    plane.run(1 * MINUTE);
    expect(names(plane)).toEqual(["child"]);
  });
});

describe("in the foreground", () => {
  test("only those that block hold the owner up", () => {
    const plane = new TestControlPlane();
    const owner = configMap(plane, "owner");
    plane.client.create(configMaps, {
      metadata: {
        name: "loose",
        namespace: "default",
        finalizers: ["example.com/hold"],
        ownerReferences: [reference(owner)],
      },
    });
    plane.client.delete(configMaps, "default", "owner", { propagationPolicy: "Foreground" });
    plane.run(1 * SECOND);
    expect(names(plane)).toEqual(["loose"]);
    expect(plane.client.get(configMaps, "default", "loose")!.metadata.deletionTimestamp).toBeDefined();
  });

  test("a child with a finalizer holds its owner until it is let go", () => {
    const plane = new TestControlPlane();
    const owner = configMap(plane, "owner");
    plane.client.create(configMaps, {
      metadata: {
        name: "child",
        namespace: "default",
        finalizers: ["example.com/hold"],
        ownerReferences: [reference(owner, { blockOwnerDeletion: true })],
      },
    });
    plane.client.delete(configMaps, "default", "owner", { propagationPolicy: "Foreground" });
    plane.run(1 * MINUTE);
    expect(names(plane)).toEqual(["child", "owner"]);
    plane.client.patch(configMaps, { namespace: "default", name: "child" }, "merge-patch+json", {
      metadata: { finalizers: null },
    });
    plane.run(1 * SECOND);
    expect(names(plane)).toEqual([]);
  });

  test("a child that loses its owner reference lets it go", () => {
    const plane = new TestControlPlane();
    const owner = configMap(plane, "owner");
    plane.client.create(configMaps, {
      metadata: {
        name: "child",
        namespace: "default",
        finalizers: ["example.com/hold"],
        ownerReferences: [reference(owner, { blockOwnerDeletion: true })],
      },
    });
    plane.client.delete(configMaps, "default", "owner", { propagationPolicy: "Foreground" });
    plane.run(1 * SECOND);
    plane.client.patch(configMaps, { namespace: "default", name: "child" }, "merge-patch+json", {
      metadata: { ownerReferences: null },
    });
    plane.run(1 * SECOND);
    expect(names(plane)).toEqual(["child"]);
  });
});

test("nothing is left to be done afterwards", () => {
  const plane = deployed();
  plane.client.delete(deployments, "default", "web", { propagationPolicy: "Foreground" });
  plane.run(1 * MINUTE);
  expect(plane.kernel.events().filter(({ periodic }) => !periodic)).toEqual([]);
});
