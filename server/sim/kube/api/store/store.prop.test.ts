import fc from "fast-check";
import { expect, test } from "vitest";
import type { Kernel } from "../../../kernel/index.ts";
import { restoreTestKernel, testKernel } from "../../../kernel/testing.ts";
import { configMaps } from "../../kinds/index.ts";
import { TestCluster, told } from "../../kinds/testing.ts";

const name = fc.constantFrom("a", "b", "c", "d");
const step = fc.oneof(
  fc.record({ do: fc.constant("create" as const), name, app: fc.constantFrom("x", "y") }),
  fc.record({ do: fc.constant("label" as const), name, app: fc.constantFrom("x", "y") }),
  fc.record({ do: fc.constant("delete" as const), name }),
  fc.record({ do: fc.constant("time" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const URL = "/api/v1/namespaces/default/configmaps";

function apply(cluster: TestCluster, next: Step): unknown {
  switch (next.do) {
    case "create":
      return cluster.call("POST", URL, {
        metadata: { generateName: "g-", name: next.name, labels: { app: next.app } },
      });
    case "label":
      return cluster.call(
        "PATCH",
        `${URL}/${next.name}`,
        { metadata: { labels: { app: next.app } } },
        { contentType: "application/merge-patch+json" },
      );
    case "delete":
      return cluster.call("DELETE", `${URL}/${next.name}`);
    case "time":
      return cluster.run(1_000_000);
  }
}

const everything = (cluster: TestCluster): unknown => [
  cluster.call("GET", URL),
  cluster.call("GET", `${URL}?labelSelector=app%3Dx`),
  told(cluster.watch(`${URL}?watch=1&resourceVersion=4`).events),
  cluster.api.store.revision,
];

const again = (kernel: Kernel): TestCluster => new TestCluster({ kernel, bare: true });

test("a forked or restored world answers and goes on as the first one, and leaves it alone", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.array(step, { maxLength: 10 }), (before, after) => {
      const first = new TestCluster({ kernel: testKernel() });
      // The label index exists before some of the writes.
      first.call("GET", `${URL}?labelSelector=app%3Dx`);
      for (const next of before) apply(first, next);
      const state = everything(first);

      const forked = again(first.kernel.fork());
      const restored = again(restoreTestKernel(first.kernel.snapshot()));
      expect(everything(forked)).toEqual(state);
      expect(everything(restored)).toEqual(state);

      const answers = after.map((next) => apply(forked, next));
      expect(after.map((next) => apply(restored, next))).toEqual(answers);
      expect(everything(restored)).toEqual(everything(forked));
      expect(everything(first)).toEqual(state);
      expect(after.map((next) => apply(first, next))).toEqual(answers);
    }),
    { numRuns: 60 },
  );
});

test("an index answers as a search through everything", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { client } = new TestCluster();
      const cluster = new TestCluster();
      expect(client.list(configMaps)).toEqual([]);
      for (const next of steps) {
        apply(cluster, next);
        const found = cluster.client.selected(configMaps, "default", [{ key: "app", operator: "=", values: ["x"] }]);
        const searched = cluster.client.list(configMaps).filter(({ metadata }) => metadata.labels?.["app"] === "x");
        expect(found).toEqual(searched);
      }
    }),
    { numRuns: 60 },
  );
});
