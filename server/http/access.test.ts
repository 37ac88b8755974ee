import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { ApiPort, ClassList } from "../sessions/protocol/index.ts";
import { SocketClient } from "./testing.ts";
import { PASSWORD, peopled } from "./testing-people.ts";

const PEOPLE = ["nobody", "other", "owner", "stranger", "teacher", "admin"] as const;

interface Row {
  /**
   * Statuses for nobody, another learner, the attempt's owner, an instructor of another class, the one who leads the class
   * that the attempt was started for, an admin.
   */
  readonly expect: readonly [number, number, number, number, number, number];
  /** The path, where it is not the route's with `a1` for the attempt, the class, its assignment, and `x` for all else. */
  readonly path?: string;
  readonly body?: unknown;
}

const all = (status: number): Row["expect"] => [status, status, status, status, status, status];
/** Whoever is signed in. */
const signedIn = (status: number): Row["expect"] => [401, status, status, status, status, status];
/** The owner works on it, who leads the class is told that it is not theirs, nobody else hears that it is there. */
const works = (status: number): Row["expect"] => [401, 404, status, 404, 403, 403];
const reads = (status: number): Row["expect"] => [401, 404, status, 404, status, status];
const teaches = (status: number): Row["expect"] => [401, 403, 403, status, status, status];
/** Of the class: other instructors do not hear that it is there. */
const leads = (status: number): Row["expect"] => [401, 403, 403, 404, status, status];
const governs = (status: number): Row["expect"] => [401, 403, 403, 403, 403, status];

const FLAG = { part: 0, task: "t", flagged: true };
const ANSWER = { part: 0, task: "t", question: "q", value: "v" };
const WINDOW = { kind: "lab", of: "nothing", opensAt: 0, closesAt: null, minutes: null };

