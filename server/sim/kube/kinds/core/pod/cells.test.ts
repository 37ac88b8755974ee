import { expect, test } from "vitest";
import { fromCalendar } from "../../../../kernel/index.ts";
import type { ContainerStatus, Pod } from "../../../api/index.ts";
import { podCells, podRowConditions } from "./cells.ts";

const NOW = fromCalendar(2026, 11, 21, 10);

type State = Partial<ContainerStatus["state"]>;

const running: State = { running: { startedAt: "2026-11-21T09:00:00Z" } };
const waiting = (reason: string): State => ({ waiting: { reason } });
const ended = (exitCode: number, reason?: string, signal?: number): State => ({
  terminated: { exitCode, ...(reason && { reason }), ...(signal && { signal }) },
});

/** A container's status: ready if it runs; `last` is when the one before ended. */
function status(name: string, state: State, more: Partial<ContainerStatus> & { last?: string } = {}): ContainerStatus {
  const { last, ...rest } = more;
  const lastState = last ? { terminated: { exitCode: 1, finishedAt: last } } : {};
  const ready = state.running !== undefined;
  return { name, state, ready, restartCount: 0, lastState, image: "", imageID: "", ...rest };
}

interface Parts {
  readonly init?: readonly (ContainerStatus & { sidecar?: boolean })[];
  readonly main?: readonly ContainerStatus[];
  readonly status?: object;
  readonly spec?: object;
  readonly metadata?: object;
}

function pod({ init = [], main = [], ...more }: Parts): Pod {
  const container = ({ name, sidecar }: ContainerStatus & { sidecar?: boolean }): object => ({
    name,
    ...(sidecar && { restartPolicy: "Always" }),
  });
  return {
    metadata: { name: "web", creationTimestamp: "2026-11-21T09:55:00Z", ...more.metadata },
    spec: { initContainers: init.map(container), containers: main.map(container), ...more.spec },
    status: { phase: "Pending", initContainerStatuses: init, containerStatuses: main, ...more.status },
  } as unknown as Pod;
}

const sidecar = (state: State, more: object = {}): ContainerStatus & { sidecar: boolean } => ({
  ...status("side", state, { started: state.running !== undefined, ...more }),
  sidecar: true,
});

const initialized = { conditions: [{ type: "Initialized", status: "True" }] };
const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

