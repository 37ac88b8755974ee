import { expect, test } from "vitest";
import { SECOND, type Duration } from "../../../kernel/index.ts";
import { events, pods } from "../../kinds/index.ts";
import { TestNodes } from "../testing.ts";

/** What `kubectl get pod -w` and `kubectl get events -w` print of one Pod, with the seconds since it was made. */
class Timeline {
  readonly lines: string[] = [];

  constructor(world: TestNodes, name: string) {
    const start = world.kernel.now;
    const note = (text: string): void => {
      const line = `${((world.kernel.now - start) / SECOND).toFixed(0)}s ${text}`;
      if (this.lines.at(-1) !== line) this.lines.push(line);
    };
    world.admin.watch(pods, ({ type, object }) => {
      if (object.metadata.name !== name) return;
      const [, ready, status, restarts] = pods.cells(object, world.kernel.now).map(String);
      note(type === "DELETED" ? "gone" : `| ${ready} ${status} ${restarts}`);
    });
    world.admin.watch(events, ({ type, object }) => {
      const { involvedObject, type: severity, reason = "", message = "", count = 1 } = object;
      if (type === "DELETED" || involvedObject.name !== name) return;
      // Who starts it and what is pulled is told elsewhere.
      if (/^(Scheduled|Pulled|Pulling|Created)$/.test(reason)) return;
      note(
        `${severity} ${reason} ${message
          .trim()
          .replaceAll(/[0-9a-f]{64}/g, "ID")
          .replaceAll(/[0-9a-f-]{36}/g, "UID")
          .replaceAll(/10\.244\.\d+\.\d+/g, "IP")}${count > 1 ? ` (x${count})` : ""}`,
      );
    });
  }
}

const busybox = { image: "busybox:1.36.1", command: ["sleep", "3600"] };

async function told(spec: object, span: Duration, then?: (world: TestNodes) => Promise<void>): Promise<string[]> {
  const world = await TestNodes.boot();
  const timeline = new Timeline(world, "p");
  world.pod("p", { terminationGracePeriodSeconds: 2, ...spec });
  await world.pass(span);
  await then?.(world);
  return timeline.lines;
}

const removed = async (world: TestNodes): Promise<void> => {
  world.admin.delete(pods, "default", "p");
  await world.pass(8 * SECOND);
};

test("an init container that fails is started again, later and later", async () => {
  const lines = await told(
    { initContainers: [{ ...busybox, name: "i", command: ["false"] }], containers: [{ ...busybox, name: "c" }] },
    16 * SECOND,
  );
  expect(lines).toMatchInlineSnapshot(`
    [
      "0s | 0/1 Pending 0",
      "0s | 0/1 Init:0/1 0",
      "0s Normal Started Started container i",
      "0s | 0/1 Init:Error 0",
      "1s Normal Started Started container i (x2)",
      "1s | 0/1 Init:Error 1 (0s ago)",
      "1s Warning BackOff Back-off restarting failed container i in pod p_default(UID)",
      "15s | 0/1 Init:CrashLoopBackOff 1 (15s ago)",
      "15s Normal Started Started container i (x3)",
      "15s | 0/1 Init:Error 2 (15s ago)",
      "15s Warning BackOff Back-off restarting failed container i in pod p_default(UID) (x2)",
    ]
  `);
});

test("a container that ends within a moment is never told of as running", async () => {
  const world = await TestNodes.boot();
  const spec = { restartPolicy: "Never", containers: [{ ...busybox, name: "c", command: ["sleep", "0.02"] }] };
  for (const name of ["first", "second"]) {
    const { lines } = new Timeline(world, name);
    world.pod(name, spec);
    await world.pass(4 * SECOND);
    const states = lines.filter((line) => line.includes("|")).map((line) => line.split(" ")[3]);
    expect([...new Set(states)]).toEqual(["Pending", "ContainerCreating", "Completed"]);
  }
});

