import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { UserError } from "../attempts/index.ts";
import { serving } from "./testing.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function server(options: Parameters<typeof serving>[0] = {}) {
  const served = await serving(options);
  closing.push(served.close);
  const url = `http://127.0.0.1:${served.port}`;
  return {
    ...served,
    url,
    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(url + path, {
        method,
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: parse(text), headers: response.headers };
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

describe("the API", () => {
  it("starts, reads, writes, checks and submits attempts", async () => {
    const { call, attempts } = await server();
    expect((await call("GET", "/api/catalogue")).body).toEqual(await attempts.catalogue());
    const order = { kind: "lab", of: "lost-endpoints", seed: 3 };
    const started = await call("POST", "/api/attempts", order);
    expect([started.status, started.body]).toEqual([201, await attempts.get("a1")]);
    expect((await call("GET", "/api/attempts/a1")).body).toEqual(await attempts.get("a1"));

    const answer = { part: 0, task: "t", question: "q", value: "10.0.0.1" };
    const flag = { part: 0, task: "t", flagged: true };
    expect((await call("PUT", "/api/attempts/a1/answers", answer)).status).toBe(204);
    expect((await call("PUT", "/api/attempts/a1/notes", { notes: "look at kube-proxy" })).status).toBe(204);
    expect((await call("PUT", "/api/attempts/a1/flags", flag)).status).toBe(204);
    expect((await call("POST", "/api/attempts/a1/hints", { part: 0, task: "t" })).status).toBe(200);
    expect(attempts.calls).toEqual([
      ["start", order, { owner: "local" }],
      ["answer", answer],
      ["notes", "look at kube-proxy"],
      ["flag", flag],
    ]);

    expect((await call("GET", "/api/attempts/a1/check")).body).toEqual({ report: null });
    expect((await call("POST", "/api/attempts/a1/check")).body).toMatchObject({ final: false, percent: 100 });
    expect((await call("GET", "/api/attempts/a1/report")).status).toBe(409);
    expect((await call("POST", "/api/attempts/a1/submit")).body).toMatchObject({ final: true });
    expect((await call("GET", "/api/attempts/a1/report")).body).toMatchObject({ reason: "submitted" });
    const again = await call("POST", "/api/attempts/a1/submit");
    expect([again.status, again.body]).toEqual([
      409,
      { code: "already-submitted", message: "This attempt was submitted already." },
    ]);
  });

  it("serves recordings as asciicasts", async () => {
    const { call } = await server();
    const { status, body, headers } = await call("GET", "/api/attempts/a1/recordings/0/2.cast");
    expect([status, body]).toEqual([200, { version: 2, title: "0/2" }]);
    expect(headers.get("content-type")).toMatch(/^application\/x-asciicast/);
    expect((await call("GET", "/api/attempts/a1/recordings/0/x.cast")).status).toBe(404);
  });

  it("describes itself", async () => {
    const { call } = await server();
    const { body } = await call("GET", "/api/openapi.json");
    const { openapi, paths, components } = body as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, { content?: unknown }> }>>;
      components: { schemas: object };
    };
    expect(openapi).toBe("3.1.0");
    expect(
      Object.entries(paths).flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${path}`)),
    ).toEqual([
      "get /api/me",
      "get /api/catalogue",
      "post /api/attempts",
      "post /api/attempts/prepare",
      "get /api/attempts/{id}",
      "put /api/attempts/{id}/answers",
      "put /api/attempts/{id}/notes",
      "put /api/attempts/{id}/flags",
      "post /api/attempts/{id}/parts/{part}/reset",
      "post /api/attempts/{id}/abandon",
      "post /api/attempts/{id}/hints",
      "get /api/attempts/{id}/parts/{part}/kubernetes",
      "get /api/attempts/{id}/parts/{part}/kubeconfig",
      "post /api/attempts/{id}/check",
      "get /api/attempts/{id}/check",
      "post /api/attempts/{id}/submit",
      "get /api/attempts/{id}/report",
      "get /api/attempts/{id}/gradings",
      "get /api/attempts/{id}/earlier",
      "get /api/attempts/{id}/recordings/{part}/{terminal}.cast",
      "get /api/attempts/{id}/management",
      "post /api/attempts/{id}/extra-time",
      "post /api/attempts/{id}/pause",
      "post /api/attempts/{id}/resume",
      "post /api/attempts/{id}/regrade",
    ]);
    expect(paths["/api/attempts/{id}"]!["get"]!.responses["200"]!.content).toEqual({
      "application/json": { schema: { $ref: "#/components/schemas/AttemptView" } },
    });
    expect(Object.keys(components.schemas)).toMatchInlineSnapshot(`
      [
        "ApiError",
        "AttemptManagement",
        "AttemptReport",
        "AttemptSummary",
        "AttemptView",
        "Catalogue",
        "CheckResult",
        "ClockChange",
        "Evidence",
        "FlagTask",
        "GiveAnswer",
        "GiveTime",
        "Gradings",
        "KubernetesAddress",
        "Me",
        "PacketHeaders",
        "PacketTrace",
        "PartReport",
        "PartView",
        "ReadHint",
        "Regrade",
        "Report",
        "StartAttempt",
        "TaskView",
        "TaskWork",
        "TraceHop",
        "User",
        "WriteNotes",
      ]
    `);
  });
});

describe("errors", () => {
  it("are ApiErrors with the status of what happened", async () => {
    const { call } = await server();
    const cases: [string, string, unknown, number, object][] = [
      ["GET", "/api/attempts/b2", undefined, 404, { code: "unknown-attempt", message: "There is no attempt 'b2'." }],
      ["GET", "/api/labs?x=1", undefined, 404, { code: "not-found", message: "There is nothing at GET /api/labs." }],
      ["DELETE", "/x", undefined, 404, { code: "not-found", message: "There is nothing at DELETE /x." }],
      [
        "PUT",
        "/api/attempts/a1/flags",
        { part: -1, task: 3 },
        400,
        {
          code: "bad-request",
          message:
            "The request is not as it should be: part: Too small: expected number to be >=0; " +
            "task: Invalid input: expected string, received number; flagged: Invalid input: expected boolean, received undefined",
        },
      ],
      ["PUT", "/api/attempts/a1/notes", "{", 400, { code: "bad-request", message: "The request's body is not JSON." }],
      [
        "PUT",
        "/api/attempts/a1/notes",
        { notes: "x".repeat(1_100_000) },
        413,
        { code: "too-large", message: "The request is too large; nothing of it was stored." },
      ],
      [
        "GET",
        "/api/attempts/a1/socket",
        undefined,
        426,
        { code: "upgrade-required", message: "This address is for websockets." },
      ],
    ];
    for (const [method, path, body, status, error] of cases) {
      const answer = await call(method, path, body);
      expect([answer.status, answer.body]).toEqual([status, error]);
    }
    const form = await call("POST", "/api/attempts", "kind=lab", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect([form.status, (form.body as { code: string }).code]).toEqual([415, "bad-media-type"]);
  });

  it("of the server itself are logged with their stack and answered without", async () => {
    const { call, attempts, log } = await server();
    attempts.broken = new TypeError("x is not a function");
    const { status, body } = await call("GET", "/api/attempts/a1");
    expect([status, body]).toEqual([
      500,
      {
        code: "internal",
        message: "Something went wrong in the server; what was stored before is safe.",
        help: "Try again. If it happens again, the server's log says more.",
      },
    ]);
    expect(log.join("")).toContain("TypeError: x is not a function\\n    at ");
  });

  it("keep their help", async () => {
    const { call, attempts } = await server();
    attempts.broken = new UserError("storage-full", "The disk is full.", "Make room; what was stored is safe.");
    const { status, body } = await call("PUT", "/api/attempts/a1/notes", { notes: "" });
    expect([status, body]).toEqual([
      507,
      { code: "storage-full", message: "The disk is full.", help: "Make room; what was stored is safe." },
    ]);
  });

  it("say so when something is asked for too often", async () => {
    const { call } = await server({ startsPerMinute: 2, checksPerMinute: 1 });
    const order = { kind: "lab", of: "lost-endpoints" };
    for (const status of [201, 201, 429]) expect((await call("POST", "/api/attempts", order)).status).toBe(status);
    await call("POST", "/api/attempts/a1/check");
    const { status, body } = await call("POST", "/api/attempts/a1/check");
    expect([status, body]).toEqual([
      429,
      { code: "too-many-requests", message: "That was asked too often; nothing was done. Try again in 1 minute." },
    ]);
    expect((await call("POST", "/api/attempts/b2/check")).status).toBe(404);
  });
});

describe("who may ask", () => {
  it("only under a loopback name with our port", async () => {
    const { port } = await server();
    const status = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request({ host: "127.0.0.1", port, path: "/api/catalogue", headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`])
      expect([host, await status(host)]).toEqual([host, 200]);
    for (const host of [
      `evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      `192.168.0.1:${port}`,
      `localhost:${port + 1}`,
      "localhost",
    ])
      expect([host, await status(host)]).toEqual([host, 403]);
  });

  it("changes nothing for pages of other sites", async () => {
    const { call, attempts, port } = await server();
    const write = (origin: string) => call("PUT", "/api/attempts/a1/notes", { notes: "x" }, { origin });
    for (const origin of ["http://evil.example", "null", `http://localhost:${port + 1}`, `https://localhost:${port}`]) {
      const { status, body, headers } = await write(origin);
      expect([status, (body as { code: string }).code]).toEqual([403, "foreign-origin"]);
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
    expect(attempts.calls).toEqual([]);
    expect((await write(`http://localhost:${port}`)).status).toBe(204);
  });
});

describe("the page", () => {
  function built(): string {
    const folder = mkdtempSync(join(tmpdir(), "drydock-page-"));
    closing.push(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<title>Drydock</title>");
    writeFileSync(join(folder, "assets/main-1a2b.js"), "1;");
    writeFileSync(join(folder, "assets/big-3c4d.js"), "2;");
    writeFileSync(join(folder, "assets/big-3c4d.js.br"), brotliCompressSync("2;"));
    return folder;
  }

  it("is served for its own paths, with a strict policy", async () => {
    const { call, port } = await server({ page: built() });
    for (const path of ["/", "/attempts/a1", "/results/x?y"]) {
      const { status, body, headers } = await call("GET", path, undefined, { accept: "text/html,*/*" });
      expect([status, body]).toEqual([200, "<title>Drydock</title>"]);
      expect(headers.get("cache-control")).toBe("no-cache");
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'self';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;font-src 'self' data:;" +
          `connect-src 'self' ws://127.0.0.1:${port};worker-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'`,
      );
      expect(headers.get("strict-transport-security")).toBeNull();
    }
    const asset = await call("GET", "/assets/main-1a2b.js");
    expect([asset.status, asset.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
    const compressed = await call("GET", "/assets/big-3c4d.js", undefined, { "accept-encoding": "gzip, br" });
    expect([compressed.headers.get("content-encoding"), compressed.body]).toEqual(["br", "2;"]);
  });

  it("is not served for what only looks like its paths", async () => {
    const { call } = await server({ page: built() });
    const html = { accept: "text/html" };
    for (const path of ["/api/nothing", "/assets/gone.js"]) {
      const { status, headers } = await call("GET", path, undefined, html);
      expect([path, status]).toEqual([path, 404]);
      expect(headers.get("content-type")).toMatch(/^application\/json/);
    }
    expect((await call("GET", "/attempts/a1")).status).toBe(404);
    expect((await call("GET", "/..%2f..%2f..%2f..%2fetc/passwd")).status).toBe(404);
    expect((await call("POST", "/attempts/a1", undefined, html)).status).toBe(404);
  });

  it("says how to build it if it is not built", async () => {
    const { call } = await server();
    const { status, body } = await call("GET", "/", undefined, { accept: "text/html" });
    expect(status).toBe(503);
    expect(body).toContain("npm run build");
  });
});

describe("/healthz", () => {
  it("tells version, storage and workers", async () => {
    const { call, attempts } = await server();
    const workers = [{ worker: 1, warm: true }];
    const well = await call("GET", "/healthz");
    expect([well.status, well.body]).toEqual([200, { ok: true, version: "0.0.0", storage: "ok", workers }]);
    attempts.ok = false;
    const ill = await call("GET", "/healthz");
    expect([ill.status, ill.body]).toEqual([
      503,
      { ok: false, version: "0.0.0", storage: "the disk is full", workers },
    ]);
  });
});

it("logs neither answers nor notes nor queries", async () => {
  const { call, log } = await server();
  await call("PUT", "/api/attempts/a1/answers?s3cret-query", {
    part: 0,
    task: "t",
    question: "q",
    value: "s3cret-answer",
  });
  await call("PUT", "/api/attempts/a1/notes", { notes: "s3cret-note" });
  await call("PUT", "/api/attempts/a1/notes", { notes: ["s3cret-note"], s3cret: "key" });
  await expect.poll(() => log.filter((line) => line.includes('"answered"')).length).toBe(3);
  expect(log.join("")).not.toContain("s3cret");
});
