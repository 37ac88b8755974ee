import { expect, test } from "vitest";
import { fakeConnection } from "./testing.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function opened() {
  const line = fakeConnection();
  line.connection.attach(0);
  line.connection.start();
  line.server.wire.events.opened();
  return line;
}

test("attaches each shown part once the line is open, and again after every reconnect", () => {
  const { connection, server, timers, states } = opened();
  connection.attach(2);
  connection.attach(2);
  expect(server.wire.sent).toEqual([
    { type: "attach", part: 0 },
    { type: "ping", id: 1 },
    { type: "attach", part: 2 },
  ]);
  server.wire.events.closed(1006, "");
  timers.advance(250);
  server.wire.events.opened();
  expect(server.wire.sent).toEqual([
    { type: "attach", part: 0 },
    { type: "attach", part: 2 },
    { type: "ping", id: 2 },
  ]);
  expect(states).toEqual([{ is: "open" }, { is: "lost", attempt: 1 }, { is: "open" }]);
});

test("waits longer after each failure, up to five seconds, and not at all when woken", () => {
  const { connection, server, timers } = opened();
  const waits: number[] = [];
  for (let round = 0; round < 7; round++) {
    server.wire.events.closed(1006, "");
    const before = server.wires.length;
    const start = timers.now();
    while (server.wires.length === before) timers.advance(50);
    waits.push(timers.now() - start);
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  server.wire.events.closed(1006, "");
  const before = server.wires.length;
  connection.wake();
  expect(server.wires.length).toBe(before + 1);
});

test("what is typed while the line is down is not sent, then or later", () => {
  const { connection, server, timers } = opened();
  expect(connection.input(0, 1, bytes("ls\r"))).toBe(true);
  server.wire.events.closed(1006, "");
  expect(connection.input(0, 1, bytes("rm -rf /\r"))).toBe(false);
  timers.advance(250);
  expect(connection.input(0, 1, bytes("x"))).toBe(false);
  server.wire.events.opened();
  expect(server.wire.sent.filter((frame) => frame instanceof Uint8Array)).toEqual([]);
  expect(server.wires[0]?.sent.at(-1)).toEqual(Uint8Array.of(0, 1, ...bytes("ls\r")));
});

test("acknowledges what was drawn in batches, and nothing of an earlier line", () => {
  const { server, timers, outputs } = opened();
  server.print(0, 1, "a".repeat(1000));
  server.print(0, 1, "b".repeat(500));
  server.print(0, 2, "c");
  for (const { drawn } of outputs) drawn();
  const acks = () => server.wire.sent.filter((message) => "type" in message && message.type === "drawn");
  expect(acks()).toEqual([]);
  timers.advance(50);
  expect(acks()).toEqual([
    { type: "drawn", part: 0, terminal: 1, bytes: 1500 },
    { type: "drawn", part: 0, terminal: 2, bytes: 1 },
  ]);
  server.print(0, 1, "d".repeat(40_000));
  outputs.at(-1)!.drawn();
  expect(acks().at(-1)).toEqual({ type: "drawn", part: 0, terminal: 1, bytes: 40_000 });
  server.print(0, 1, "late");
  server.wire.events.closed(1006, "");
  timers.advance(250);
  server.wire.events.opened();
  outputs.at(-1)!.drawn();
  timers.advance(1000);
  expect(acks()).toEqual([]);
});

test("measures the way there and back every five seconds while it is seen", () => {
  const { connection, server, timers, trips } = opened();
  timers.advance(7);
  server.say({ type: "pong", id: 1, now: 1000 });
  timers.advance(993);
  expect(server.wire.sent.at(-1)).toEqual({ type: "ping", id: 2 });
  timers.advance(3);
  server.say({ type: "pong", id: 2, now: 2000 });
  expect(trips).toEqual([7, 3]);
  timers.advance(4996);
  expect(server.wire.sent.at(-1)).toEqual({ type: "ping", id: 2 });
  timers.advance(1);
  expect(server.wire.sent.at(-1)).toEqual({ type: "ping", id: 3 });
  server.say({ type: "pong", id: 3, now: 3000 });
  connection.setVisible(false);
  const sent = server.wire.sent.length;
  timers.advance(60_000);
  expect(server.wire.sent.length).toBe(sent);
  connection.setVisible(true);
  expect(server.wire.sent.at(-1)).toEqual({ type: "ping", id: 4 });
});

test("a line that does not answer for eight seconds is given up", () => {
  const { server, timers, states } = opened();
  timers.advance(7999);
  expect(states.at(-1)).toEqual({ is: "open" });
  timers.advance(1);
  expect(states.at(-1)).toEqual({ is: "lost", attempt: 1 });
  expect(server.wires[0]?.open).toBe(false);
});

test("a refusal is final and tells its reason", () => {
  const { server, timers, states } = opened();
  server.wire.events.closed(4404, "There is no attempt of this name.");
  timers.advance(60_000);
  expect(states.at(-1)).toEqual({ is: "refused", code: 4404, reason: "There is no attempt of this name." });
  expect(server.wires.length).toBe(1);
});

test("long input goes in frames of at most MAX_FRAME bytes", () => {
  const { connection, server } = opened();
  const text = "x".repeat(150_000);
  connection.input(3, 7, bytes(text));
  const frames = server.wire.sent.filter((frame) => frame instanceof Uint8Array);
  expect(frames.map((frame) => frame.length)).toEqual([65_536, 65_536, 18_934]);
  expect(frames.map((frame) => new TextDecoder().decode(frame.subarray(2))).join("")).toBe(text);
  expect(frames.every((frame) => frame[0] === 3 && frame[1] === 7)).toBe(true);
});

test("garbage from the line is passed over, and closing leaves no timer", () => {
  const { connection, server, timers, messages, states } = opened();
  server.wire.events.received("{");
  server.wire.events.received('{"type":"nonsense"}');
  server.wire.events.received(Uint8Array.of(1));
  expect(messages).toEqual([]);
  connection.close();
  expect(states.at(-1)).toEqual({ is: "closed" });
  expect(timers.pending).toBe(0);
});
