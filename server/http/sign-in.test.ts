import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { AccountSessions } from "../sessions/protocol/index.ts";
import { SocketClient } from "./testing.ts";
import { PASSWORD, peopled } from "./testing-people.ts";
import { Site } from "./site.ts";

const SIGNED_OUT = "You are signed out. Sign in: your cluster, answers and clock go on.";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function server(options: Parameters<typeof peopled>[0] = {}) {
  const made = await peopled(options);
  closing.push(made.close);
  return {
    ...made,
    async call(
      method: "GET" | "POST" | "PUT" | "DELETE",
      path: string,
      body?: object,
      headers: Record<string, string> = {},
    ) {
      const {
        statusCode,
        cookies,
        body: text,
      } = await made.app.inject({
        method,
        url: `/api/${path}`,
        headers,
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: statusCode, cookies, body: (text === "" ? null : JSON.parse(text)) as Record<string, unknown> };
    },
  };
}

describe("signing in and out", () => {
  it("gives a cookie that no script and no other site has, and takes it back", async () => {
    const { call, accounts } = await server();
    expect((await call("GET", "me")).body).toEqual({ user: null, accounts: true });
    const wrong = await call("POST", "session", { name: "owner", password: "wrong" });
    const unknown = await call("POST", "session", { name: "nobody", password: "wrong" });
    expect([wrong.status, wrong.cookies]).toEqual([401, []]);
    expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body]);
    const { cookies, body } = await call("POST", "session", { name: "Owner", password: PASSWORD });
    expect(cookies).toEqual([
      {
        name: "drydock_session",
        value: expect.stringMatching(/^[\w-]{43}$/),
        path: "/",
        httpOnly: true,
        sameSite: "Strict",
        maxAge: 30 * 24 * 3600,
      },
    ]);
    const cookie = { cookie: `drydock_session=${cookies[0]!.value}` };
    expect((await call("GET", "me", undefined, cookie)).body).toEqual(body);
    const again = await call("POST", "session", { name: "owner", password: PASSWORD }, cookie);
    expect(again.cookies[0]!.value).not.toBe(cookies[0]!.value);
    // The session that one had there is over: nobody can have planted it.
    expect(await accounts.sessions.find(cookies[0]!.value)).toBeUndefined();
    const mine = { cookie: `drydock_session=${again.cookies[0]!.value}` };
    const out = await call("DELETE", "session", undefined, mine);
    expect([out.status, out.cookies[0]!.value]).toEqual([204, ""]);
    expect((await call("GET", "catalogue", undefined, mine)).status).toBe(401);
  });

  it("is for https only where browsers come by it", async () => {
    const url = "https://lab.example";
    const host = { host: "lab.example", origin: url };
    const given = { name: "owner", password: PASSWORD };
    const { call } = await server({ url, host: "0.0.0.0" });
    expect((await call("POST", "session", given, host)).cookies[0]).toMatchObject({ secure: true });
    const forwarded = { "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7" };
    const trusting = await server({ trustProxy: true });
    expect((await trusting.call("POST", "session", given, forwarded)).cookies[0]).toMatchObject({ secure: true });
    const wary = await server();
    expect((await wary.call("POST", "session", given, forwarded)).cookies[0]).not.toHaveProperty("secure");
  });

  it("counts tries by the address that a trusted proxy tells, and by no other's word", async () => {
    const tries = async (trustProxy: boolean): Promise<number[]> => {
      const { call } = await server({ trustProxy });
      const statuses: number[] = [];
      for (let each = 0; each < 31; each++) {
        const from = { "x-forwarded-for": `192.0.2.${each}` };
        statuses.push((await call("POST", "session", { name: `n${each}`, password: "wrong" }, from)).status);
      }
      return statuses;
    };
    expect((await tries(false)).slice(-2)).toEqual([401, 429]);
    expect((await tries(true)).slice(-2)).toEqual([401, 401]);
  });

  it("lets one see and end one's sessions, and change the password", async () => {
    const { call, cookie } = await server();
    const [here, there] = [await cookie("owner"), await cookie("owner")];
    const { sessions } = (await call("GET", "me/sessions", undefined, here)).body as {
      sessions: { id: string; current: boolean }[];
    };
    expect(sessions.map(({ current }) => current).filter(Boolean)).toEqual([true]);
    const others = sessions.find(({ current }) => !current)!.id;
    expect((await call("DELETE", `me/sessions/${others}`, undefined, await cookie("other"))).status).toBe(404);
    expect((await call("DELETE", `me/sessions/${others}`, undefined, here)).status).toBe(204);
    expect((await call("GET", "catalogue", undefined, there)).status).toBe(401);
    const change = { old: PASSWORD, new: "another password" };
    expect((await call("PUT", "me/password", change, here)).status).toBe(204);
    expect((await call("POST", "session", { name: "owner", password: PASSWORD })).status).toBe(401);
    expect((await call("POST", "session", { name: "owner", password: change.new })).status).toBe(200);
  });

  it("is not for pages of other sites, whose requests carry no cookie anyway", async () => {
    const { call } = await server();
    const given = { name: "owner", password: PASSWORD };
    for (const headers of [
      { origin: "http://evil.example" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ] as Record<string, string>[]) {
      const { status, body } = await call("POST", "session", given, headers);
      expect([status, body["code"]]).toEqual([403, "foreign-origin"]);
    }
    expect((await call("GET", "me", undefined, { host: "evil.example" })).status).toBe(403);
  });
});

