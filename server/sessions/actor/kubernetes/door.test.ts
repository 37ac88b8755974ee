import { expect, test, vi } from "vitest";
import type { ApiEvent, ApiInput, OutsideRequest } from "../../protocol/index.ts";
import { Rig } from "../testing.ts";

vi.setConfig({ testTimeout: 120_000 });

const MAPS = "/api/v1/namespaces/default/configmaps";
const PODS = "/api/v1/namespaces/default/pods";

/** Somebody outside who asks a rig's sessions. */
class Client {
  readonly #rig: Rig;
  #calls = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  /** Makes a call, and lets the world come to rest. */
  async call(session: string, method: string, url: string, body?: unknown, upgrade = false): Promise<number> {
    const call = ++this.#calls;
    this.#rig.send({ kind: "api-call", session, call, asked: asked(method, url, body, upgrade) });
    await this.#rig.rest();
    return call;
  }

  async says(session: string, call: number, ...frames: readonly ApiInput[]): Promise<void> {
    for (const frame of frames) this.#rig.send({ kind: "api-frame", session, call, frame });
    await this.#rig.pass(500);
  }

  async cut(session: string, call: number): Promise<void> {
    this.#rig.send({ kind: "api-cut", session, call });
    await this.#rig.rest();
  }

  heard(session: string, call: number): ApiEvent[] {
    return this.#rig.posted.flatMap((message) =>
      message.kind === "api" && message.session === session
        ? message.events.filter((event) => event.call === call)
        : [],
    );
  }

  /** Status and body of an answer that is all. */
  async answer(session: string, method: string, url: string, body?: unknown): Promise<[number, string]> {
    const call = await this.call(session, method, url, body);
    const [head] = this.heard(session, call);
    if (head?.type !== "head") throw new Error(`${method} ${url}: ${JSON.stringify(head)}`);
    return [head.status, Buffer.from(head.body ?? []).toString()];
  }

  /** What came on a stream of a connection. */
  output(session: string, call: number, stream: number): string {
    return this.heard(session, call)
      .flatMap((event) =>
        event.type === "frame" && event.frame.type === "data" && event.frame.stream === stream
          ? [event.frame.bytes]
          : [],
      ) // prettier-ignore
      .join("");
  }
}

function asked(method: string, url: string, body: unknown, upgrade: boolean): OutsideRequest {
  const headers = { accept: ["application/json"], "content-type": ["application/json"] };
  return { method, url, headers, body: body === undefined ? null : JSON.stringify(body), upgrade };
}

function pod(name: string, image: string, command?: readonly string[]): object {
  return {
    metadata: { name },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "c", image, ...(command ? { command } : {}) }] },
  };
}

const large = (name: string): object => ({ metadata: { name }, data: { data: "x".repeat(900_000) } });