/** Every route of the server. One that is missing here fails the test: who may use it has to be decided. */
const ROUTES: Readonly<Record<string, Row>> = {
  "GET /healthz": { expect: all(200) },
  "GET /*": { expect: all(200), path: "/index.html" },
  "GET /api/openapi.json": { expect: signedIn(200) },

  "GET /api/me": { expect: all(200) },
  "POST /api/session": { expect: all(200), body: { name: "other", password: PASSWORD } },
  "DELETE /api/session": { expect: all(204) },
  "PUT /api/me/password": { expect: signedIn(401), body: { old: "wrong", new: PASSWORD } },
  "GET /api/me/sessions": { expect: signedIn(200) },
  "DELETE /api/me/sessions/:session": { expect: signedIn(404) },
  "POST /api/invitations/show": { expect: all(404), body: { token: "x" } },
  "POST /api/invitations/accept": { expect: all(404), body: { token: "x", name: "new", password: PASSWORD } },
  "POST /api/invitations/join": { expect: signedIn(404), body: { token: "x" } },

  "GET /api/accounts": { expect: governs(200) },
  "POST /api/accounts": { expect: governs(409), body: { name: "other", password: PASSWORD, role: "admin" } },
  "PUT /api/accounts/:account/role": { expect: governs(404), body: { role: "admin" } },
  "PUT /api/accounts/:account/password": { expect: governs(404), body: { password: PASSWORD } },
  "DELETE /api/accounts/:account": { expect: governs(404) },
  "GET /api/invitations": { expect: governs(200) },
  "POST /api/invitations": { expect: governs(201), body: { role: "admin", uses: 1, days: 1 } },
  "DELETE /api/invitations/:invitation": { expect: governs(204) },

  "GET /api/assigned": { expect: signedIn(200) },
  "GET /api/classes": { expect: teaches(200) },
  "POST /api/classes": { expect: teaches(201), body: { name: "A class" } },
  "GET /api/classes/:id": { expect: leads(200) },
  "PUT /api/classes/:id/name": { expect: leads(204), body: { name: "Another" } },
  "DELETE /api/classes/:id": { expect: leads(204) },
  "POST /api/classes/:id/instructors": { expect: leads(404), body: { instructor: "x" } },
  "DELETE /api/classes/:id/instructors/:instructor": { expect: leads(204) },
  "DELETE /api/classes/:id/learners/:learner": { expect: leads(204) },
  "POST /api/classes/:id/invitations": { expect: leads(201), body: { uses: 1, days: 1 } },
  "POST /api/classes/:id/assignments": { expect: leads(404), body: WINDOW },
  "DELETE /api/assignments/:id": { expect: leads(204) },
  "PUT /api/assignments/:id/extra": { expect: leads(404), body: { learner: "x", minutes: 5 } },
  "GET /api/assignments/:id/results": { expect: leads(200) },
  "GET /api/assignments/:id/results.csv": { expect: leads(200) },
  "GET /api/assignments/:id/live": { expect: leads(200) },

  "GET /api/catalogue": { expect: signedIn(200) },
  "POST /api/attempts": { expect: signedIn(201), body: { kind: "lab", of: "lost-endpoints" } },
  "GET /api/attempts/:id": { expect: reads(200) },
  "PUT /api/attempts/:id/answers": { expect: works(204), body: ANSWER },
  "PUT /api/attempts/:id/notes": { expect: works(204), body: { notes: "n" } },
  "PUT /api/attempts/:id/flags": { expect: works(204), body: FLAG },
  "POST /api/attempts/:id/abandon": { expect: reads(204) },
  "POST /api/attempts/:id/hints": { expect: works(200), body: { part: 0, task: "t" } },
  "GET /api/attempts/:id/parts/:part/kubernetes": { expect: works(200), path: "/api/attempts/a1/parts/0/kubernetes" },
  "GET /api/attempts/:id/parts/:part/kubeconfig": { expect: works(200), path: "/api/attempts/a1/parts/0/kubeconfig" },
  "POST /api/attempts/:id/check": { expect: works(200) },
  "GET /api/attempts/:id/check": { expect: reads(200) },
  "POST /api/attempts/:id/submit": { expect: works(200) },
  "GET /api/attempts/:id/report": { expect: reads(409) },
  "GET /api/attempts/:id/recordings/:part/:terminal(^\\d+).cast": {
    expect: reads(200),
    path: "/api/attempts/a1/recordings/0/1.cast",
  },
  "POST /api/attempts/prepare": { expect: signedIn(204), body: { kind: "lab", of: "lost-endpoints" } },
  "POST /api/attempts/:id/parts/:part/reset": { expect: works(204), path: "/api/attempts/a1/parts/0/reset" },
  "GET /api/attempts/:id/earlier": { expect: reads(200) },
  "GET /api/attempts/:id/gradings": { expect: reads(409) },
  "GET /api/attempts/:id/management": { expect: leads(200) },
  "POST /api/attempts/:id/extra-time": { expect: leads(200), body: { minutes: 5 } },
  "POST /api/attempts/:id/pause": { expect: leads(200) },
  "POST /api/attempts/:id/resume": { expect: leads(200) },
  "POST /api/attempts/:id/regrade": { expect: leads(409) },

  // These tests' reviews know no attempt.
  "GET /api/attempts/:id/remarks": { expect: reads(404) },
  "GET /api/reviews": { expect: teaches(200) },
  "GET /api/reviews.csv": { expect: teaches(200) },
  "GET /api/reviews/:id": { expect: leads(404) },
  "GET /api/reviews/:id/review.json": { expect: leads(404) },
  "GET /api/reviews/:id/checks.csv": { expect: leads(404) },
  "GET /api/reviews/:id/parts/:part/terminals/:terminal": {
    expect: leads(404),
    path: "/api/reviews/a1/parts/0/terminals/1",
  },
  "GET /api/reviews/:id/parts/:part/timeline": { expect: leads(404), path: "/api/reviews/a1/parts/0/timeline" },
  "GET /api/reviews/:id/parts/:part/checks": { expect: leads(404), path: "/api/reviews/a1/parts/0/checks" },
  "GET /api/reviews/:id/parts/:part/state": {
    expect: leads(404),
    path: "/api/reviews/a1/parts/0/state?at=0&resource=pods",
  },
  "GET /api/reviews/:id/parts/:part/sandbox": {
    expect: leads(426),
    path: "/api/reviews/a1/parts/0/sandbox?at=0",
  },
  "POST /api/reviews/:id/comments": { expect: leads(404), body: { part: 0, at: 0, text: "x" } },
  "DELETE /api/reviews/:id/comments/:comment": { expect: leads(404), path: "/api/reviews/a1/comments/1" },
  "PUT /api/reviews/:id/overrides": {
    expect: leads(404),
    body: { part: 0, task: "t", check: "c", points: 1, reason: "r" },
  },

  // 422: the threads of these tests end at once.
  "GET /api/authoring": { expect: teaches(422) },
  "GET /api/authoring/schema": { expect: teaches(422) },
  "GET /api/authoring/labs/:topic/:id": { expect: teaches(404) },
  "PUT /api/authoring/labs/:topic/:id": { expect: teaches(400) },
  "GET /api/authoring/labs/:topic/:id/template": { expect: teaches(422) },
  "GET /api/authoring/labs/:topic/:id/versions/:number": {
    expect: teaches(404),
    path: "/api/authoring/labs/x/y/versions/1",
  },
  // Without a draft: whoever may do it is told that one is missing.
  "POST /api/authoring/check": { expect: teaches(400) },
  "POST /api/authoring/prove": { expect: teaches(400) },
  "POST /api/authoring/try": { expect: teaches(400) },

  // A websocket's address, asked for without one; below it is opened.
  "GET /api/attempts/:id/socket": { expect: signedIn(426) },
};

