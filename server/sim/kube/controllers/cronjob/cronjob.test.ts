import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import type { CronJob } from "../../api/index.ts";
import { cronJobs, jobs } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const URL = "/apis/batch/v1/namespaces/default/cronjobs";

function plane(): TestControlPlane {
  const made = new TestControlPlane();
  made.kubelets.ends.set("ok", 0);
  made.kubelets.ends.set("bad", 1);
  return made;
}

function cronJob(on: TestControlPlane, image: string, spec: object = {}): CronJob {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image }] } };
  return on.ok("POST", URL, {
    metadata: { name: "tick" },
    spec: { schedule: "*/1 * * * *", jobTemplate: { spec: { template } }, ...spec },
  });
}

function names(on: TestControlPlane): string[] {
  return on.client.list(jobs, "default").map(({ metadata }) => metadata.name);
}

function status(on: TestControlPlane): CronJob["status"] {
  return on.client.get(cronJobs, "default", "tick")!.status;
}

/** Minutes since 1970 at 2026-11-21T10:00:00Z. */
const TEN = 29_920_920;

describe("a CronJob", () => {
  test("starts a Job at every full minute, and keeps the last three that are over", () => {
    const on = plane();
    cronJob(on, "ok");
    on.run(59 * SECOND);
    expect(names(on)).toEqual([]);
    on.run(2 * SECOND);
    expect(names(on)).toEqual([`tick-${TEN + 1}`]);
    const [job] = on.client.list(jobs, "default");
    expect(job!.metadata.annotations).toEqual({
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-11-21T10:01:00Z",
    });
    expect(status(on)).toMatchObject({
      active: [{ kind: "Job", namespace: "default", name: `tick-${TEN + 1}`, apiVersion: "batch/v1" }],
      lastScheduleTime: "2026-11-21T10:01:00Z",
    });
    expect(on.cells(URL)).toMatchObject({ Schedule: "*/1 * * * *", Timezone: "<none>", Suspend: "False", Active: 1 });
    on.run(5 * MINUTE);
    expect(names(on)).toEqual([3, 4, 5, 6].map((minute) => `tick-${TEN + minute}`));
    expect(status(on)).toMatchObject({ lastScheduleTime: "2026-11-21T10:06:00Z" });
    expect(on.events("CronJob").slice(0, 3)).toEqual([
      `SuccessfulCreate Created job tick-${TEN + 1}`,
      `SawCompletedJob Saw completed job: tick-${TEN + 1}, condition: Complete`,
      `SuccessfulCreate Created job tick-${TEN + 2}`,
    ]);
    expect(on.events("CronJob")).toContain(`SuccessfulDelete Deleted job tick-${TEN + 1}`);
  });

  test("does not start another one while one runs, if it must not", () => {
    const on = plane();
    cronJob(on, "forever", { concurrencyPolicy: "Forbid" });
    on.run(3 * MINUTE + SECOND);
    expect(names(on)).toEqual([`tick-${TEN + 1}`]);
    expect(on.events("CronJob")).toContain(
      "JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid (x2)",
    );
  });

  test("replaces the one that runs, if it shall", () => {
    const on = plane();
    cronJob(on, "forever", { concurrencyPolicy: "Replace" });
    on.run(2 * MINUTE + 10 * SECOND);
    expect(names(on)).toEqual([`tick-${TEN + 2}`]);
    expect(status(on).active).toHaveLength(1);
  });

  test("suspended starts none, and waits for nothing", () => {
    const on = plane();
    cronJob(on, "ok", { suspend: true });
    on.run(3 * MINUTE);
    expect(names(on)).toEqual([]);
    expect(on.kernel.events().filter(({ kind }) => kind.endsWith("/cronjob"))).toEqual([]);
  });

  test("of a place starts by its clock", () => {
    const on = plane();
    cronJob(on, "ok", { schedule: "35 15 * * *", timeZone: "Asia/Kolkata" });
    on.run(6 * MINUTE);
    expect(on.client.list(jobs, "default")[0]!.metadata.annotations).toEqual({
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-11-21T15:35:00+05:30",
    });
  });

  test("that was late says so", () => {
    const on = plane();
    cronJob(on, "ok", { schedule: "1 * * * *", startingDeadlineSeconds: 10 });
    on.active = false;
    on.run(5 * MINUTE);
    on.active = true;
    on.manager.start();
    on.run(1 * SECOND);
    expect(names(on)).toEqual([]);
  });
});

describe("a CronJob is refused", () => {
  test.each([
    [{ schedule: "" }, "spec.schedule: Required value"],
    [{ schedule: "* * * *" }, 'spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
    [
      { schedule: "61 * * * *" },
      'spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61',
    ],
    [{ timeZone: "Mars/Olympus" }, 'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
    [
      { concurrencyPolicy: "Maybe" },
      'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
    ],
    [
      { schedule: "TZ=UTC 0 * * * *" },
      'spec.schedule: Invalid value: "TZ=UTC 0 * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ],
  ])("%j", (spec, why) => {
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "ok" }] } };
    const body = {
      metadata: { name: "tick" },
      spec: { schedule: "@daily", jobTemplate: { spec: { template } }, ...spec },
    };
    expect(plane().refused("POST", URL, body)).toBe(`422 CronJob.batch "tick" is invalid: ${why}`);
  });
});
