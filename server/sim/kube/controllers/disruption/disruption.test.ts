import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import type { PodDisruptionBudget } from "../../api/index.ts";
import { podDisruptionBudgets, pods } from "../../kinds/index.ts";
import { isPodActive } from "../pod-state.ts";
import { TestControlPlane } from "../testing.ts";

const URL = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

function budget(on: TestControlPlane, spec: object): PodDisruptionBudget {
  return on.ok("POST", URL, {
    metadata: { name: "web" },
    spec: { selector: { matchLabels: { app: "web" } }, ...spec },
  });
}

function status(on: TestControlPlane): PodDisruptionBudget["status"] {
  return on.client.get(podDisruptionBudgets, "default", "web")!.status;
}

function evict(on: TestControlPlane, name: string, deleteOptions: object = {}): ReturnType<TestControlPlane["call"]> {
  return on.call("POST", `/api/v1/namespaces/default/pods/${name}/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace: "default" },
    deleteOptions,
  });
}

describe("a budget", () => {
  test.each([
    [{ minAvailable: 2 }, { desiredHealthy: 2, disruptionsAllowed: 1, expectedPods: 3 }],
    [{ minAvailable: "50%" }, { desiredHealthy: 2, disruptionsAllowed: 1, expectedPods: 3 }],
    [{ maxUnavailable: 1 }, { desiredHealthy: 2, disruptionsAllowed: 1, expectedPods: 3 }],
    [{ maxUnavailable: "100%" }, { desiredHealthy: 0, disruptionsAllowed: 3, expectedPods: 3 }],
    [{ minAvailable: 3 }, { desiredHealthy: 3, disruptionsAllowed: 0, expectedPods: 3 }],
  ])("of %j counts", (spec, counts) => {
    const on = new TestControlPlane();
    on.deploy("web", 3);
    on.run(5 * SECOND);
    budget(on, spec);
    on.run(1 * SECOND);
    const allowed = counts.disruptionsAllowed > 0;
    expect(status(on)).toEqual({
      ...counts,
      currentHealthy: 3,
      observedGeneration: 1,
      conditions: [
        {
          type: "DisruptionAllowed",
          status: allowed ? "True" : "False",
          observedGeneration: 1,
          lastTransitionTime: "2026-11-21T10:00:05Z",
          reason: allowed ? "SufficientPods" : "InsufficientPods",
          message: "",
        },
      ],
    });
  });

  test("without Pods says so, and allows nothing", () => {
    const on = new TestControlPlane();
    budget(on, { minAvailable: 1 });
    on.run(1 * SECOND);
    expect(on.events("PodDisruptionBudget")).toEqual(["NoPods No matching pods found (x2)"]);
    expect(on.cells(URL)).toMatchObject({
      "Min Available": "1",
      "Max Unavailable": "N/A",
      "Allowed Disruptions": 0,
    });
  });

  test.each([
    [
      { minAvailable: "120%" },
      'spec.minAvailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"120%"}: must not be greater than 100%',
    ],
    [{ maxUnavailable: -1 }, "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0"],
    [
      { minAvailable: 1, unhealthyPodEvictionPolicy: "Never" },
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ],
  ])("of %j is refused", (spec, why) => {
    const on = new TestControlPlane();
    expect(on.refused("POST", URL, { metadata: { name: "web" }, spec })).toBe(
      `422 PodDisruptionBudget.policy "web" is invalid: ${why}`,
    );
  });
});

describe("an eviction", () => {
  function three(spec: object): { on: TestControlPlane; names: string[] } {
    const on = new TestControlPlane();
    on.deploy("web", 3);
    on.run(5 * SECOND);
    budget(on, spec);
    on.run(1 * SECOND);
    return { on, names: on.pods().map(({ metadata }) => metadata.name) };
  }

  test("uses the budget up, and is refused when it is", () => {
    const { on, names } = three({ minAvailable: 2 });
    expect(evict(on, names[0]!)).toMatchObject({ code: 201, object: { kind: "Status", status: "Success" } });
    expect(status(on)).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { [names[0]!]: "2026-11-21T10:00:06Z" } });
    const pod = on.client.get(pods, "default", names[0]!)!;
    expect(pod.metadata.deletionTimestamp).toBeDefined();
    expect(pod.status.conditions).toContainEqual({
      type: "DisruptionTarget",
      status: "True",
      lastProbeTime: null,
      lastTransitionTime: "2026-11-21T10:00:06Z",
      reason: "EvictionByEvictionAPI",
      message: "Eviction API: evicting",
    });
    expect(evict(on, names[1]!)).toMatchObject({
      code: 429,
      object: {
        kind: "Status",
        status: "Failure",
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        reason: "TooManyRequests",
        details: {
          causes: [
            {
              reason: "DisruptionBudget",
              message: "The disruption budget web needs 2 healthy pods and has 3 currently",
            },
          ],
        },
        code: 429,
      },
    });
    // The replacement is ready after a while: there is room for another one.
    on.run(3 * SECOND);
    expect(on.pods().filter(isPodActive)).toHaveLength(3);
    expect(status(on).disruptedPods).toBeUndefined();
    expect(evict(on, names[1]!)).toMatchObject({ code: 201 });
  });

  test("waits for a budget that was not looked at yet", () => {
    const on = new TestControlPlane();
    on.deploy("web", 1);
    on.run(5 * SECOND);
    budget(on, { minAvailable: 0 });
    expect(evict(on, on.pods()[0]!.metadata.name)).toMatchObject({
      code: 429,
      object: {
        details: {
          retryAfterSeconds: 10,
          causes: [{ message: "The disruption budget web is still being processed by the server." }],
        },
      },
    });
  });

  test("that is only tried uses nothing up", () => {
    const { on, names } = three({ minAvailable: 2 });
    expect(evict(on, names[0]!, { dryRun: ["All"] })).toMatchObject({ code: 201 });
    expect(status(on).disruptionsAllowed).toBe(1);
    expect(on.pods().filter(isPodActive)).toHaveLength(3);
  });

  test("of a Pod that two budgets protect is more than the server can do", () => {
    const { on, names } = three({ minAvailable: 1 });
    on.ok("POST", URL, { metadata: { name: "other" }, spec: { maxUnavailable: 1, selector: {} } });
    on.run(1 * SECOND);
    expect(evict(on, names[0]!)).toMatchObject({
      code: 500,
      object: {
        message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
      },
    });
  });

  test("minds what the client knows of the Pod", () => {
    const { on, names } = three({ minAvailable: 1 });
    expect(evict(on, names[0]!, { preconditions: { uid: "other" } })).toMatchObject({ code: 409 });
    on.run(1 * MINUTE);
    expect(on.pods().filter(isPodActive)).toHaveLength(3);
  });
});