test("what was written, run and forwarded from outside is so again in a session that is built again", async () => {
  const rig = new Rig();
  await rig.open("a");
  const client = new Client(rig);
  expect((await client.answer("a", "POST", MAPS, { metadata: { generateName: "map-" } }))[0]).toBe(201);
  await client.answer("a", "POST", PODS, pod("box", "busybox:1.36.1", ["sleep", "9999"]));
  await client.answer("a", "POST", PODS, pod("web", "nginx:1.27.5"));
  await rig.pass(8_000);

  const exec = await client.call("a", "GET", `${PODS}/box/exec?command=sh&command=-c&command=${encodeURIComponent("read x; echo got $x | tee /tmp/x")}&stdin=true&stdout=true`, undefined, true); // prettier-ignore
  await client.says("a", exec, { type: "data", stream: 0, bytes: "ten\n" });
  expect(client.output("a", exec, 1)).toBe("got ten\n");
  expect(client.heard("a", exec).slice(-2)).toEqual([
    { type: "frame", call: exec, frame: { type: "status", status: { metadata: {}, status: "Success" } } },
    { type: "end", call: exec },
  ]);

  const forward = await client.call("a", "GET", `${PODS}/web/portforward`, undefined, true);
  await client.says(
    "a",
    forward,
    { type: "connect", stream: 1, port: 80 },
    { type: "data", stream: 1, bytes: "GET / HTTP/1.0\r\n\r\n" },
  );
  expect(client.output("a", forward, 1)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  await client.cut("a", forward);

  const watch = await client.call("a", "GET", `${PODS}?watch=true`);
  expect(client.heard("a", watch).map(({ type }) => type).slice(0, 2)).toEqual(["head", "chunk"]); // prettier-ignore
  await client.cut("a", watch);
  await rig.pass(2_000);

  // Reading is not in the journal.
  const entries = rig.journal("a").length;
  const read = await client.answer("a", "GET", "/api/v1/nodes");
  expect(read[0]).toBe(200);
  await rig.pass(0);
  expect(rig.journal("a")).toHaveLength(entries);

  expect(await rig.restore("a", "b")).toMatchObject({ kind: "restored" });
  await rig.pass(0);
  const urls = [MAPS, PODS, "/api/v1/events", "/api/v1/nodes", "/apis/apps/v1/deployments", "/apis/discovery.k8s.io/v1/endpointslices"]; // prettier-ignore
  for (const url of urls) expect(await client.answer("b", "GET", url)).toEqual(await client.answer("a", "GET", url));
  const [one, other] = await Promise.all(
    ["a", "b"].map(async (session) => {
      const call = await client.call(session, "GET", `${PODS}/box/exec?command=cat&command=/tmp/x&stdout=true`, undefined, true); // prettier-ignore
      await rig.pass(500);
      return client.output(session, call, 1);
    }),
  );
  expect([one, other]).toEqual(["got ten\n", "got ten\n"]);
  rig.actor.close();
});

test("a connection that is open when its worker dies is cut in the session that is built again", async () => {
  const rig = new Rig();
  await rig.open("a");
  const client = new Client(rig);
  await client.answer("a", "POST", PODS, pod("box", "busybox:1.36.1", ["sleep", "9999"]));
  await rig.pass(8_000);
  await client.call("a", "GET", `${PODS}/box/exec?command=sleep&command=500&tty=true&stdin=true&stdout=true`, undefined, true); // prettier-ignore
  await rig.pass(1_000);
  const entries = rig.journal("a").length;
  await rig.restore("a", "b");
  await rig.pass(2_000);
  expect(rig.journal("b", entries)).toMatchObject([{ kind: "api-cut", connection: 1 }]);
  const call = await client.call("b", "GET", `${PODS}/box/exec?command=ps&stdout=true`, undefined, true);
  await rig.pass(500);
  expect(client.output("b", call, 1)).toContain("sleep 9999");
  expect(client.output("b", call, 1)).not.toContain("sleep 500");
  rig.actor.close();
});

test("who does not read is cut off, and no other session of the worker notices", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.open("b");
  const client = new Client(rig);
  const [slow, quick] = [await client.call("a", "GET", `${MAPS}?watch=true`), await client.call("a", "GET", `${MAPS}?watch=true`)]; // prettier-ignore
  const other = await client.call("b", "GET", `${MAPS}?watch=true`);
  const lengthOf = (session: string, call: number): number =>
    client.heard(session, call).reduce((sum, event) => sum + (event.type === "chunk" ? event.body.length : 0), 0);
  let told = 0;
  for (let count = 0; count < 6; count++) {
    expect((await client.answer("a", "POST", MAPS, large(`large-${count}`)))[0]).toBe(201);
    const all = lengthOf("a", quick);
    rig.send({ kind: "api-taken", session: "a", call: quick, bytes: all - told });
    told = all;
  }
  const ended = (session: string, call: number): boolean =>
    client.heard(session, call).some(({ type }) => type === "end");
  expect([ended("a", slow), ended("a", quick), ended("b", other)]).toEqual([true, false, false]);
  expect(lengthOf("a", slow)).toBeLessThan(6_000_000);
  expect(lengthOf("a", quick)).toBeGreaterThan(5_400_000);
  await client.answer("b", "POST", MAPS, { metadata: { name: "small" } });
  expect(Buffer.concat(client.heard("b", other).flatMap((event) => (event.type === "chunk" ? [event.body] : []))).toString()).toContain('"name":"small"'); // prettier-ignore
  rig.actor.close();
});

test("a thousand watches hear of a write once each; none of them is left when their clients are gone", async () => {
  const rig = new Rig();
  await rig.open("a");
  const client = new Client(rig);
  const timers = rig.wall.timers;
  const watches: number[] = [];
  for (let count = 0; count < 1000; count++)
    watches.push(await client.call("a", "GET", `${MAPS}?watch=true&fieldSelector=metadata.name=told`));
  const from = rig.posted.length;
  await client.answer("a", "POST", MAPS, { metadata: { name: "told" } });
  const chunks = rig.posted
    .slice(from)
    .flatMap((message) => (message.kind === "api" ? message.events.filter(({ type }) => type === "chunk") : []));
  expect(chunks.map(({ call }) => call)).toEqual(watches);
  for (const call of watches) rig.send({ kind: "api-cut", session: "a", call });
  await rig.rest();
  const before = rig.posted.length;
  await client.answer("a", "DELETE", `${MAPS}/told`);
  await rig.rest();
  expect(rig.posted.slice(before).flatMap((message) => (message.kind === "api" ? message.events : [])).map(({ type }) => type)).toEqual(["head"]); // prettier-ignore
  expect(rig.wall.timers).toBeLessThanOrEqual(timers + 1);
  rig.actor.close();
});

test("with the API server down there is no answer; a closed session hears nothing more", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  const client = new Client(rig);
  await rig.type("a", 1, "ssh controlplane mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/ || mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/\r", 30_000); // prettier-ignore
  const call = await client.call("a", "GET", "/api/v1/nodes");
  expect(client.heard("a", call)).toEqual([{ type: "refused", call }]);
  rig.actor.close();
});
