import { afterEach, describe, expect, it } from "vitest";
import { serving, SocketClient } from "../testing.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function connect(id = "a1", options: Parameters<typeof serving>[0] = {}, headers: Record<string, string> = {}) {
  const server = await serving(options);
  closing.push(server.close);
  const url = `ws://127.0.0.1:${server.port}/api/attempts/${id}/socket`;
  return { ...server, url, client: new SocketClient(url, headers) };
}

async function attached() {
  const all = await connect();
  await all.client.opened();
  all.client.tell({ type: "attach", part: 0 });
  await all.client.message("screens");
  return all;
}

describe("the socket of an attempt", () => {
  it("draws the screens of a part that is attached, then its output", async () => {
    const { client } = await attached();
    expect(client.messages).toEqual([
      {
        type: "screens",
        part: 0,
        terminals: [{ terminal: 1, host: "h", user: "root", cols: 80, rows: 24, screen: "/yQg", ended: null }],
      },
    ]);
    client.type(0, 1, "ls\xff\r");
    await client.heard(() => client.printed.get("0/1") === "ls\xff\r");
  });

  it("opens, resizes and closes terminals for everybody", async () => {
    const { client, url } = await attached();
    const other = new SocketClient(url);
    await other.opened();
    other.tell({ type: "attach", part: 0 });
    await other.message("screens");
    client.tell({ type: "open", part: 0, cols: 100, rows: 30 });
    await other.message("opened");
    client.tell({ type: "resize", part: 0, terminal: 2, cols: 90, rows: 20 });
    await other.message("resized");
    client.tell({ type: "close", part: 0, terminal: 2 });
    await other.message("closed");
    expect(other.messages.slice(1)).toEqual([
      { type: "opened", part: 0, terminal: 2, host: "h", user: "root", cols: 100, rows: 30 },
      { type: "resized", part: 0, terminal: 2, cols: 90, rows: 20 },
      { type: "closed", part: 0, terminal: 2 },
    ]);
    await client.message("closed");
    expect(client.messages.slice(1)).toEqual(other.messages.slice(1));
  });

  it("shows a part's topology to who wants it, and says where there is none", async () => {
    const { client, attempts } = await attached();
    client.tell({ type: "topology", part: 0, on: true });
    expect(await client.message("topology")).toEqual({
      type: "topology",
      part: 0,
      topology: { machines: [], networks: [], cluster: null, left: [] },
    });
    attempts.exam = true;
    client.tell({ type: "topology", part: 0, on: true });
    expect(await client.message("error")).toMatchObject({ code: "not-in-exam" });
    client.tell({ type: "attach", part: 0 });
    // Before the part is there.
    client.tell({ type: "topology", part: 0, on: true });
    await client.heard(() => client.messages.filter(({ type }) => type === "error").length === 2);
    client.type(0, 1, "on");
    await client.heard(() => client.printed.get("0/1") === "on");
  });

  it("answers pings with the server's clock, and hands on what was drawn", async () => {
    const { client, attempts } = await attached();
    client.tell({ type: "drawn", part: 0, terminal: 1, bytes: 7 });
    client.tell({ type: "ping", id: 4 });
    const pong = await client.message("pong");
    expect(pong.id).toBe(4);
    expect(Math.abs(pong.now - Date.now())).toBeLessThan(5000);
    expect(attempts.calls).toEqual([["drawn", 1, 7]]);
  });

  it("tells what an attempt refuses, and stays", async () => {
    const { client } = await attached();
    client.tell({ type: "attach", part: 3 });
    await client.message("error");
    for (let count = 0; count < 3; count++) client.tell({ type: "open", part: 0, cols: 100, rows: 30 });
    await client.heard(() => client.messages.filter(({ type }) => type === "error").length === 2);
    expect(client.messages.filter(({ type }) => type === "error")).toEqual([
      { type: "error", code: "unknown-part", message: "This attempt has no part 3." },
      { type: "error", code: "too-many-terminals", message: "There are three terminals already." },
    ]);
    expect(client.closed).toBeUndefined();
  });

  it("closes with 4404 for an attempt that does not exist", async () => {
    const { client } = await connect("nobody");
    expect(await client.heard(() => client.closed)).toEqual({ code: 4404, reason: "There is no attempt 'nobody'." });
  });

  it("closes with 4409 for an attempt that is graded, before or meanwhile", async () => {
    const { client, url, attempts } = await attached();
    await attempts.submit("a1");
    const closed = { code: 4409, reason: "This attempt is graded: its terminals are closed." };
    expect(await client.heard(() => client.closed)).toEqual(closed);
    expect(client.messages.at(-1)).toEqual({ type: "changed", what: "state" });
    const late = new SocketClient(url);
    expect(await late.heard(() => late.closed)).toEqual(closed);
    expect(attempts.viewers.size + attempts.listeners.size).toBe(0);
  });

  it("answers frames that make no sense with an error, and closes with 1008 after three in a second", async () => {
    const { client } = await attached();
    client.socket.send(Buffer.from([0xff]));
    client.type(0, 9, "rm -rf /\r");
    await client.heard(() => client.messages.length === 3);
    expect(client.messages.slice(1)).toEqual([
      { type: "error", code: "bad-frame", message: "The frame names no terminal." },
      { type: "error", code: "unknown-terminal", message: "Part 0 has no terminal 9 here; nothing was typed." },
    ]);
    client.socket.send('{"type":"format"}');
    expect(await client.heard(() => client.closed)).toEqual({
      code: 1008,
      reason: "Too many frames that make no sense.",
    });
  });

  it("takes JSON garbage, unknown types and long input once as an error", async () => {
    for (const bad of ["{", "[]", '{"type":"open","part":0,"cols":1e9,"rows":1}', Buffer.alloc(70_000, 1)]) {
      const { client } = await attached();
      client.socket.send(typeof bad === "string" ? bad : Buffer.concat([Buffer.from([0, 1]), bad]));
      const error = await client.message("error");
      expect(error.code).toBe(typeof bad === "string" ? "bad-frame" : "too-large");
      client.tell({ type: "ping", id: 1 });
      await client.message("pong");
    }
  });

  it("closes with 1009 for a frame that is too large, and the server lives", async () => {
    const { client, url } = await attached();
    client.socket.send(Buffer.alloc(200_000));
    expect((await client.heard(() => client.closed)).code).toBe(1009);
    const next = new SocketClient(url);
    await next.opened();
    next.tell({ type: "ping", id: 1 });
    await next.message("pong");
  });

  it("refuses pages of other sites", async () => {
    for (const origin of ["http://evil.example", "null", "https://127.0.0.1"]) {
      const { client, attempts } = await connect("a1", {}, { origin });
      expect((await client.heard(() => client.closed)).code).toBe(1006);
      expect(attempts.listeners.size).toBe(0);
    }
  });

  it("lets a page of its own in", async () => {
    const { url, port } = await connect();
    const client = new SocketClient(url, { origin: `http://127.0.0.1:${port}` });
    await client.opened();
    client.tell({ type: "ping", id: 1 });
    await client.message("pong");
  });

  it("cuts dead sockets off and frees what they held", async () => {
    const { client, attempts } = await connect("a1", { beat: 50 });
    await client.opened();
    client.tell({ type: "attach", part: 0 });
    await client.message("screens");
    expect(attempts.viewers.size).toBe(1);
    client.socket.pause();
    await expect.poll(() => attempts.viewers.size + attempts.listeners.size, { timeout: 5000 }).toBe(0);
    client.socket.terminate();
  });

  it("closes with 1013 when a browser does not take its output, and frees what it held", async () => {
    const { client, attempts } = await attached();
    client.socket.pause();
    const [viewer] = attempts.viewers.keys();
    for (let sent = 0; sent < 400 && attempts.viewers.size > 0; sent++) viewer!.output(1, "y\n".repeat(32_768));
    expect(attempts.viewers.size).toBe(0);
    client.socket.resume();
    expect((await client.heard(() => client.closed)).code).toBe(1013);
  });

  it("says goodbye with 1012 when the server stops", async () => {
    const { client, app } = await attached();
    await app.close();
    expect((await client.heard(() => client.closed)).code).toBe(1012);
  });

  it("logs neither what is typed nor what is printed", async () => {
    const { client, log } = await attached();
    client.type(0, 1, "s3cret-of-terminal\r");
    await client.heard(() => client.printed.has("0/1"));
    client.socket.send('{"type":"s3cret-of-frame"}');
    await client.message("error");
    client.socket.close();
    await client.heard(() => client.closed);
    await expect.poll(() => log.join("")).toContain("disconnected");
    expect(log.join("")).toContain('"attempt":"a1"');
    expect(log.join("")).not.toContain("s3cret");
  });
});