test("sidecars start in order before the others, and end after them in reverse order", async () => {
  const sidecar = (name: string): object => ({ ...busybox, name, restartPolicy: "Always" });
  const lines = await told(
    {
      initContainers: [sidecar("one"), { ...busybox, name: "init", command: ["sleep", "2"] }, sidecar("two")],
      containers: [{ name: "c", image: "nginx:1.27.5", lifecycle: { preStop: { sleep: { seconds: 1 } } } }],
    },
    6 * SECOND,
    removed,
  );
  expect(lines).toMatchInlineSnapshot(`
    [
      "0s | 0/3 Pending 0",
      "0s | 0/3 Init:0/3 0",
      "0s Normal Started Started container one",
      "0s | 1/3 Init:1/3 0",
      "1s Normal Started Started container init",
      "1s | 1/3 Init:1/3 0",
      "3s | 1/3 Init:2/3 0",
      "3s Normal Started Started container two",
      "3s | 2/3 PodInitializing 0",
      "3s Normal Started Started container c",
      "3s | 3/3 Running 0",
      "6s | 3/3 Terminating 0",
      "6s Normal Killing Stopping container c",
      "6s Normal Killing Stopping container two",
      "6s Normal Killing Stopping container one",
      "11s | 0/3 Completed 0",
      "11s gone",
    ]
  `);
});

test("a postStart hook that fails ends its container", async () => {
  const lifecycle = { postStart: { exec: { command: ["false"] } } };
  expect(await told({ containers: [{ ...busybox, name: "c", lifecycle }] }, 6 * SECOND)).toMatchInlineSnapshot(`
    [
      "0s | 0/1 Pending 0",
      "0s | 0/1 ContainerCreating 0",
      "0s Normal Started Started container c",
      "0s Warning FailedPostStartHook PostStartHook failed",
      "0s Normal Killing FailedPostStartHook",
      "2s | 0/1 PostStartHookError 0",
      "2s Normal Started Started container c (x2)",
      "2s Warning FailedPostStartHook PostStartHook failed (x2)",
      "2s Normal Killing FailedPostStartHook (x2)",
      "4s | 0/1 PostStartHookError 1 (0s ago)",
      "4s Warning BackOff Back-off restarting failed container c in pod p_default(UID)",
    ]
  `);
});

test("a preStop hook that fails or takes too long", async () => {
  const preStop = (command: string[]): object => ({ lifecycle: { preStop: { exec: { command } } } });
  const lines = await told(
    {
      containers: [
        { ...busybox, name: "fails", ...preStop(["false"]) },
        { ...busybox, name: "slow", ...preStop(["sleep", "100"]) },
      ],
    },
    3 * SECOND,
    removed,
  );
  expect(lines).toMatchInlineSnapshot(`
    [
      "0s | 0/2 Pending 0",
      "0s | 0/2 ContainerCreating 0",
      "0s Normal Started Started container fails",
      "0s Normal Started Started container slow",
      "1s | 2/2 Running 0",
      "3s | 2/2 Terminating 0",
      "3s Normal Killing Stopping container slow",
      "3s Normal Killing Stopping container fails",
      "3s Warning FailedPreStopHook PreStopHook failed",
      "5s Warning FailedPreStopHook PreStopHook failed",
      "7s | 0/2 Error 0",
      "7s gone",
    ]
  `);
});

test("a liveness probe that fails restarts the container", async () => {
  const livenessProbe = { periodSeconds: 2, failureThreshold: 2, httpGet: { port: 81, path: "/x" } };
  const lines = await told({ containers: [{ ...busybox, name: "c", livenessProbe }] }, 9 * SECOND);
  expect(lines).toMatchInlineSnapshot(`
    [
      "0s | 0/1 Pending 0",
      "0s | 0/1 ContainerCreating 0",
      "0s Normal Started Started container c",
      "0s | 1/1 Running 0",
      "1s Warning Unhealthy Liveness probe failed: Get "http://IP:81/x": dial tcp IP:81: connect: connection refused",
      "3s Warning Unhealthy Liveness probe failed: Get "http://IP:81/x": dial tcp IP:81: connect: connection refused (x2)",
      "3s Normal Killing Container c failed liveness probe, will be restarted",
      "5s Normal Started Started container c (x2)",
      "5s | 1/1 Running 1 (0s ago)",
      "5s Warning Unhealthy Liveness probe failed: Get "http://IP:81/x": dial tcp IP:81: connect: connection refused (x3)",
      "7s Warning Unhealthy Liveness probe failed: Get "http://IP:81/x": dial tcp IP:81: connect: connection refused (x4)",
      "7s Normal Killing Container c failed liveness probe, will be restarted (x2)",
      "9s Warning BackOff Back-off restarting failed container c in pod p_default(UID)",
      "9s | 0/1 CrashLoopBackOff 1 (1s ago)",
      "9s Warning BackOff Back-off restarting failed container c in pod p_default(UID) (x2)",
    ]
  `);
});