/** Whoever knows the token is an administrator of that cluster: kubectl sends no cookies. */
const CLUSTER = /^\w+ \/k8s\/\*$/;

const page = mkdtempSync(join(tmpdir(), "drydock-access-"));
let server: Awaited<ReturnType<typeof peopled>>;

beforeAll(async () => {
  mkdirSync(join(page, "assets"));
  writeFileSync(join(page, "index.html"), "<title>Drydock</title>");
  server = await peopled({ page });
  server.attempts.kubernetes = api;
});
afterAll(async () => {
  await server.close();
  rmSync(page, { recursive: true });
});

const api: ApiPort = {
  call(_asked, hear) {
    const body = new Uint8Array(Buffer.from("{}"));
    queueMicrotask(() =>
      hear({ type: "head", call: 1, status: 200, mediaType: "application/json", warnings: [], body }),
    );
    return { input: () => {}, taken: () => {}, cut: () => {} };
  },
};

/** The status of a request by somebody. */
async function ask(name: string, method: string, path: string, body?: unknown): Promise<number> {
  server.attempts.state = "open";
  // What one of them removes is there again for the next.
  const { klass, assignment } = await server.makeClass();
  const response = await server.app.inject({
    method: method as "GET",
    url: path.replace("KLASS", klass).replace("ASSIGNMENT", assignment),
    headers: await server.cookie(name),
    ...(body === undefined ? {} : { payload: body as object }),
    // A stream of events has no end.
    payloadAsStream: true,
  });
  response.stream().destroy();
  return response.statusCode;
}

function pathOf(url: string): string {
  return url
    .replace(/\/(attempts|reviews)\/:id/, "/$1/a1")
    .replace("/classes/:id", "/classes/KLASS")
    .replace("/assignments/:id", "/assignments/ASSIGNMENT")
    .replaceAll(/:\w+/g, "x");
}

