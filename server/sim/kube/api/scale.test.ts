import { describe, expect, test } from "vitest";
import { cpu } from "../../kernel/bench.ts";
import { configMaps, namespaces } from "../kinds/index.ts";
import { TestCluster, told } from "../kinds/testing.ts";

const MANY = 10_000;
const WATCHES = 1_000;

function spent(work: () => void): number {
  const before = cpu();
  work();
  return cpu() - before;
}

describe("ten thousand objects", () => {
  const cluster = new TestCluster({ freeze: false });
  for (let at = 0; at < 10; at++) cluster.client.create(namespaces, { metadata: { name: `ns${at}` } });
  for (let at = 0; at < MANY; at++)
    cluster.client.create(configMaps, {
      metadata: {
        name: `m${String(at).padStart(5, "0")}`,
        namespace: `ns${at % 10}`,
        labels: { shard: String(at % 100) },
      },
    });

  test("are listed in less than 100 ms, and watched", () => {
    const url = "/api/v1/configmaps";
    cluster.call("GET", url);
    const list = spent(() => {
      expect(cluster.ok<{ items: unknown[] }>("GET", url).items).toHaveLength(MANY);
    });
    expect(list).toBeLessThan(100);
    const start = spent(() => {
      const watch = cluster.watch(`${url}?watch=true`);
      expect(watch.events).toHaveLength(MANY);
      watch.stop();
    });
    expect(start).toBeLessThan(100);
  });

  test("are found by label and namespace without looking at all", () => {
    const url = "/api/v1/configmaps?labelSelector=shard%3D7";
    cluster.call("GET", url);
    const times = spent(() => {
      for (let at = 0; at < 100; at++) expect(cluster.ok<{ items: unknown[] }>("GET", url).items).toHaveLength(100);
    });
    expect(times).toBeLessThan(200);
  });

  test("come in pages of one and the same revision", () => {
    interface Page {
      metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
      items: { metadata: { name: string } }[];
    }
    const url = "/api/v1/namespaces/ns3/configmaps?limit=300";
    let page = cluster.ok<Page>("GET", url);
    const first = page.metadata;
    expect(first.remainingItemCount).toBe(700);
    const names = page.items.map(({ metadata }) => metadata.name);
    // What happens meanwhile is not seen: one more, one less, one changed.
    cluster.client.create(configMaps, { metadata: { name: "zz", namespace: "ns3" } });
    cluster.client.delete(configMaps, "ns3", "m09003");
    while (page.metadata.continue !== undefined) {
      page = cluster.ok<Page>("GET", `${url}&continue=${page.metadata.continue}`);
      expect(page.metadata.resourceVersion).toBe(first.resourceVersion);
      names.push(...page.items.map(({ metadata }) => metadata.name));
    }
    expect(names).toHaveLength(1000);
    expect(names).toContain("m09003");
    expect(names).not.toContain("zz");
  });

  test("with a thousand watches: a write costs those whom it concerns", () => {
    const heard: string[] = [];
    const watches = Array.from({ length: WATCHES }, (_, at) => {
      const name = `m${String(at * 10).padStart(5, "0")}`;
      const watch = cluster.call(
        "GET",
        `/api/v1/namespaces/ns0/configmaps?watch=true&resourceVersion=${cluster.api.store.revision}&fieldSelector=metadata.name%3D${name}`,
      );
      if (watch.kind !== "watch") throw new Error("no watch");
      watch.watch.start(
        ({ object }) => heard.push((object as { metadata: { name: string } }).metadata.name),
        () => {},
      );
      return watch.watch;
    });
    const touch = (value: string): void => {
      const object = cluster.client.get(configMaps, "ns0", "m00010")!;
      cluster.client.update(configMaps, { ...object, data: { value } });
    };
    touch("0");
    const busy = spent(() => {
      for (let at = 1; at <= 300; at++) touch(String(at));
    });
    for (const watch of watches) watch.stop();
    const quiet = spent(() => {
      for (let at = 1; at <= 300; at++) touch(`-${at}`);
    });
    expect(heard).toHaveLength(301);
    expect(new Set(heard)).toEqual(new Set(["m00010"]));
    expect(busy).toBeLessThan(quiet * 3 + 30);
  });
});

test("a page of a revision that is forgotten says how to go on", () => {
  const cluster = new TestCluster({ history: 3 });
  const make = (name: string): unknown =>
    cluster.client.create(configMaps, { metadata: { name, namespace: "default" } });
  for (const name of ["a", "b", "c"]) make(name);
  const url = "/api/v1/namespaces/default/configmaps?limit=1";
  const { metadata } = cluster.ok<{ metadata: { continue: string } }>("GET", url);
  for (const name of ["d", "e", "f", "g"]) make(name);
  const refusal = cluster.refusal("GET", `${url}&continue=${metadata.continue}`);
  expect(refusal).toMatchObject({ code: 410, reason: "Expired" });
  expect(refusal.message).toContain("The provided continue parameter is too old to display a consistent list result.");
  const rest = (refusal.metadata as { continue: string }).continue;
  const next = cluster.ok<{ items: { metadata: { name: string } }[] }>("GET", `${url}&continue=${rest}`);
  expect(next.items.map((item) => item.metadata.name)).toEqual(["b"]);
  expect(cluster.refused("GET", `${url}&resourceVersion=3&resourceVersionMatch=Exact`)).toBe(
    "410 The resourceVersion for the provided list is too old.",
  );
});

test("a watch by label hears of who comes and goes", () => {
  const cluster = new TestCluster();
  const { events } = cluster.watch("/api/v1/configmaps?watch=true&labelSelector=app%3Dx,tier");
  const object = cluster.client.create(configMaps, {
    metadata: { name: "a", namespace: "default", labels: { app: "x", tier: "t" } },
  });
  const other = cluster.client.update(configMaps, {
    ...object,
    metadata: { ...object.metadata, labels: { app: "y" } },
  });
  cluster.client.update(configMaps, { ...other, data: { a: "1" } });
  expect(told(events)).toEqual(["ADDED a", "DELETED a"]);
});

describe("list options", () => {
  const cluster = new TestCluster();
  const cases: [query: string, words: string][] = [
    ["limit=x", '400 strconv.ParseInt: parsing "x": invalid syntax'],
    [
      "resourceVersionMatch=Exact",
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      "resourceVersion=1&resourceVersionMatch=Some",
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Some": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      "resourceVersion=0&resourceVersionMatch=Exact",
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      "sendInitialEvents=true",
      '422 ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    ],
    [
      "watch=1&resourceVersionMatch=NotOlderThan",
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
    ["continue=abc", "400 invalid continue token: continue key is not valid: invalid character in the token"],
    ["continue=ab!c", "400 invalid continue token: continue key is not valid: illegal base64 data at input byte 2"],
  ];
  test.each(cases)("%s", (query, words) => {
    expect(cluster.refused("GET", `/api/v1/configmaps?${query}`)).toBe(words);
  });
});
