import { describe, expect, test } from "vitest";
import { HOUR, MINUTE, SECOND } from "../../kernel/index.ts";
import { restoreTestKernel } from "../../kernel/testing.ts";
import { events, pods } from "../kinds/index.ts";
import { TestCluster } from "../kinds/testing.ts";
import { EventRecorder, referenceTo, SeriesRecorder } from "./events.ts";
import type { Event } from "./types/core.ts";

const about = { kind: "Pod", namespace: "default", name: "web", uid: "u", apiVersion: "v1" };
const source = { component: "kubelet", host: "node01" };

function recorder(cluster: TestCluster): EventRecorder {
  return new EventRecorder(cluster.client, events, source);
}

const shown = (cluster: TestCluster): string[] =>
  cluster.client.list(events).map(({ reason, message, count }) => `${count}× ${reason}: ${message}`);

describe("a recorder", () => {
  test("writes an Event about an object", () => {
    const cluster = new TestCluster();
    const pod = cluster.client.create(pods, {
      metadata: { name: "web", namespace: "default" },
      spec: { containers: [{ name: "c", image: "x" }] },
    });
    recorder(cluster).event(referenceTo(pods, pod, "spec.containers{c}"), "Normal", "Pulled", "Pulled it");
    const [event] = cluster.client.list(events) as [Event];
    expect(event.metadata.name).toMatch(/^web\.[0-9a-f]{16}$/);
    expect(event).toMatchObject({
      metadata: { namespace: "default" },
      involvedObject: {
        kind: "Pod",
        namespace: "default",
        name: "web",
        uid: pod.metadata.uid,
        apiVersion: "v1",
        resourceVersion: pod.metadata.resourceVersion,
        fieldPath: "spec.containers{c}",
      },
      reason: "Pulled",
      message: "Pulled it",
      source,
      firstTimestamp: "2026-11-21T10:00:00Z",
      lastTimestamp: "2026-11-21T10:00:00Z",
      count: 1,
      type: "Normal",
      eventTime: null,
      reportingComponent: "kubelet",
      reportingInstance: "node01",
    });
  });

  test("counts what is equal", () => {
    const cluster = new TestCluster();
    const { event } = { event: recorder(cluster) };
    for (let at = 0; at < 3; at++) {
      event.event(about, "Warning", "BackOff", "Back-off");
      cluster.run(10 * SECOND);
    }
    event.event(about, "Warning", "Failed", "Failed");
    expect(shown(cluster)).toEqual(["3× BackOff: Back-off", "1× Failed: Failed"]);
    expect(cluster.client.list(events)[0]).toMatchObject({
      firstTimestamp: "2026-11-21T10:00:00Z",
      lastTimestamp: "2026-11-21T10:00:20Z",
    });
  });

  test("combines what differs in its message only", () => {
    const cluster = new TestCluster();
    const one = recorder(cluster);
    for (let at = 1; at <= 12; at++) one.event(about, "Warning", "Unhealthy", `try ${at}`);
    expect(shown(cluster)).toHaveLength(10);
    expect(shown(cluster).at(-1)).toBe("3× Unhealthy: (combined from similar events): try 12");
  });

  test("ignores an object that causes too many", () => {
    const cluster = new TestCluster();
    const one = recorder(cluster);
    for (let at = 0; at < 40; at++) one.event(about, "Normal", `R${at}`, "m");
    expect(cluster.client.list(events)).toHaveLength(25);
    one.event({ ...about, name: "other" }, "Normal", "R", "m");
    expect(cluster.client.list(events)).toHaveLength(26);
    cluster.run(5 * MINUTE);
    one.event(about, "Normal", "Later", "m");
    one.event(about, "Normal", "Too", "m");
    expect(cluster.client.list(events)).toHaveLength(27);
  });

  test("begins anew with an Event that is gone", () => {
    const cluster = new TestCluster();
    const one = recorder(cluster);
    one.event(about, "Normal", "R", "m");
    cluster.run(HOUR + SECOND);
    expect(cluster.client.list(events)).toEqual([]);
    one.event(about, "Normal", "R", "m");
    expect(shown(cluster)).toEqual(["2× R: m"]);
  });

  test("goes on counting in a restored world", () => {
    const cluster = new TestCluster();
    recorder(cluster).event(about, "Normal", "R", "m");
    const restored = new TestCluster({ kernel: restoreTestKernel(cluster.kernel.snapshot()), bare: true });
    recorder(restored).event(about, "Normal", "R", "m");
    expect(shown(restored)).toEqual(["2× R: m"]);
    expect(shown(cluster)).toEqual(["1× R: m"]);
  });
});

test("the newer recorder makes series", () => {
  const cluster = new TestCluster();
  const one = new SeriesRecorder(cluster.client, events, "default-scheduler", "default-scheduler-control");
  one.event(about, "Warning", "FailedScheduling", "Scheduling", "0/1 nodes are available");
  expect(cluster.client.list(events)[0]).toMatchObject({
    eventTime: "2026-11-21T10:00:00.000000Z",
    action: "Scheduling",
    reportingComponent: "default-scheduler",
    firstTimestamp: null,
    source: {},
  });
  cluster.run(10 * SECOND);
  one.event(about, "Warning", "FailedScheduling", "Scheduling", "other words");
  expect(cluster.client.list(events)).toHaveLength(1);
  expect(cluster.client.list(events)[0]).toMatchObject({
    message: "0/1 nodes are available",
    series: { count: 2, lastObservedTime: "2026-11-21T10:00:10.000000Z" },
  });
  cluster.run(7 * MINUTE);
  one.event(about, "Warning", "FailedScheduling", "Scheduling", "later");
  expect(cluster.client.list(events)).toHaveLength(2);
});
