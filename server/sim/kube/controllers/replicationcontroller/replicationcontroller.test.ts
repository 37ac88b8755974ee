import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { replicationControllers } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const URL = "/api/v1/namespaces/default/replicationcontrollers";

test("a ReplicationController keeps its Pods, by the labels of its template", () => {
  const plane = new TestControlPlane();
  plane.ok("POST", URL, {
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
    },
  });
  plane.run(5 * SECOND);
  expect(plane.client.get(replicationControllers, "default", "web")).toMatchObject({
    metadata: { labels: { app: "web" }, generation: 1 },
    spec: { selector: { app: "web" } },
    status: { replicas: 2, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2, observedGeneration: 1 },
  });
  expect(plane.pods()[0]!.metadata.ownerReferences![0]).toMatchObject({
    apiVersion: "v1",
    kind: "ReplicationController",
  });
  expect(plane.cells(URL)).toMatchObject({ Desired: 2, Current: 2, Ready: 2, Selector: "app=web" });
  plane.client.patch(
    replicationControllers,
    { namespace: "default", name: "web", subresource: "scale" },
    "merge-patch+json",
    { spec: { replicas: 1 } },
  );
  plane.run(5 * SECOND);
  expect(plane.pods()).toHaveLength(1);
  expect(plane.events("ReplicationController").map((text) => text.replace(/web-.{5}$/, "POD"))).toEqual([
    "SuccessfulCreate Created pod: POD",
    "SuccessfulCreate Created pod: POD",
    "SuccessfulDelete Deleted pod: POD",
  ]);
});
