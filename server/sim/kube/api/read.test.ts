import { describe, expect, test } from "vitest";
import { configMaps } from "../kinds/index.ts";
import { TestCluster } from "../kinds/testing.ts";

const NS = "/api/v1/namespaces/default";

interface List {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

const namesOf = ({ items }: List): string[] => items.map(({ metadata }) => metadata.name);

function filled(): TestCluster {
  const cluster = new TestCluster();
  const make = (name: string, labels: Record<string, string>): unknown =>
    cluster.client.create(configMaps, { metadata: { name, namespace: "default", labels } });
  make("a", { app: "web", tier: "front" });
  make("b", { app: "web", tier: "back" });
  make("c", { app: "db" });
  make("d", {});
  return cluster;
}

describe("label selectors", () => {
  const cluster = filled();

  test.each([
    ["", "abcd"],
    ["app=web", "ab"],
    ["app==web", "ab"],
    ["app!=web", "cd"],
    ["app", "abc"],
    ["!app", "d"],
    ["app in (web, db)", "abc"],
    ["tier notin (front)", "bcd"],
    ["app=web,tier=back", "b"],
    ["app=web,!tier", ""],
    ["app in (),tier", ""],
  ])("%j chooses %j", (selector, names) => {
    const list = cluster.ok<List>("GET", `${NS}/configmaps?labelSelector=${encodeURIComponent(selector)}`);
    expect(namesOf(list).join("")).toBe(names);
  });

  test.each([
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["app in web", "unable to parse requirement: found 'web' expected: '('"],
    ["app in (web", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["app=a=b", "found '=', expected: ',' or 'end of string'"],
    ["=x", "found '=', expected: !, identifier, or 'end of string'"],
  ])("%j is none", (selector, text) => {
    expect(cluster.refused("GET", `${NS}/configmaps?labelSelector=${encodeURIComponent(selector)}`)).toContain(text);
  });

  test("a bad value", () => {
    expect(cluster.refused("GET", `${NS}/configmaps?labelSelector=app%3D-x`)).toContain(
      `values[0][app]: Invalid value: "-x": a valid label must be an empty string or consist of alphanumeric characters`,
    );
  });
});

describe("field selectors", () => {
  const cluster = filled();

  test.each([
    ["metadata.name=b", "b"],
    ["metadata.name!=b", "acd"],
    ["metadata.namespace=default,metadata.name==c", "c"],
    ["metadata.namespace=other", ""],
  ])("%j chooses %j", (selector, names) => {
    expect(namesOf(cluster.ok("GET", `${NS}/configmaps?fieldSelector=${encodeURIComponent(selector)}`)).join("")).toBe(
      names,
    );
  });

  test("what cannot be asked", () => {
    expect(cluster.refused("GET", `${NS}/configmaps?fieldSelector=data.a%3Db`)).toBe(
      `400 "data.a" is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
    expect(cluster.refused("GET", `${NS}/pods?fieldSelector=spec.image%3Db`)).toBe(
      "400 field label not supported: spec.image",
    );
    expect(cluster.refused("GET", `${NS}/pods?fieldSelector=oops`)).toBe(
      "400 invalid selector: 'oops'; can't understand 'oops'",
    );
  });
});

describe("pages", () => {
  test("follow each other", () => {
    const cluster = filled();
    const first = cluster.ok<List>("GET", `${NS}/configmaps?limit=2`);
    expect([namesOf(first), first.metadata.remainingItemCount]).toEqual([["a", "b"], 2]);
    const token = encodeURIComponent(first.metadata.continue!);
    const second = cluster.ok<List>("GET", `${NS}/configmaps?limit=2&continue=${token}`);
    expect([namesOf(second), second.metadata.continue]).toEqual([["c", "d"], undefined]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(cluster.refused("GET", `${NS}/configmaps?limit=2&resourceVersion=3&continue=${token}`)).toBe(
      "400 specifying resource version is not allowed when using continue",
    );
  });

  test("of a selection do not tell how many remain", () => {
    const { metadata } = filled().ok<List>("GET", `${NS}/configmaps?limit=1&labelSelector=app`);
    expect(metadata.continue).toBeDefined();
    expect(metadata.remainingItemCount).toBeUndefined();
  });

  test("with a token of somebody else", () => {
    expect(filled().refused("GET", `${NS}/configmaps?continue=xyz`)).toContain("400 invalid continue token");
  });
});

test("lists carry the revision of the store", () => {
  const cluster = filled();
  const { metadata } = cluster.ok<List>("GET", `${NS}/secrets`);
  expect(metadata.resourceVersion).toBe(String(cluster.api.store.revision));
  expect(cluster.refused("GET", `${NS}/secrets?resourceVersion=9999`)).toBe(
    `504 Timeout: Too large resource version: 9999, current: ${cluster.api.store.revision}`,
  );
  expect(cluster.refused("GET", `${NS}/secrets?resourceVersion=x`)).toContain("invalid resource version");
});

test("objects of all namespaces stand in the order of their keys", () => {
  const cluster = new TestCluster();
  for (const name of ["b", "a-b", "a"]) cluster.ok("POST", "/api/v1/namespaces", { metadata: { name } });
  for (const namespace of ["b", "a-b", "a"])
    for (const name of ["y", "x"]) cluster.client.create(configMaps, { metadata: { name, namespace } });
  const { items } = cluster.ok<{ items: { metadata: { name: string; namespace: string } }[] }>(
    "GET",
    "/api/v1/configmaps",
  );
  expect(items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
    "a-b/x",
    "a-b/y",
    "a/x",
    "a/y",
    "b/x",
    "b/y",
  ]);
  expect(namesOf(cluster.ok("GET", "/api/v1/namespaces/a/configmaps"))).toEqual(["x", "y"]);
});