describe("who may do what", () => {
  it("is decided for every route", () => {
    const names = server.routes
      .filter(({ method }) => method !== "HEAD")
      .map(({ method, url }) => `${method} ${url}`)
      .filter((name) => !CLUSTER.test(name));
    expect([...new Set(names)].toSorted()).toEqual(Object.keys(ROUTES).toSorted());
  });

  it.each(Object.entries(ROUTES))("%s", async (name, { expect: expected, path, body }) => {
    const [method, url] = name.split(" ") as [string, string];
    const seen: number[] = [];
    for (const person of PEOPLE) seen.push(await ask(person, method, path ?? pathOf(url), body));
    expect(seen).toEqual(expected);
  });

  it("is for HEAD as for GET", async () => {
    for (const { url } of server.routes.filter(({ method }) => method === "HEAD")) {
      const row = ROUTES[`GET ${url}`];
      if (row === undefined) continue;
      const seen: number[] = [];
      for (const person of PEOPLE) seen.push(await ask(person, "HEAD", row.path ?? pathOf(url)));
      expect([url, seen]).toEqual([url, row.expect]);
    }
  });

  it("is for clusters whoever knows their address, and nobody else", async () => {
    const methods = server.routes.filter(({ url }) => url === "/k8s/*").map(({ method }) => method);
    expect(methods.toSorted()).toEqual(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
    for (const person of PEOPLE) {
      expect(await ask(person, "GET", "/k8s/t0ken/api")).toBe(200);
      expect(await ask(person, "GET", "/k8s/other/api")).toBe(404);
    }
  });

  it("is the same for attempts that are not there", async () => {
    for (const method of ["GET", "PUT"]) {
      const url = method === "GET" ? "/api/attempts/b2" : "/api/attempts/b2/notes";
      const body = method === "GET" ? undefined : { notes: "" };
      const seen: number[] = [];
      for (const person of PEOPLE) seen.push(await ask(person, method, url, body));
      expect(seen).toEqual(signedIn(404));
    }
    const words = async (id: string): Promise<string> => {
      const url = `/api/attempts/${id}`;
      return (await server.app.inject({ url, headers: await server.cookie("other") })).body.replaceAll(id, "ID");
    };
    expect(await words("a1")).toBe(await words("b2"));
  });

  it("is for instructors the classes that they lead, and what was assigned there, also what was taken back", async () => {
    const { klass, assignment } = await server.makeClass();
    const names = async (who: string): Promise<boolean> => {
      const headers = await server.cookie(who);
      const { classes } = (await server.app.inject({ url: "/api/classes", headers })).json<ClassList>();
      return classes.some(({ id }) => id === klass);
    };
    expect(await Promise.all([names("teacher"), names("stranger"), names("admin")])).toEqual([true, false, true]);
    const send = async (who: string, method: "POST" | "DELETE", url: string, payload?: object): Promise<number> =>
      (await server.app.inject({ method, url, headers: await server.cookie(who), ...(payload ? { payload } : {}) }))
        .statusCode;
    const result = async (who: string): Promise<number> =>
      (await server.app.inject({ url: "/api/attempts/a1", headers: await server.cookie(who) })).statusCode;
    // Taken back, it is no longer assigned; who led it then still reads what was made for it.
    expect(await send("teacher", "DELETE", `/api/assignments/${assignment}`)).toBe(204);
    expect(await Promise.all([result("teacher"), result("stranger"), result("other")])).toEqual([200, 404, 404]);
    // A class can have several instructors; a learner is none, and the last one stays.
    const { stranger, other, teacher } = server.ids;
    const instructors = `/api/classes/${klass}/instructors`;
    expect(await send("stranger", "POST", instructors, { instructor: stranger })).toBe(404);
    expect(await send("teacher", "POST", instructors, { instructor: other })).toBe(404);
    expect(await send("teacher", "POST", instructors, { instructor: stranger })).toBe(204);
    expect(await Promise.all([names("stranger"), result("stranger")])).toEqual([true, 200]);
    expect(await send("stranger", "DELETE", `${instructors}/${teacher}`)).toBe(204);
    expect(await Promise.all([names("teacher"), result("teacher")])).toEqual([false, 404]);
    expect(await send("stranger", "DELETE", `${instructors}/${stranger}`)).toBe(409);
  });
});

describe("an attempt's socket", () => {
  let url: string;
  beforeAll(async () => {
    await server.app.listen({ host: "127.0.0.1", port: 0 });
    url = `ws://127.0.0.1:${(server.app.server.address() as AddressInfo).port}/api/attempts/a1/socket`;
  });

  const connect = async (name: string): Promise<SocketClient> => {
    server.attempts.state = "open";
    await server.makeClass();
    return new SocketClient(url, await server.cookie(name));
  };

  it("is not opened for who is not signed in", async () => {
    const socket = new WebSocket(url);
    const status = await new Promise((resolve) =>
      socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode)).on("error", () => {}),
    );
    expect(status).toBe(401);
  });

  it.each(["other", "stranger"])("is closed for %s as for an attempt that is not there", async (name) => {
    const client = await connect(name);
    const closed = await client.heard(() => client.closed);
    expect([closed, client.messages]).toEqual([{ code: 4404, reason: "There is no attempt 'a1'." }, []]);
  });

  it("is its owner's to type into, and closed when they are signed out", async () => {
    const client = await connect("owner");
    await client.opened();
    client.tell({ type: "attach", part: 0 });
    await client.message("screens");
    client.type(0, 1, "ls\r");
    await client.heard(() => client.printed.get("0/1") === "ls\r");
    await server.accounts.sessions.endAll(server.ids.owner);
    expect((await client.heard(() => client.closed)).code).toBe(4401);
  });

  it.each(["teacher", "admin"])("is read by %s, who types and changes nothing", async (name) => {
    const client = await connect(name);
    await client.opened();
    client.tell({ type: "attach", part: 0 });
    await client.message("screens");
    const before = server.attempts.terminals.size;
    client.type(0, 1, "rm -rf /\r");
    client.tell({ type: "open", part: 0, cols: 80, rows: 24 });
    client.tell({ type: "resize", part: 0, terminal: 1, cols: 20, rows: 20 });
    await client.heard(() => client.messages.filter(({ type }) => type === "error").length === 3);
    expect(client.messages.slice(1).map((message) => "code" in message && message.code)).toEqual([
      "read-only",
      "read-only",
      "read-only",
    ]);
    expect([client.printed.size, server.attempts.terminals.size]).toEqual([0, before]);
    client.socket.close();
  });
});
