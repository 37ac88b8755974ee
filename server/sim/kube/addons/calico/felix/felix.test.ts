import { expect, test } from "vitest";
import { connect, listSets, saveRules, listElements } from "../../../../net/index.ts";
import { listen } from "../../../../net/testing.ts";
import { networkPolicies } from "../../../kinds/index.ts";
import { Stand } from "../../../reach-oracle/stand.ts";

test("x", async () => {
  let stand: Stand;
  try {
    stand = Stand.create(2);
  } catch (e) {
    console.log((e as Error).stack);
    throw e;
  }
  const web = stand.addPod({ name: "web", node: "node01", labels: { app: "web" } }, "10.244.1.5");
  const a = stand.addPod({ name: "a", node: "node01", labels: { app: "a" } }, "10.244.1.6");
  const b = stand.addPod({ name: "b", node: "controlplane", labels: { app: "b" } }, "10.244.0.6");
  listen(web, 80);
  await stand.startFelix();
  const tryIt = () =>
    [a, b, stand.node("node01"), stand.node("controlplane")].map(
      (ns) => connect(ns, { to: "10.244.1.5", port: 80 }).outcome,
    );
  console.log(tryIt());
  stand.client.create(networkPolicies, {
    metadata: { name: "p", namespace: "default" },
    spec: {
      podSelector: { matchLabels: { app: "web" } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: "b" } } }], ports: [{ port: 80 }] }],
    },
  });
  await stand.pass(1);
  console.log(tryIt());
  console.log(saveRules(stand.node("node01")));
  for (const [name, set] of listSets(stand.node("node01")))
    console.log(
      name,
      set.type,
      listElements(stand.node("node01"), set).map(([k]) => k),
    );
  expect(1).toBe(1);
});
