import { expect, test } from "vitest";
import { FdTable, fork, ROOT, spawn, Tty, TtyFile } from "../../../host/index.ts";
import { decode, encode, SECOND } from "../../../kernel/index.ts";
import { connect, hostNamespace, httpExchange } from "../../../net/index.ts";
import type { Status } from "../../api/index.ts";
import { PortForward, type RemoteCommand } from "../index.ts";
import { TestNodes } from "../testing.ts";

const nginx = { name: "c", image: "nginx:1.27.5" };
const busybox = { name: "c", image: "busybox:1.36.1" };

test("logs: all, the last lines, with times, of one stream, of the container before", async () => {
  const world = await TestNodes.boot();
  world.pod("talk", { containers: [{ ...busybox, command: ["echo", "one\ntwo\nthree"] }] });
  await world.pass(5 * SECOND);
  expect(world.log("talk")).toBe("one\ntwo\nthree\n");
  expect(world.log("talk", "?tailLines=2")).toBe("two\nthree\n");
  expect(world.log("talk", "?tailLines=0")).toBe("");
  expect(world.log("talk", "?limitBytes=6")).toBe("one\ntw");
  expect(world.log("talk", "?tailLines=1&timestamps=true")).toMatch(/^2026-11-21T10:01:00\.\d+Z three\n$/);
  expect(world.log("talk", "?sinceTime=2026-11-21T10:02:00Z")).toBe("");
  expect(world.log("talk", "?previous=true")).toBe("one\ntwo\nthree\n");
  expect(world.log("talk", "?container=x")).toBe("container x is not valid for pod talk");
});

test("a log that is followed goes on until its container ends", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { restartPolicy: "Never", containers: [{ ...busybox, command: ["sleep", "20"] }] });
  await world.pass(2 * SECOND);
  const answer = world.call("/api/v1/namespaces/default/pods/web/log?follow=true");
  if (answer.kind !== "bytes") throw new Error(answer.kind);
  let ended = false;
  answer.stream.start(
    () => {},
    () => (ended = true),
  );
  await world.pass(10 * SECOND);
  expect(ended).toBe(false);
  await world.pass(10 * SECOND);
  expect(ended).toBe(true);
});

test("no container before, and a container that waits", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [nginx] });
  expect(world.log("web")).toBe('container "c" in pod "web" is not available');
  await world.pass(2 * SECOND);
  expect(world.log("web", "?previous=true")).toBe('previous terminated container "c" in pod "web" not found');
});

test("exec ends with the command's exit code, and says what cannot be run", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [{ ...busybox, command: ["sleep", "3600"] }] });
  await world.pass(2 * SECOND);
  expect(await world.exec("web", ["echo", "hello"])).toMatchObject({ out: "hello\n", status: { status: "Success" } });
  expect((await world.exec("web", ["false"])).status).toEqual({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason: "NonZeroExitCode",
    message: "command terminated with non-zero exit code: exit status 1",
    details: { causes: [{ reason: "ExitCode", message: "1" }] },
    code: 500,
  });
  expect((await world.exec("web", ["bash"])).status!.message!.replace(/[0-9a-f]{64}/, "‹id›")).toBe(
    'Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "‹id›": OCI runtime exec failed: exec failed: unable to start container process: exec: "bash": executable file not found in $PATH: unknown',
  );
  world.pod("done", { restartPolicy: "Never", containers: [{ ...busybox, command: ["true"] }] });
  await world.pass(2 * SECOND);
  expect((await world.exec("done", ["true"])).status!.message).toBe(
    'unable to upgrade connection: container not found ("c")',
  );
});

/** A client on the control plane with a terminal of its own. */
function withTerminal(
  world: TestNodes,
  connection: RemoteCommand,
): { tty: Tty; screen: () => string; status: () => Status | undefined } {
  let screen = "";
  let status: Status | undefined;
  const { host } = world.machine("controlplane");
  const display = (bytes: string): void => void (screen += bytes);
  const tty = new Tty(host.machine.freeTtyName(), { cols: 80, rows: 24, display, inputLimit: 4096 });
  host.machine.addTty(tty);
  const file = new TtyFile(tty);
  const fds = new FdTable([0, 1, 2].map((fd) => [fd, file]));
  const pid = spawn(host, {
    path: "/usr/bin/wait",
    argv: ["wait"],
    cwd: "/",
    env: {},
    as: ROOT,
    ppid: 1,
    tty: tty.name,
    fds,
  });
  tty.foreground = { machine: host.machine, pgid: pid };
  fork(host.machine.liveProcess(pid)!, async (process) => {
    const stream = process.fds.get(0);
    status = await connection.start(process, { stdin: stream, stdout: stream, stderr: stream, tty: true });
    return 0;
  });
  return { tty, screen: () => decode(screen), status: () => status };
}

