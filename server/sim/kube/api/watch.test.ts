import { describe, expect, test } from "vitest";
import { configMaps } from "../kinds/index.ts";
import { TestCluster, told } from "../kinds/testing.ts";

const NS = "/api/v1/namespaces/default";
const MERGE = { contentType: "application/merge-patch+json" };
const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };

function make(cluster: TestCluster, name: string, labels: Record<string, string> = {}): void {
  cluster.client.create(configMaps, { metadata: { name, namespace: "default", labels } });
}

function label(cluster: TestCluster, name: string, labels: Record<string, string | null>): void {
  cluster.ok("PATCH", `${NS}/configmaps/${name}`, { metadata: { labels } }, MERGE);
}

describe("a watch", () => {
  test("without a revision begins with what is there", () => {
    const cluster = new TestCluster();
    make(cluster, "a");
    make(cluster, "b");
    const watch = cluster.watch(`${NS}/configmaps?watch=true`);
    make(cluster, "c");
    label(cluster, "a", { x: "y" });
    cluster.client.delete(configMaps, "default", "b");
    expect(told(watch.events)).toEqual(["ADDED a", "ADDED b", "ADDED c", "MODIFIED a", "DELETED b"]);
    watch.stop();
    make(cluster, "d");
    expect(watch.events).toHaveLength(5);
  });

  test("from a revision tells what has happened since", () => {
    const cluster = new TestCluster();
    make(cluster, "a");
    const { metadata } = cluster.ok<{ metadata: { resourceVersion: string } }>("GET", `${NS}/configmaps`);
    make(cluster, "b");
    cluster.ok("POST", `${NS}/secrets`, { metadata: { name: "elsewhere" } });
    cluster.client.delete(configMaps, "default", "a");
    const watch = cluster.watch(`${NS}/configmaps?watch=true&resourceVersion=${metadata.resourceVersion}`);
    label(cluster, "b", { x: "y" });
    expect(told(watch.events)).toEqual(["ADDED b", "DELETED a", "MODIFIED b"]);
    const revisions = watch.events.map(({ object }) =>
      Number((object as { metadata: { resourceVersion: string } }).metadata.resourceVersion),
    );
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(revisions.at(-1)).toBe(cluster.api.store.revision);
  });

  test("from a forgotten revision is over at once", () => {
    const cluster = new TestCluster({ history: 3 });
    for (const name of ["a", "b", "c", "d", "e"]) make(cluster, name);
    const oldest = cluster.api.store.oldestRevision;
    const watch = cluster.watch(`${NS}/configmaps?watch=true&resourceVersion=2`);
    expect(watch.events).toEqual([
      {
        type: "ERROR",
        object: {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Failure",
          message: `too old resource version: 2 (${oldest - 1})`,
          reason: "Expired",
          code: 410,
        },
      },
    ]);
    expect(watch.ended).toBe(true);
    expect(told(cluster.watch(`${NS}/configmaps?watch=true&resourceVersion=${oldest - 1}`).events)).toEqual([
      "ADDED c",
      "ADDED d",
      "ADDED e",
    ]);
  });

  test("of a selection tells what comes and goes", () => {
    const cluster = new TestCluster();
    make(cluster, "a", { app: "web" });
    make(cluster, "b");
    const { events } = cluster.watch(`${NS}/configmaps?watch=true&labelSelector=app%3Dweb`);
    label(cluster, "b", { app: "web" });
    label(cluster, "b", { x: "y" });
    label(cluster, "b", { app: "db" });
    label(cluster, "b", { x: "z" });
    cluster.client.delete(configMaps, "default", "a");
    expect(told(events)).toEqual(["ADDED a", "ADDED b", "MODIFIED b", "DELETED b", "DELETED a"]);
    expect(events[3]!.object).toMatchObject({ metadata: { labels: { app: "web", x: "y" } } });
  });

  test("of one object, and of other namespaces", () => {
    const cluster = new TestCluster();
    const one = cluster.watch(`${NS}/configmaps?watch=true&fieldSelector=metadata.name%3Da`);
    const other = cluster.watch("/api/v1/namespaces/other/configmaps?watch=true");
    const all = cluster.watch("/api/v1/configmaps?watch=true");
    make(cluster, "a");
    make(cluster, "b");
    expect([told(one.events), told(other.events), told(all.events)]).toEqual([["ADDED a"], [], ["ADDED a", "ADDED b"]]);
  });

  test("ends when its time is over, without keeping the world awake", () => {
    const cluster = new TestCluster();
    const watch = cluster.watch(`${NS}/configmaps?watch=true&timeoutSeconds=5`);
    expect(cluster.kernel.converging).toBe(false);
    cluster.run(4_900_000);
    expect(watch.ended).toBe(false);
    cluster.run(200_000);
    expect(watch.ended).toBe(true);
    make(cluster, "a");
    expect(watch.events).toEqual([]);
  });

  test("that asks for the initial events hears where they end", () => {
    const cluster = new TestCluster();
    make(cluster, "a");
    const query = "watch=true&sendInitialEvents=true&allowWatchBookmarks=true";
    expect(cluster.refused("GET", `${NS}/configmaps?${query}`)).toContain(
      "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
    const { events } = cluster.watch(`${NS}/configmaps?${query}&resourceVersionMatch=NotOlderThan`);
    expect(events.map(({ type }) => type)).toEqual(["ADDED", "BOOKMARK"]);
    expect(events[1]!.object).toMatchObject({
      kind: "ConfigMap",
      metadata: {
        resourceVersion: String(cluster.api.store.revision),
        annotations: { "k8s.io/initial-events-end": "true" },
      },
    });
  });

  test("that hears nothing for long gets bookmarks", () => {
    const cluster = new TestCluster();
    const { events } = cluster.watch(`${NS}/configmaps?watch=true&allowWatchBookmarks=true&labelSelector=none`);
    for (let at = 0; at < 250; at++) make(cluster, `a${at}`);
    expect(events.map(({ type }) => type)).toEqual(["BOOKMARK"]);
  });

  test("as Tables has the headers in the first only", () => {
    const cluster = new TestCluster();
    make(cluster, "a");
    const { events } = cluster.watch(`${NS}/configmaps?watch=true`, TABLE);
    make(cluster, "b");
    const tables = events.map(
      ({ object }) => object as { kind: string; columnDefinitions: object[] | null; rows: { cells: unknown[] }[] },
    );
    expect(
      tables.map(({ kind, columnDefinitions, rows }) => [kind, columnDefinitions?.length, rows[0]!.cells[0]]),
    ).toEqual([
      ["Table", 3, "a"],
      ["Table", undefined, "b"],
    ]);
  });

  test("whose listener writes tells everybody in one order", () => {
    const cluster = new TestCluster();
    const first = cluster.watch(`${NS}/configmaps?watch=true`);
    const undo = cluster.client.watch(configMaps, ({ object }) => {
      if (object.metadata.name === "a") make(cluster, "made-by-listener");
    });
    const last = cluster.watch(`${NS}/configmaps?watch=true`);
    make(cluster, "a");
    undo();
    expect(told(first.events)).toEqual(["ADDED a", "ADDED made-by-listener"]);
    expect(told(last.events)).toEqual(["ADDED a", "ADDED made-by-listener"]);
  });
});
