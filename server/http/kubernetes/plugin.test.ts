import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import type { ApiEvent, ApiInput, ApiPort, OutsideRequest } from "../../sessions/protocol/index.ts";
import { serving } from "../testing.ts";
import { kubeconfig } from "./kubeconfig.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A session's API that answers as a test says. */
class FakeApi implements ApiPort {
  readonly asked: OutsideRequest[] = [];
  readonly told: (["input", ApiInput] | ["taken", number] | ["cut"])[] = [];
  answer: (hear: (event: ApiEvent) => void) => void = (hear) => hear(head(200, "ok"));

  call(asked: OutsideRequest, hear: (event: ApiEvent) => void): ReturnType<ApiPort["call"]> {
    this.asked.push(asked);
    queueMicrotask(() => this.answer(hear));
    return {
      input: (frame) => void this.told.push(["input", frame]),
      taken: (bytes) => void this.told.push(["taken", bytes]),
      cut: () => void this.told.push(["cut"]),
    };
  }
}

function head(status: number, body: string | null, warnings: string[] = []): ApiEvent {
  const bytes = body === null ? null : new Uint8Array(Buffer.from(body));
  return { type: "head", call: 1, status, mediaType: "application/json", warnings, body: bytes };
}

async function server(): Promise<{ api: FakeApi; url: string; port: number }> {
  const { attempts, port, close } = await serving();
  closing.push(close);
  const api = new FakeApi();
  attempts.kubernetes = api;
  return { api, port, url: `http://127.0.0.1:${port}` };
}

/** With headers that fetch does not let one set. */
function ask(port: number, path: string, headers: Record<string, string>): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
      let all = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (all += chunk));
      response.on("end", () => resolve([response.statusCode, all]));
    });
    sent.on("error", reject).end();
  });
}

test("the kubeconfig of a part names its address and is saved as a file; there is none where the API is off", async () => {
  const { attempts, port, close } = await serving();
  closing.push(close);
  const url = `http://127.0.0.1:${port}/api/attempts/a1/parts/0`;
  const off = await fetch(`${url}/kubeconfig`);
  expect([off.status, await off.json()]).toMatchObject([403, { code: "kubernetes-api-off" }]);
  attempts.kubernetes = new FakeApi();
  const address = `http://127.0.0.1:${port}/k8s/t0ken`;
  expect(await (await fetch(`${url}/kubernetes`)).json()).toEqual({ server: address });
  const response = await fetch(`${url}/kubeconfig`);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="drydock.kubeconfig"');
  expect(response.headers.get("content-type")).toBe("application/yaml");
  expect(await response.text()).toBe(kubeconfig(address));
});

test("a request comes to the session without its address; what matters of its headers with it", async () => {
  const { api, url } = await server();
  api.answer = (hear) => hear(head(201, '{"kind":"Pod"}', ['old "kind"']));
  const response = await fetch(`${url}/k8s/t0ken/api/v1/pods?limit=5`, {
    method: "POST",
    body: '{"a":"ä"}',
    headers: { "content-type": "application/json", "impersonate-user": "jane", cookie: "secret", "user-agent": "k9s" },
  });
  expect([response.status, await response.text()]).toEqual([201, '{"kind":"Pod"}']);
  expect(response.headers.get("warning")).toBe('299 - "old \\"kind\\""');
  expect(response.headers.get("cache-control")).toBe("no-cache, private");
  expect(response.headers.get("audit-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(api.asked).toEqual([
    {
      method: "POST",
      url: "/api/v1/pods?limit=5",
      headers: {
        accept: ["*/*"],
        "content-type": ["application/json"],
        "impersonate-user": ["jane"],
        "user-agent": ["k9s"],
      },
      body: '{"a":"ä"}',
      upgrade: false,
    },
  ]);
});

test("who guesses finds nothing; pages of other sites and other names are refused", async () => {
  const { api, port } = await server();
  const path = "/k8s/t0ken/api";
  const host = `127.0.0.1:${port}`;
  expect(await ask(port, "/k8s/guessed/api", { host })).toMatchObject([
    404,
    expect.stringContaining("no cluster here"),
  ]);
  expect((await ask(port, path, { host: "evil.example" }))[0]).toBe(403);
  expect((await ask(port, path, { host, origin: "http://evil.example" }))[0]).toBe(403);
  expect(api.asked).toEqual([]);
  expect(await ask(port, path, { host })).toEqual([200, "ok"]);
});

test("a watch comes piece by piece, its header at once; the session hears what was written, and when the client goes", async () => {
  const { api, url } = await server();
  let hear: (event: ApiEvent) => void = () => {};
  api.answer = (given) => {
    hear = given;
    hear(head(200, null));
  };
  const stop = new AbortController();
  const response = await fetch(`${url}/k8s/t0ken/api/v1/pods?watch=1`, { signal: stop.signal });
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  for (const text of ["one\n", "two\n"]) {
    hear({ type: "chunk", call: 1, body: new Uint8Array(Buffer.from(text)) });
    expect(Buffer.from((await reader.read()).value!).toString()).toBe(text);
  }
  hear({ type: "chunk", call: 1, body: new Uint8Array(70_000) });
  await expect.poll(() => api.told).toEqual([["taken", 70_008]]);
  stop.abort();
  await expect.poll(() => api.told.at(-1)).toEqual(["cut"]);
});

test("where nobody answers the connection is closed without a word", async () => {
  const { api, url } = await server();
  api.answer = (hear) => hear({ type: "refused", call: 1 });
  await expect(fetch(`${url}/k8s/t0ken/api`)).rejects.toThrow("fetch failed");
});