test.for<[string, object, string]>([
  ["exec", { exec: { command: ["cat", "/nope"] } }, "Liveness probe failed: cat: can't open '/nope': No such file or directory"],
  ["a command that is not there", { exec: { command: ["nope"] } }, 'Liveness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: failed to start exec "ID": OCI runtime exec failed: exec failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown'],
  ["a command that takes too long", { exec: { command: ["sleep", "9"] }, timeoutSeconds: 1 }, 'Liveness probe failed: command timed out: "sleep 9" timed out after 1s'],
  ["http", { httpGet: { port: 81, path: "/x" } }, 'Liveness probe failed: Get "http://IP:81/x": dial tcp IP:81: connect: connection refused'],
  ["tcp", { tcpSocket: { port: 81 } }, "Liveness probe failed: dial tcp IP:81: connect: connection refused"],
  ["grpc", { grpc: { port: 81 } }, 'Liveness probe failed: timeout: failed to connect service "IP:81" within 1s: context deadline exceeded'],
])("what the event says of a probe by %s", async ([, handler, expected]) => {
  const livenessProbe = { periodSeconds: 2, ...handler };
  const lines = await told({ containers: [{ ...busybox, name: "c", livenessProbe }] }, 3 * SECOND);
  const event = lines.find((line) => line.includes("Unhealthy"))!;
  expect(event.replace(/^\d+s Warning Unhealthy /, "").replace(/ \(x\d+\)$/, "")).toBe(expected);
}); // prettier-ignore

test("readiness: a Pod becomes ready, and is not when its probe fails", async () => {
  const readinessProbe = { httpGet: { port: 80, path: "/x" }, periodSeconds: 1 };
  expect(await told({ containers: [{ name: "c", image: "nginx:1.27.5", readinessProbe }] }, 3 * SECOND))
    .toMatchInlineSnapshot(`
    [
      "0s | 0/1 Pending 0",
      "0s | 0/1 ContainerCreating 0",
      "0s Normal Started Started container c",
      "0s | 0/1 Running 0",
      "1s Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404",
      "2s Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404 (x2)",
      "3s Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 404 (x3)",
    ]
  `);
});

test("startup: no other probe begins before it, and it ends the container at last", async () => {
  const probes = {
    startupProbe: { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 3 },
    livenessProbe: { exec: { command: ["false"] }, periodSeconds: 1 },
  };
  expect(await told({ containers: [{ ...busybox, name: "c", ...probes }] }, 8 * SECOND)).toMatchInlineSnapshot(`
    [
      "0s | 0/1 Pending 0",
      "0s | 0/1 ContainerCreating 0",
      "0s Normal Started Started container c",
      "0s | 0/1 Running 0",
      "1s Warning Unhealthy Startup probe failed:",
      "2s Warning Unhealthy Startup probe failed: (x2)",
      "3s Warning Unhealthy Startup probe failed: (x3)",
      "3s Normal Killing Container c failed startup probe, will be restarted",
      "5s Normal Started Started container c (x2)",
      "5s | 0/1 Running 1 (0s ago)",
      "5s Warning Unhealthy Startup probe failed: (x4)",
      "6s Warning Unhealthy Startup probe failed: (x5)",
      "7s Warning Unhealthy Startup probe failed: (x6)",
      "7s Normal Killing Container c failed startup probe, will be restarted (x2)",
    ]
  `);
});
