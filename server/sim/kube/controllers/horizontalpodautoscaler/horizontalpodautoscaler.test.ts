import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import type { HorizontalPodAutoscaler } from "../../api/index.ts";
import { horizontalPodAutoscalers } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const URL = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";

function autoscaler(on: TestControlPlane, spec: object = {}): HorizontalPodAutoscaler {
  return on.ok("POST", URL, {
    metadata: { name: "web" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 4,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
      ],
      ...spec,
    },
  });
}

function get(on: TestControlPlane): HorizontalPodAutoscaler {
  return on.client.get(horizontalPodAutoscalers, "default", "web")!;
}

function conditions(on: TestControlPlane): string[] {
  return (get(on).status.conditions ?? []).map(
    ({ type, status, reason, message }) => `${type}=${status} ${reason!}: ${message!}`,
  );
}

const NO_API =
  "unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";

describe("a HorizontalPodAutoscaler", () => {
  test("keeps to its limits, whatever is measured", () => {
    const on = new TestControlPlane();
    on.deploy("web", 1);
    autoscaler(on);
    on.run(16 * SECOND);
    expect(on.deployment("web").spec.replicas).toBe(2);
    expect(get(on).status).toMatchObject({
      currentReplicas: 1,
      desiredReplicas: 2,
      lastScaleTime: "2026-11-21T10:00:15Z",
    });
    on.scale("web", 9);
    on.run(31 * SECOND);
    expect(on.deployment("web").spec.replicas).toBe(4);
    expect(on.events("HorizontalPodAutoscaler")).toContain(
      "SuccessfulRescale New size: 2; reason: Current number of replicas below Spec.MinReplicas",
    );
    expect(on.events("HorizontalPodAutoscaler")).toContain(
      "SuccessfulRescale New size: 4; reason: Current number of replicas above Spec.MaxReplicas",
    );
  });

  test("without metrics says why it does nothing", () => {
    const on = new TestControlPlane();
    on.deploy("web", 3);
    on.run(5 * SECOND);
    autoscaler(on);
    on.run(20 * SECOND);
    const why = `failed to get cpu utilization: ${NO_API}`;
    expect(conditions(on)).toEqual([
      "AbleToScale=True SucceededGetScale: the HPA controller was able to get the target's current scale",
      `ScalingActive=False FailedGetResourceMetric: the HPA was unable to compute the replica count: ${why}`,
    ]);
    expect(on.events("HorizontalPodAutoscaler")).toEqual([
      `FailedGetResourceMetric ${why}`,
      `FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${why}`,
    ]);
    expect(on.cells(URL)).toMatchObject({
      Reference: "Deployment/web",
      Targets: "cpu: <unknown>/50%",
      MinPods: "2",
      MaxPods: 4,
      Replicas: 3,
    });
  });

  test("without a target says so", () => {
    const on = new TestControlPlane();
    autoscaler(on);
    on.run(20 * SECOND);
    expect(conditions(on)).toEqual([
      'AbleToScale=False FailedGetScale: the HPA controller was unable to get the target\'s current scale: deployments/scale.apps "web" not found',
    ]);
  });

  test("rests in a world that stands still", () => {
    const on = new TestControlPlane();
    on.deploy("web", 3);
    autoscaler(on);
    on.run(5 * MINUTE);
    expect(on.kernel.events().filter(({ kind }) => kind.includes("horizontalpodautoscaler"))).toEqual([]);
    on.scale("web", 1);
    on.run(16 * SECOND);
    expect(on.deployment("web").spec.replicas).toBe(2);
  });

  test("is seen in its older form, too", () => {
    const on = new TestControlPlane();
    autoscaler(on);
    expect(on.ok("GET", URL.replace("v2", "v1") + "/web")).toMatchObject({
      apiVersion: "autoscaling/v1",
      spec: { minReplicas: 2, maxReplicas: 4, targetCPUUtilizationPercentage: 50 },
      status: { currentReplicas: 0, desiredReplicas: 0 },
    });
    on.ok("POST", URL.replace("v2", "v1"), {
      metadata: { name: "old" },
      spec: { scaleTargetRef: { kind: "Deployment", name: "x" }, maxReplicas: 3, targetCPUUtilizationPercentage: 70 },
    });
    expect(on.ok("GET", `${URL}/old`)).toMatchObject({
      spec: {
        minReplicas: 1,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
        ],
      },
    });
  });
});

test.each([
  [
    { minReplicas: 0 },
    "[spec.minReplicas: Invalid value: 0: must be greater than or equal to 1, spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas]",
  ],
  [{ minReplicas: 9 }, "spec.maxReplicas: Invalid value: 4: must be greater than or equal to `minReplicas`"],
  [{ scaleTargetRef: { kind: "Deployment", name: "" } }, "spec.scaleTargetRef.name: Required value"],
  [
    { metrics: [{ type: "Resource" }] },
    "spec.metrics[0].resource: Required value: must populate information for the given metric source",
  ],
])("with %j it is refused", (spec, why) => {
  const on = new TestControlPlane();
  const body = {
    metadata: { name: "web" },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 4, ...spec },
  };
  expect(on.refused("POST", URL, body)).toBe(`422 HorizontalPodAutoscaler.autoscaling "web" is invalid: ${why}`);
});
