import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCluster, type RunningCluster } from "./real-kubectl/cluster.ts";

let cluster: RunningCluster;
const MAPS = "/api/v1/namespaces/default/configmaps";

beforeAll(async () => {
  cluster = await startCluster();
}, 60_000);
afterAll(() => cluster.stop());

async function send(
  path: string,
  body: string,
  type = "application/json",
  method: "POST" | "PATCH" = "POST",
): Promise<{ code: number; reason?: string; message?: string }> {
  // prettier-ignore
  const response = await fetch(cluster.url + path, { method, body, headers: { "content-type": type } });
  const status = (await response.json()) as { reason?: string; message?: string };
  return { code: response.status, ...(status.reason === undefined ? {} : { reason: status.reason }), ...(status.message === undefined ? {} : { message: status.message }) }; // prettier-ignore
}

const answers = async (): Promise<boolean> => (await fetch(`${cluster.url}/readyz`)).ok;

test("bodies that are none", async () => {
  expect(await send(MAPS, '{"kind":"ConfigMap",')).toMatchObject({ code: 400, reason: "BadRequest" });
  expect(await send(MAPS, "a: [1", "application/yaml")).toMatchObject({ code: 400, reason: "BadRequest" });
  expect(await send(MAPS, "{}", "text/plain")).toMatchObject({ code: 415, reason: "UnsupportedMediaType" });
  expect(await send(`${MAPS}/kube-root-ca.crt`, "{}", "text/plain", "PATCH")).toMatchObject({ code: 415 });
  expect(await answers()).toBe(true);
});

test("bodies that are too much: 3 MiB, and levels without end", async () => {
  const object = (data: string): string => JSON.stringify({ metadata: { name: "big" }, data: { data } });
  expect(await send(MAPS, object("x".repeat(3 * 1024 * 1024)))).toEqual({
    code: 413,
    reason: "RequestEntityTooLarge",
    message: "Request entity too large: limit is 3145728",
  });
  const deep = `{"metadata":{"name":"deep"},"data":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  expect((await send(MAPS, deep)).code).toBeGreaterThanOrEqual(400);
  expect((await send(MAPS, `${"- ".repeat(50_000)}x`, "application/yaml")).code).toBeGreaterThanOrEqual(400);
  expect(await answers()).toBe(true);
});

test("other methods, and what HEAD may ask", async () => {
  const method = async (path: string, name: string): Promise<[number, string]> => {
    const response = await fetch(cluster.url + path, { method: name });
    return [response.status, await response.text()];
  };
  expect(await method("/readyz", "HEAD")).toEqual([200, ""]);
  expect(await method("/api/v1/pods", "HEAD")).toEqual([405, ""]);
  expect(await method("/api/v1/pods", "OPTIONS")).toEqual([405, "405: Method Not Allowed"]);
});

test("uploads that break off, and requests that are no HTTP, harm nobody", async () => {
  for (const text of [
    `POST ${MAPS} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"a`,
    `POST ${MAPS} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a`,
    "nonsense\r\n\r\n",
    `GET /api/v1/namespaces/default/pods/x/exec HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    `GET /api/v1/namespaces/default/pods/x/exec HTTP/1.1\r\nHost: x\r\nUpgrade: nonsense\r\nConnection: Upgrade\r\n\r\n`,
  ])
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(cluster.url).port), "127.0.0.1", () => {
        socket.write(text);
        setTimeout(() => socket.destroy(), 50);
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve());
    });
  expect(await answers()).toBe(true);
});

test("credentials: a bad token is nobody's; who may not be others is told so", async () => {
  const get = async (headers: Record<string, string>): Promise<[number, string]> => {
    const response = await fetch(`${cluster.url}/api/v1/nodes`, { headers });
    return [response.status, ((await response.json()) as { message?: string }).message ?? ""];
  };
  expect(await get({ authorization: "Bearer nonsense" })).toEqual([401, "Unauthorized"]);
  expect(await get({ "impersonate-user": "jane" })).toEqual([
    403,
    'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
  ]);
  expect((await get({ "impersonate-user": "jane", "impersonate-group": "system:masters" }))[0]).toBe(200);
});

test("a thousand watches hear of one write, and end with their clients", { timeout: 60_000 }, async () => {
  const stop = new AbortController();
  const first = await Promise.all(
    Array.from({ length: 1000 }, async () => {
      const response = await fetch(`${cluster.url}${MAPS}?watch=true&fieldSelector=metadata.name=told`, {
        signal: stop.signal,
      });
      return response.body!.pipeThrough(new TextDecoderStream()).getReader();
    }),
  );
  await send(MAPS, JSON.stringify({ metadata: { name: "told" } }));
  const heard = await Promise.all(first.map(async (reader) => (await reader.read()).value));
  expect(new Set(heard.map((text) => (JSON.parse(text!) as { type: string }).type))).toEqual(new Set(["ADDED"]));
  stop.abort();
  expect(await answers()).toBe(true);
});

test("a watch whose client does not read is ended, and others go on", { timeout: 60_000 }, async () => {
  const { port } = new URL(cluster.url);
  const slow = connect(Number(port), "127.0.0.1", () =>
    slow.write(`GET ${MAPS}?watch=true HTTP/1.1\r\nHost: x\r\n\r\n`),
  );
  slow.pause();
  const ended = new Promise<void>((resolve) => slow.on("close", () => resolve()));
  const data = { data: "x".repeat(900_000) };
  for (let count = 0; count < 16; count++)
    await send(MAPS, JSON.stringify({ metadata: { name: `large-${count}` }, data }));
  expect(await answers()).toBe(true);
  slow.resume();
  await ended;
});
