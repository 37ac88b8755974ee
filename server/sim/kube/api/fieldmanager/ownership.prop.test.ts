import fc from "fast-check";
import { expect, test } from "vitest";
import { TestCluster } from "../../kinds/testing.ts";
import type { JsonObject } from "../json.ts";
import type { KubeObject } from "../types/meta.ts";
import { difference, intersection, isEmpty, NOTHING, paths, setOf, union } from "./field-set.ts";
import type { Fields } from "./fields.ts";

const URL = "/api/v1/namespaces/default/configmaps/m";
const MERGE = { contentType: "application/merge-patch+json" };
const APPLY = { contentType: "application/apply-patch+yaml" };

type Data = Record<string, string>;

const data = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"), { maxKeys: 3 });
const manager = fc.constantFrom("one", "two", "three");
const step = fc.oneof(
  fc.record({ do: fc.constant("apply" as const), manager, data, force: fc.boolean() }),
  fc.record({ do: fc.constant("update" as const), manager, data }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The rules in the plainest form: values, and for every manager and way the set of keys that it owns. */
class Naive {
  values: Data = {};
  owned = new Map<string, Set<string>>();

  #of(who: string): Set<string> {
    let set = this.owned.get(who);
    if (!set) this.owned.set(who, (set = new Set()));
    return set;
  }

  #disown(key: string, but: string): void {
    for (const [who, set] of this.owned) if (who !== but) set.delete(key);
  }

  update(who: string, next: Data): void {
    const way = `${who} Update`;
    for (const key of new Set([...Object.keys(this.values), ...Object.keys(next)])) {
      if (this.values[key] === next[key]) continue;
      this.#disown(key, next[key] === undefined ? "" : way);
      if (next[key] !== undefined) this.#of(way).add(key);
    }
    this.values = { ...next };
  }

  /** False if that is a conflict. */
  apply(who: string, config: Data, force: boolean): boolean {
    const way = `${who} Apply`;
    const last = [...(this.owned.get(way) ?? [])];
    const others = [...this.owned].filter(([other]) => other !== way);
    const taken = Object.keys(config).filter((key) => this.values[key] !== config[key]);
    if (!force && taken.some((key) => others.some(([, set]) => set.has(key)))) return false;
    for (const key of taken) this.#disown(key, way);
    const dropped = last.filter((key) => config[key] === undefined && !others.some(([, set]) => set.has(key)));
    this.values = { ...this.values, ...config };
    for (const key of dropped) delete this.values[key];
    this.owned.set(way, new Set(Object.keys(config)));
    return true;
  }

  get ownership(): Record<string, string[]> {
    return Object.fromEntries(
      [...this.owned]
        .filter(([, set]) => set.size > 0)
        .map(([who, set]) => [who, [...set].sort()] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
}

function ownership({ metadata }: KubeObject): Record<string, string[]> {
  const found = (metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 }) => {
    const keys = Object.keys(fieldsV1["f:data"] ?? {}).filter((key) => key !== ".");
    return [`${manager} ${operation}`, keys.map((key) => key.slice(2)).sort()] as const;
  });
  return Object.fromEntries(found.filter(([, keys]) => keys.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function config(values: Data): JsonObject {
  // An empty map is never there when it is looked for again, which makes it a conflict each time.
  const some: JsonObject = Object.keys(values).length > 0 ? { data: values } : {};
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", labels: { keep: "it" } }, ...some };
}

/** Carries a step out on the server; false if it conflicts. */
function carryOut(cluster: TestCluster, next: Step): boolean {
  if (next.do === "apply") {
    const url = `${URL}?fieldManager=${next.manager}&force=${next.force}`;
    const response = cluster.call("PATCH", url, config(next.data), APPLY);
    return response.kind === "object" && response.code < 300;
  }
  const old = cluster.ok<{ data?: Data }>("GET", URL).data ?? {};
  const gone = Object.fromEntries(Object.keys(old).map((key) => [key, null]));
  cluster.ok("PATCH", `${URL}?fieldManager=${next.manager}`, { data: { ...gone, ...next.data } }, MERGE);
  return true;
}

function begin(): TestCluster {
  const cluster = new TestCluster();
  cluster.ok("POST", URL.slice(0, -2), { metadata: { name: "m", labels: { keep: "it" } } });
  return cluster;
}

test("values and owners are those of the plain rules", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const cluster = begin();
      const naive = new Naive();
      for (const next of steps) {
        const expected = next.do === "apply" ? naive.apply(next.manager, next.data, next.force) : true;
        if (next.do === "update") naive.update(next.manager, next.data);
        expect(carryOut(cluster, next)).toBe(expected);
        const object = cluster.ok<KubeObject & { data?: Data }>("GET", URL);
        expect(object.data ?? {}).toEqual(naive.values);
        expect(ownership(object)).toEqual(naive.ownership);
      }
    }),
    { numRuns: 150 },
  );
});

test("what is applied twice is as applied once", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), manager, data, (steps, who, values) => {
      const cluster = begin();
      for (const next of steps) carryOut(cluster, next);
      const url = `${URL}?fieldManager=${who}&force=true`;
      const once = cluster.ok("PATCH", url, config(values), APPLY);
      cluster.run(2_000_000);
      expect(cluster.ok("PATCH", url, config(values), APPLY)).toEqual(once);
    }),
    { numRuns: 60 },
  );
});

const names = fc.array(fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }), { maxLength: 6 });
const texts = (set: Fields): Set<string> => new Set(paths(set).map((path) => path.join("/")));

test("sets of fields are sets of their paths", () => {
  fc.assert(
    fc.property(names, names, (left, right) => {
      const [a, b] = [setOf(...left), setOf(...right)];
      const [as, bs] = [texts(a), texts(b)];
      expect(as).toEqual(new Set(left.map((path) => path.map((name) => `f:${name}`).join("/"))));
      expect(texts(union(a, b))).toEqual(as.union(bs));
      expect(texts(difference(a, b))).toEqual(as.difference(bs));
      expect(texts(intersection(a, b))).toEqual(as.intersection(bs));
      expect(difference(a, NOTHING)).toBe(a);
      expect(isEmpty(difference(a, a))).toBe(true);
      // They are written in order, whichever way they came about.
      expect(JSON.stringify(union(a, b))).toBe(JSON.stringify(union(b, a)));
    }),
    { numRuns: 500 },
  );
});
