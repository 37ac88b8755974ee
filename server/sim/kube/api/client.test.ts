import { describe, expect, test } from "vitest";
import { configMaps, pods } from "../kinds/index.ts";
import { TestCluster } from "../kinds/testing.ts";
import { Client, Unreachable, isConflict, isNotFound } from "./client.ts";
import { parseLabelSelector, type Selector } from "./selectors/labels.ts";
import { isStatus } from "./status.ts";

const spec = { containers: [{ name: "c", image: "nginx" }] };

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("the client of this process", () => {
  test("goes through admission, validation and resourceVersions like everybody", () => {
    const { client } = new TestCluster();
    const pod = client.create(pods, { metadata: { name: "web", namespace: "default" }, spec });
    expect(pod.spec.serviceAccountName).toBe("default");
    client.update(pods, { ...pod, metadata: { ...pod.metadata, labels: { a: "b" } } });
    expect(isConflict(thrown(() => client.update(pods, pod)))).toBe(true);
    const bad = thrown(() => client.create(pods, { metadata: { name: "Web", namespace: "default" }, spec }));
    expect(isStatus(bad, "Invalid")).toBe(true);
    expect((bad as Error).message).toContain('Pod "Web" is invalid: metadata.name');
    expect(isNotFound(thrown(() => client.delete(pods, "default", "none")))).toBe(true);
  });

  test("reads objects without copies, and they are frozen", () => {
    const { client } = new TestCluster();
    client.create(pods, { metadata: { name: "web", namespace: "default" }, spec });
    const pod = client.get(pods, "default", "web")!;
    expect(client.list(pods)[0]).toBe(pod);
    expect(Object.isFrozen(pod.spec.containers)).toBe(true);
  });

  test("patches", () => {
    const { client } = new TestCluster();
    client.create(pods, { metadata: { name: "web", namespace: "default" }, spec });
    const target = { namespace: "default", name: "web" };
    expect(
      client.patch(pods, target, "merge-patch+json", { metadata: { labels: { a: "b" } } }).metadata.labels,
    ).toEqual({ a: "b" });
    const status = { conditions: [{ type: "Ready", status: "True" }] };
    client.patch(pods, { ...target, subresource: "status" }, "strategic-merge-patch+json", { status });
    client.patch(pods, { ...target, subresource: "status" }, "strategic-merge-patch+json", {
      status: { conditions: [{ type: "Initialized", status: "True" }] },
    });
    expect(
      client
        .get(pods, "default", "web")!
        .status.conditions?.map(({ type }) => type)
        .sort(),
    ).toEqual(["Initialized", "Ready"]);
    const path = "/metadata/labels/c";
    expect(client.patch(pods, target, "json-patch+json", [{ op: "add", path, value: "d" }]).metadata.labels).toEqual({
      a: "b",
      c: "d",
    });
  });

  test("finds objects by label, field and owner", () => {
    const { client } = new TestCluster();
    const owner = client.create(configMaps, { metadata: { name: "owner", namespace: "default" } });
    const reference = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.metadata.uid, controller: true };
    const names = (objects: readonly { metadata: { name: string } }[]): string[] =>
      objects.map(({ metadata }) => metadata.name);
    client.create(pods, {
      metadata: { name: "a", namespace: "default", labels: { app: "web" }, ownerReferences: [reference] },
      spec,
    });
    client.create(pods, {
      metadata: { name: "b", namespace: "default", labels: { app: "db" } },
      spec: { ...spec, nodeName: "node01" },
    });
    expect(names(client.owned(pods, owner.metadata.uid))).toEqual(["a"]);
    expect(names(client.byField(pods, "spec.nodeName", "node01"))).toEqual(["b"]);
    const web = parseLabelSelector("app=web") as Selector;
    expect(names(client.selected(pods, "default", web))).toEqual(["a"]);
    expect(names(client.selected(pods, "other", web))).toEqual([]);
    expect(names(client.selected(pods, "", parseLabelSelector("app") as Selector))).toEqual(["a", "b"]);
    client.patch(pods, { namespace: "default", name: "b" }, "merge-patch+json", {
      metadata: { labels: { app: "web" } },
    });
    expect(names(client.selected(pods, "", web))).toEqual(["a", "b"]);
    client.delete(pods, "default", "a");
    expect([names(client.selected(pods, "", web)), names(client.owned(pods, owner.metadata.uid))]).toEqual([["b"], []]);
  });

  test("hears of changes with what was before", () => {
    const { client } = new TestCluster();
    const heard: string[] = [];
    const stop = client.watch(configMaps, ({ type, object, previous }) =>
      heard.push(`${type} ${object.metadata.name} ${previous?.data?.["a"] ?? "-"} ${object.data?.["a"] ?? "-"}`),
    );
    const map = client.create(configMaps, { metadata: { name: "m", namespace: "default" }, data: { a: "1" } });
    client.update(configMaps, { ...map, data: { a: "2" } });
    client.delete(configMaps, "default", "m");
    stop();
    client.create(configMaps, { metadata: { name: "n", namespace: "default" } });
    expect(heard).toEqual(["ADDED m - 1", "MODIFIED m 1 2", "DELETED m 2 2"]);
  });

  test("cannot write while the way is closed", () => {
    const { api } = new TestCluster();
    let open = true;
    const client = new Client(api, { user: { name: "x", groups: [] }, userAgent: "x", reachable: () => open });
    client.create(configMaps, { metadata: { name: "m", namespace: "default" } });
    open = false;
    expect(thrown(() => client.delete(configMaps, "default", "m"))).toBeInstanceOf(Unreachable);
    expect(client.get(configMaps, "default", "m")).toBeDefined();
  });
});