test("exec -it: the remote process has the terminal, and Ctrl-C reaches it", async () => {
  const world = await TestNodes.boot({ nodes: ["controlplane", "node01"] });
  world.pod("web", { containers: [{ ...busybox, command: ["sleep", "3600"] }] }, "node01");
  await world.pass(2 * SECOND);
  const answer = world.call(
    "/api/v1/namespaces/default/pods/web/exec?command=sleep&command=600&stdin=true&stdout=true&tty=true",
  );
  if (answer.kind !== "upgrade") throw new Error(answer.kind);
  const { tty, status } = withTerminal(world, answer.connection as RemoteCommand);
  await world.pass(SECOND);
  expect(tty.foreground!.machine.name).toBe("node01");
  tty.input("\x03");
  await world.pass(SECOND);
  expect(status()).toMatchObject({ reason: "NonZeroExitCode", details: { causes: [{ message: "130" }] } });
  expect(tty.foreground!.machine.name).toBe("controlplane");
});

test("attach: what a container prints is seen, what is typed arrives", async () => {
  const world = await TestNodes.boot();
  world.pod("web", {
    restartPolicy: "Never",
    containers: [{ ...busybox, stdin: true, tty: true, command: ["cat", "-"] }],
  });
  await world.pass(2 * SECOND);
  const answer = world.call("/api/v1/namespaces/default/pods/web/attach?stdin=true&stdout=true&tty=true");
  if (answer.kind !== "upgrade") throw new Error(answer.kind);
  const { tty, screen, status } = withTerminal(world, answer.connection as RemoteCommand);
  await world.pass(SECOND);
  tty.input(encode("hello\r"));
  await world.pass(SECOND);
  expect(screen()).toBe("hello\r\nhello\r\n");
  tty.input("\x04");
  await world.pass(2 * SECOND);
  expect(status()).toMatchObject({ status: "Success" });
  expect(world.get("web")!.status.phase).toBe("Succeeded");
});

test("port-forward reaches the Pod's localhost", async () => {
  const world = await TestNodes.boot();
  world.pod("web", { containers: [nginx] });
  await world.pass(2 * SECOND);
  const answer = world.call("/api/v1/namespaces/default/pods/web/portforward");
  if (answer.kind !== "upgrade" || !(answer.connection instanceof PortForward)) throw new Error(answer.kind);
  const open = answer.connection.connect(80);
  if ("error" in open) throw new Error(open.error);
  const request = {
    method: "GET",
    target: "/",
    version: "HTTP/1.1",
    headers: [["Host", "localhost"]],
    body: "",
  } as const;
  expect(httpExchange(open.connection!, request)).toMatchObject({ outcome: "response", response: { status: 200 } });
  const refused = answer.connection.connect(81);
  expect("error" in refused && refused.error).toContain("IPv4: dial tcp4 127.0.0.1:81: connect: connection refused");
});

test("the kubelet's own ports: health in the clear, its API for those with a certificate", async () => {
  const world = await TestNodes.boot();
  const ns = hostNamespace(world.machine("controlplane").host);
  const get = (port: number, target: string): unknown => {
    const { connection } = connect(ns, { to: "127.0.0.1", port });
    const request = { method: "GET", target, version: "HTTP/1.1", headers: [["Host", "x"]], body: "" } as const;
    const result = httpExchange(connection!, request);
    return result.outcome === "response" ? [result.response.status, result.response.body] : result.outcome;
  };
  expect(get(10_248, "/healthz")).toEqual([200, "ok"]);
  expect(get(10_250, "/healthz")).toEqual([400, "Client sent an HTTP request to an HTTPS server.\n"]);
});
