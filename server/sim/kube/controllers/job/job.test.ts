import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import type { Job } from "../../api/index.ts";
import { jobs, pods } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const URL = "/apis/batch/v1/namespaces/default/jobs";

function plane(): TestControlPlane {
  const made = new TestControlPlane();
  made.kubelets.ends.set("ok", 0);
  made.kubelets.ends.set("bad", 3);
  return made;
}

function job(on: TestControlPlane, image: string, spec: object = {}): Job {
  return on.ok("POST", URL, {
    metadata: { name: "work" },
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image }] } }, ...spec },
  });
}

function status(on: TestControlPlane): Job["status"] {
  return on.client.get(jobs, "default", "work")!.status;
}

function conditions(on: TestControlPlane): string[] {
  return (status(on).conditions ?? []).map(
    ({ type, status: is, reason, message }) => `${type}=${is} ${reason!}: ${message!}`,
  );
}

/** Event texts without the random ends of names. */
function told(on: TestControlPlane): string[] {
  return on.events("Job").map((text) => text.replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}$/, "-POD"));
}

describe("a Job", () => {
  test("succeeds with its Pod, and lets go of it", () => {
    const on = plane();
    const { metadata } = job(on, "ok");
    on.run(0.1 * SECOND);
    const [pod] = on.pods();
    expect(pod!.metadata).toMatchObject({
      generateName: "work-",
      finalizers: ["batch.kubernetes.io/job-tracking"],
      labels: {
        "batch.kubernetes.io/controller-uid": metadata.uid,
        "batch.kubernetes.io/job-name": "work",
        "controller-uid": metadata.uid,
        "job-name": "work",
      },
    });
    expect(status(on)).toEqual({
      active: 1,
      ready: 0,
      startTime: "2026-11-21T10:00:00Z",
      terminating: 0,
      uncountedTerminatedPods: {},
    });
    on.run(10 * SECOND);
    const done = { status: "True", reason: "CompletionsReached", message: "Reached expected number of succeeded pods" };
    const at = status(on).completionTime!;
    expect(status(on)).toEqual({
      completionTime: at,
      conditions: ["SuccessCriteriaMet", "Complete"].map((type) => ({
        type,
        lastProbeTime: at,
        lastTransitionTime: at,
        ...done,
      })),
      ready: 0,
      startTime: "2026-11-21T10:00:00Z",
      succeeded: 1,
      terminating: 0,
      uncountedTerminatedPods: {},
    });
    expect(on.pods()[0]!.metadata.finalizers).toBeUndefined();
    expect(told(on)).toEqual(["SuccessfulCreate Created pod: work-POD", "Completed Job completed"]);
    expect(on.cells(URL)).toMatchObject({ Status: "Complete", Completions: "1/1", Duration: "2s" });
    expect(on.kernel.events().filter(({ kind }) => kind.endsWith("/job"))).toEqual([]);
  });

  test("tries again after longer and longer times, until it has failed too often", () => {
    const on = plane();
    job(on, "bad", { backoffLimit: 2 });
    on.run(1 * MINUTE);
    // About 2, 14 and 36 seconds after the start: 10 and 20 seconds after a failure.
    expect(told(on)).toEqual([
      "SuccessfulCreate Created pod: work-POD",
      "SuccessfulCreate Created pod: work-POD",
      "SuccessfulCreate Created pod: work-POD",
      "BackoffLimitExceeded Job has reached the specified backoff limit",
    ]);
    const times = on.pods().map(({ metadata }) => Number(metadata.creationTimestamp.slice(17, 19)));
    const [first, second, third] = times.sort((a, b) => a - b) as [number, number, number];
    expect(second - first).toBeGreaterThanOrEqual(10);
    expect(third - second).toBeGreaterThanOrEqual(20);
    expect(conditions(on)).toEqual([
      "FailureTarget=True BackoffLimitExceeded: Job has reached the specified backoff limit",
      "Failed=True BackoffLimitExceeded: Job has reached the specified backoff limit",
    ]);
    expect(status(on)).toMatchObject({ failed: 3 });
    expect(on.cells(URL)).toMatchObject({ Status: "Failed", Completions: "0/1" });
  });

  test("has so many Pods at once and so many in all", () => {
    const on = plane();
    job(on, "ok", { completions: 5, parallelism: 2 });
    let most = 0;
    on.client.watch(pods, () => {
      most = Math.max(most, on.pods().filter(({ status: { phase } }) => phase !== "Succeeded").length);
    });
    on.run(30 * SECOND);
    expect(most).toBe(2);
    expect(on.pods()).toHaveLength(5);
    expect(status(on)).toMatchObject({ succeeded: 5 });
  });

  test("with indexes gives every Pod its number", () => {
    const on = plane();
    job(on, "ok", { completionMode: "Indexed", completions: 3, parallelism: 3 });
    on.run(0.1 * SECOND);
    const second = on.pods().find(({ spec }) => spec.hostname === "work-1")!;
    expect(second.metadata).toMatchObject({
      generateName: "work-1-",
      annotations: { "batch.kubernetes.io/job-completion-index": "1" },
      labels: { "batch.kubernetes.io/job-completion-index": "1" },
    });
    expect(second.spec.containers[0]!.env).toEqual([
      {
        name: "JOB_COMPLETION_INDEX",
        valueFrom: {
          fieldRef: { apiVersion: "v1", fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" },
        },
      },
    ]);
    on.run(10 * SECOND);
    expect(status(on)).toMatchObject({ succeeded: 3, completedIndexes: "0-2" });
  });

  test("is over when its time is", () => {
    const on = plane();
    job(on, "forever", { activeDeadlineSeconds: 30 });
    on.run(1 * MINUTE);
    expect(conditions(on)).toEqual([
      "FailureTarget=True DeadlineExceeded: Job was active longer than specified deadline",
      "Failed=True DeadlineExceeded: Job was active longer than specified deadline",
    ]);
    expect(on.pods()).toEqual([]);
    expect(told(on).slice(1)).toEqual([
      "SuccessfulDelete Deleted pod: work-POD",
      "DeadlineExceeded Job was active longer than specified deadline",
    ]);
  });

  test("is suspended and goes on", () => {
    const on = plane();
    job(on, "forever", { suspend: true });
    on.run(5 * SECOND);
    expect(on.pods()).toEqual([]);
    expect(conditions(on)).toEqual(["Suspended=True JobSuspended: Job suspended"]);
    const resume = (suspend: boolean): void => {
      on.client.patch(jobs, { namespace: "default", name: "work" }, "merge-patch+json", { spec: { suspend } });
      on.run(5 * SECOND);
    };
    resume(false);
    expect(on.pods()).toHaveLength(1);
    expect(status(on).startTime).toBe("2026-11-21T10:00:05Z");
    expect(conditions(on)).toEqual(["Suspended=False JobResumed: Job resumed"]);
    resume(true);
    expect(on.pods()).toEqual([]);
    expect(told(on)).toEqual([
      "Suspended Job suspended (x2)",
      "SuccessfulCreate Created pod: work-POD",
      "Resumed Job resumed",
      "SuccessfulDelete Deleted pod: work-POD",
    ]);
  });

  test("fails at once where its policy says so, and does not count what it says to ignore", () => {
    const policy = (action: string): object => ({
      podFailurePolicy: { rules: [{ action, onExitCodes: { operator: "In", values: [3] } }] },
    });
    const on = plane();
    job(on, "bad", policy("FailJob"));
    on.run(10 * SECOND);
    const name = on.pods()[0]!.metadata.name;
    const why = `Container c for pod default/${name} failed with exit code 3 matching FailJob rule at index 0`;
    expect(conditions(on)).toEqual([
      `FailureTarget=True PodFailurePolicy: ${why}`,
      `Failed=True PodFailurePolicy: ${why}`,
    ]);
    const other = plane();
    job(other, "bad", { ...policy("Ignore"), backoffLimit: 0 });
    other.run(20 * SECOND);
    expect(conditions(other)).toEqual([]);
    expect(status(other).failed).toBeUndefined();
  });

  test("is deleted some time after its end", () => {
    const on = plane();
    job(on, "ok", { ttlSecondsAfterFinished: 20 });
    on.run(15 * SECOND);
    expect(on.client.get(jobs, "default", "work")).toBeDefined();
    on.run(20 * SECOND);
    expect(on.client.get(jobs, "default", "work")).toBeUndefined();
    expect(on.pods()).toEqual([]);
  });

  test("takes its Pods along, counted or not", () => {
    const on = plane();
    job(on, "forever");
    on.run(5 * SECOND);
    on.ok("DELETE", `${URL}/work`, { propagationPolicy: "Background" });
    on.run(5 * SECOND);
    expect(on.pods()).toEqual([]);
  });
});

describe("a Job is refused", () => {
  const refused = (spec: object, template: object = {}): string =>
    plane().refused("POST", URL, {
      metadata: { name: "work" },
      spec: {
        template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "ok" }], ...template } },
        ...spec,
      },
    });
  const head = '422 Job.batch "work" is invalid: ';

  test.each([
    [
      {},
      { restartPolicy: undefined },
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
    [
      {},
      { restartPolicy: "Always" },
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
    [{ completions: -1 }, {}, "spec.completions: Invalid value: -1: must be greater than or equal to 0"],
    [
      { completionMode: "Indexed", parallelism: 1 },
      {},
      "spec.completions: Required value: when completion mode is Indexed",
    ],
    [
      { completionMode: "Sorted" },
      {},
      'spec.completionMode: Unsupported value: "Sorted": supported values: "NonIndexed", "Indexed"',
    ],
    [
      { maxFailedIndexes: 1, completionMode: "Indexed", completions: 2 },
      {},
      "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
    ],
  ])("%j %j", (spec, template, why) => {
    expect(refused(spec, template)).toBe(head + why);
  });

  test("when it changes what is for ever", () => {
    const on = plane();
    const made = job(on, "ok");
    const changed = { ...made, spec: { ...made.spec, completions: 4 } };
    expect(on.refused("PUT", `${URL}/work`, changed)).toBe(
      `${head}spec.completions: Invalid value: 4: field is immutable`,
    );
  });
});