test.each<[string, Parts, string]>([
  ["a new Pod", { spec: { containers: [{ name: "a" }] } }, "0/1 Pending 0"],
  ["a running one", { main: [status("a", running), status("b", running)], status: ready }, "2/2 Running 0"],
  ["an evicted one", { status: { phase: "Failed", reason: "Evicted" }, spec: { containers: [{}] } }, "0/1 Evicted 0"],
  [
    "a gated one",
    {
      spec: { containers: [{}] },
      status: { conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
    },
    "0/1 SchedulingGated 0",
  ],
  ["a container that waits", { main: [status("a", waiting("ImagePullBackOff"))] }, "0/1 ImagePullBackOff 0"],
  ["the first container decides", { main: [status("a", waiting("A")), status("b", waiting("B"))] }, "0/2 A 0"],
  ["an exit with a reason", { main: [status("a", ended(1, "Error"))] }, "0/1 Error 0"],
  ["an exit without", { main: [status("a", ended(3))] }, "0/1 ExitCode:3 0"],
  ["a signal", { main: [status("a", ended(137, "", 9))] }, "0/1 Signal:9 0"],
  [
    "completed, but one runs and is ready",
    { main: [status("a", ended(0, "Completed")), status("b", running)], status: ready },
    "1/2 Running 0",
  ],
  [
    "completed, but one runs and the Pod is not ready",
    { main: [status("a", ended(0, "Completed")), status("b", running)] },
    "1/2 NotReady 0",
  ],
  [
    "restarts with the time of the last",
    {
      main: [
        status("a", running, { restartCount: 2, last: "2026-11-21T09:58:00Z" }),
        status("b", running, { restartCount: 1, last: "2026-11-21T09:59:00Z" }),
      ],
      status: ready,
    },
    "2/2 Running 3 (60s ago)",
  ],
  ["restarts without a time", { main: [status("a", running, { restartCount: 2 })], status: ready }, "1/1 Running 2"],
  [
    "the second init container runs",
    {
      init: [status("i", ended(0, "Completed")), status("j", running)],
      main: [status("a", waiting("PodInitializing"))],
    },
    "0/1 Init:1/2 0",
  ],
  [
    "an init container that waits for its turn",
    { init: [status("i", waiting("PodInitializing"))], main: [status("a", waiting("PodInitializing"))] },
    "0/1 Init:0/1 0",
  ],
  [
    "an init container that fails again and again",
    {
      init: [status("i", waiting("CrashLoopBackOff"), { restartCount: 4, last: "2026-11-21T09:59:50Z" })],
      main: [status("a", waiting("PodInitializing"))],
    },
    "0/1 Init:CrashLoopBackOff 4 (10s ago)",
  ],
  [
    "an init container that failed",
    { init: [status("i", ended(1, "Error"))], main: [status("a", {})] },
    "0/1 Init:Error 0",
  ],
  ["… without a reason", { init: [status("i", ended(2))], main: [status("a", {})] }, "0/1 Init:ExitCode:2 0"],
  ["… by a signal", { init: [status("i", ended(137, "", 9))], main: [status("a", {})] }, "0/1 Init:Signal:9 0"],
  [
    "a sidecar that starts",
    { init: [sidecar(running, { started: false, ready: false })], main: [status("a", waiting("PodInitializing"))] },
    "0/2 Init:0/1 0",
  ],
  [
    "a sidecar that runs",
    {
      init: [sidecar(running, { restartCount: 1, last: "2026-11-21T09:50:00Z" })],
      main: [status("a", running, { restartCount: 1 })],
      status: ready,
    },
    "2/2 Running 2 (10m ago)",
  ],
  [
    "once initialized, the restarts of init containers count no more",
    {
      init: [status("i", ended(0), { restartCount: 5 })],
      main: [status("a", running)],
      status: { ...ready, ...initialized },
    },
    "1/1 Running 0",
  ],
  [
    "a sidecar that crashes after all began",
    {
      init: [sidecar(waiting("CrashLoopBackOff"), { restartCount: 3 })],
      main: [status("a", running)],
      status: { phase: "Running", ...initialized },
    },
    "1/2 Init:CrashLoopBackOff 3",
  ],
  [
    "being deleted",
    { main: [status("a", running)], status: ready, metadata: { deletionTimestamp: "2026-11-21T10:00:00Z" } },
    "1/1 Terminating 0",
  ],
  [
    "being deleted after its end",
    {
      main: [status("a", ended(0, "Completed"))],
      status: { phase: "Succeeded" },
      metadata: { deletionTimestamp: "2026-11-21T10:00:00Z" },
    },
    "0/1 Completed 0",
  ],
  [
    "being deleted from a lost node",
    {
      main: [status("a", running)],
      status: { phase: "Running", reason: "NodeLost" },
      metadata: { deletionTimestamp: "2026-11-21T10:00:00Z" },
    },
    "1/1 Unknown 0",
  ],
])("%s", (_, parts, text) => {
  const [name, readyText, reason, restarts, age] = podCells(pod(parts), NOW);
  expect([name, age]).toEqual(["web", "5m"]);
  expect(`${readyText} ${reason} ${restarts}`).toBe(text);
});

test("where it runs, and its gates", () => {
  expect(podCells(pod({ main: [status("a", running)] }), NOW).slice(5)).toEqual([
    "<none>",
    "<none>",
    "<none>",
    "<none>",
  ]);
  const placed = pod({
    spec: { nodeName: "node01", readinessGates: [{ conditionType: "x/a" }, { conditionType: "x/b" }], containers: [] },
    status: {
      podIPs: [{ ip: "10.244.1.5" }, { ip: "fd00::5" }],
      nominatedNodeName: "node02",
      conditions: [{ type: "x/b", status: "True" }],
    },
  });
  expect(podCells(placed, NOW).slice(5)).toEqual(["10.244.1.5", "node01", "node02", "1/2"]);
});

test("rows of Pods that ended say so", () => {
  expect(podRowConditions(pod({ status: { phase: "Succeeded" } }))).toEqual([
    { type: "Completed", status: "True", reason: "Succeeded", message: "The pod has completed successfully." },
  ]);
  expect(podRowConditions(pod({ status: { phase: "Failed" } }))).toEqual([
    { type: "Completed", status: "True", reason: "Failed", message: "The pod failed." },
  ]);
  expect(podRowConditions(pod({ status: ready }))).toBeUndefined();
});