describe("invitations", () => {
  it("make an account of their class, in whose catalogue is what was assigned", async () => {
    const { call, cookie, classes, attempts } = await server();
    attempts.catalogue = async () => ({ labs: [LAB], exams: [], open: [], recent: [], problems: [] });
    const teacher = await cookie("teacher");
    const { id } = (await call("POST", "classes", { name: "Monday" }, teacher)).body as { id: string };
    const order = { kind: "lab" as const, of: "lab", opensAt: 0, closesAt: null, minutes: 30 };
    await classes.assign(id, order);
    const made = await call("POST", `classes/${id}/invitations`, { uses: 2, days: 7 }, teacher);
    const link = String(made.body["link"]);
    expect(link).toMatch(/^http:\/\/localhost:80\/invitation#[\w-]{43}$/);
    const token = link.split("#")[1]!;
    expect((await call("POST", "invitations/show", { token })).body).toMatchObject({
      role: "learner",
      class: "Monday",
    });
    const accepted = await call("POST", "invitations/accept", { token, name: "Newcomer", password: PASSWORD });
    expect(accepted.body).toMatchObject({ user: { name: "Newcomer", role: "learner" } });
    const newcomer = { cookie: `drydock_session=${accepted.cookies[0]!.value}` };
    expect((await call("GET", "assigned", undefined, newcomer)).body).toMatchObject({
      assigned: [{ class: "Monday" }],
    });
    // Who has an account already joins with it.
    expect((await call("POST", "invitations/join", { token }, await cookie("other"))).status).toBe(204);
    expect((await classes.view(id)).learners.map(({ name }) => name)).toEqual(["Newcomer", "other"]);
    expect((await call("POST", "invitations/show", { token })).status).toBe(404);
  });
});

const LAB = {
  id: "lab",
  title: "A lab",
  summary: "",
  topics: [],
  level: "easy" as const,
  minutes: 5,
  points: 1,
  tasks: 1,
  best: null,
  attempts: 0,
};

describe("the first account", () => {
  it("ends the time in which everybody was the admin of the machine", async () => {
    const made = await peopled();
    closing.push(made.close);
    for (const { id } of made.accounts.list().toReversed()) await made.accounts.remove(id);
    made.attempts.ownerId = "local";
    await made.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = made.app.server.address() as AddressInfo;
    const open = async (headers: Record<string, string> = {}): Promise<SocketClient> => {
      const client = new SocketClient(`ws://127.0.0.1:${port}/api/attempts/a1/socket`, headers);
      await client.opened();
      return client;
    };
    const before = await open();
    const me = async () => JSON.parse((await made.app.inject("/api/me")).body) as unknown;
    expect(await me()).toEqual({ user: { id: "local", name: "You", role: "admin" }, accounts: false });
    const payload = { name: "Ada", password: PASSWORD, role: "admin" };
    expect((await made.app.inject({ method: "POST", url: "/api/accounts", payload })).statusCode).toBe(201);
    expect(await me()).toEqual({ user: null, accounts: true });
    expect((await made.app.inject("/api/accounts")).statusCode).toBe(401);
    // What was opened without an account ends, with words.
    expect(await before.heard(() => before.closed)).toEqual({ code: 4401, reason: SIGNED_OUT });
    // What was begun without an account is its maker's, who ends a session of theirs with its sockets.
    const account = { name: "Ada", password: PASSWORD };
    const sign = async () =>
      (await made.app.inject({ method: "POST", url: "/api/session", payload: account })).cookies[0]!;
    const [here, there] = [await sign(), await sign()].map(({ name, value }) => ({ cookie: `${name}=${value}` }));
    const [kept, ended] = [await open(here), await open(there)];
    const { sessions } = (await made.app.inject({ url: "/api/me/sessions", headers: here })).json<AccountSessions>();
    const other = sessions.find(({ current }) => !current)!.id;
    await made.app.inject({ method: "DELETE", url: `/api/me/sessions/${other}`, headers: here });
    expect(await ended.heard(() => ended.closed)).toEqual({ code: 4401, reason: SIGNED_OUT });
    expect(kept.closed).toBeUndefined();
  });
});

describe("the names of a server", () => {
  it("are loopback's, that of the setting, and addresses where it listens on them", () => {
    const local = new Site({});
    expect(
      ["localhost:8080", "127.0.0.1:8080", "lab.example", "192.0.2.1:8080"].map((host) => local.names(host, 8080)),
    ).toEqual([true, true, false, false]);
    const site = new Site({ url: "https://Lab.example", host: "0.0.0.0" });
    expect(
      [
        "localhost:8080",
        "LAB.example",
        "lab.example:8080",
        "evil.example",
        "192.0.2.1:8080",
        "[2001:db8::1]:8080",
        "192.0.2.1",
        "1.2.3:8080",
      ].map((host) => site.names(host, 8080)),
    ).toEqual([true, true, false, false, true, true, false, false]);
    expect(
      ["https://lab.example", "http://lab.example", "https://evil.example", "null"].map((origin) =>
        site.owns(origin, "lab.example", 8080),
      ),
    ).toEqual([true, false, false, false]);
    expect(site.owns("http://192.0.2.1:8080", "192.0.2.1:8080", 8080)).toBe(true);
    expect(site.owns("http://192.0.2.2:8080", "192.0.2.1:8080", 8080)).toBe(false);
    expect([site.origin("lab.example"), site.origin("192.0.2.1:8080"), site.secure]).toEqual([
      "https://lab.example",
      "http://192.0.2.1:8080",
      true,
    ]);
  });
});
