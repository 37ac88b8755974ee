import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import { configMaps, namespaces, pods, services } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

function fill(plane: TestControlPlane): void {
  plane.client.create(namespaces, { metadata: { name: "shop" } });
  plane.run(1 * SECOND);
  plane.client.create(configMaps, { metadata: { name: "settings", namespace: "shop" } });
  plane.client.create(services, { metadata: { name: "web", namespace: "shop" }, spec: { ports: [{ port: 80 }] } });
  plane.ok("POST", "/apis/apps/v1/namespaces/shop/deployments", {
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
    },
  });
  plane.run(5 * SECOND);
}

function conditions(plane: TestControlPlane): string[] {
  return (plane.client.get(namespaces, "", "shop")!.status.conditions ?? []).map(
    ({ type, status, reason, message }) => `${type}=${status} ${reason!}: ${message!}`,
  );
}

describe("a namespace that is deleted", () => {
  test("takes all its contents along, the Pods first", () => {
    const plane = new TestControlPlane();
    fill(plane);
    expect(plane.pods("shop")).toHaveLength(2);
    plane.client.delete(namespaces, "", "shop");
    expect(plane.client.get(namespaces, "", "shop")!.status.phase).toBe("Terminating");
    plane.run(4 * SECOND);
    // Nothing happens for five seconds.
    expect(plane.pods("shop").every(({ metadata }) => !metadata.deletionTimestamp)).toBe(true);
    plane.run(1.1 * SECOND);
    expect(plane.pods("shop").every(({ metadata }) => metadata.deletionTimestamp)).toBe(true);
    expect(plane.client.get(configMaps, "shop", "settings")).toBeDefined();
    expect(conditions(plane)).toEqual([
      "NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully discovered",
      "NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube types successfully parsed",
      "NamespaceDeletionContentFailure=False ContentDeleted: All content successfully deleted, may be waiting on finalization",
      "NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: pods. has 2 resource instances",
      "NamespaceFinalizersRemaining=False ContentHasNoFinalizers: All content-preserving finalizers finished",
    ]);
    plane.run(1 * MINUTE);
    expect(plane.client.get(namespaces, "", "shop")).toBeUndefined();
    for (const kind of plane.api.registry.kinds.filter(({ namespaced, storedAs }) => namespaced && !storedAs))
      expect(plane.client.list(kind, "shop")).toEqual([]);
  });

  test("makes no new Pods meanwhile, and nobody complains", () => {
    const plane = new TestControlPlane();
    fill(plane);
    const created: string[] = [];
    plane.client.watch(pods, ({ type, object }) => {
      if (type === "ADDED") created.push(object.metadata.name);
    });
    plane.client.delete(namespaces, "", "shop");
    plane.run(1 * MINUTE);
    expect(created).toEqual([]);
    expect(plane.events("ReplicaSet").filter((text) => text.startsWith("FailedCreate"))).toEqual([]);
  });

  test("says what holds it", () => {
    const plane = new TestControlPlane();
    fill(plane);
    plane.client.patch(configMaps, { namespace: "shop", name: "settings" }, "merge-patch+json", {
      metadata: { finalizers: ["example.com/hold"] },
    });
    plane.client.delete(namespaces, "", "shop");
    plane.run(1 * MINUTE);
    expect(conditions(plane).slice(3)).toEqual([
      "NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances",
      "NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    ]);
    plane.client.patch(configMaps, { namespace: "shop", name: "settings" }, "merge-patch+json", {
      metadata: { finalizers: null },
    });
    plane.run(1 * MINUTE);
    expect(plane.client.get(namespaces, "", "shop")).toBeUndefined();
  });

  test("with nothing in it goes after five seconds", () => {
    const plane = new TestControlPlane();
    plane.client.create(namespaces, { metadata: { name: "empty" } });
    plane.run(1 * SECOND);
    plane.client.delete(namespaces, "", "empty");
    plane.run(4.9 * SECOND);
    expect(plane.client.get(namespaces, "", "empty")).toBeDefined();
    plane.run(0.2 * SECOND);
    expect(plane.client.get(namespaces, "", "empty")).toBeUndefined();
  });
});
