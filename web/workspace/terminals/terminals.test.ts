import { expect, test } from "vitest";
import { FakeServer, FakeTimers } from "../connection/testing.ts";
import { EMPTY, type Layout } from "../layout/layout.ts";
import type { Size } from "./size.ts";
import { Terminals } from "./terminals.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const row = (terminal: number, screen = "", more: object = {}) => ({
  terminal,
  host: "controlplane",
  user: "root",
  cols: 80,
  rows: 24,
  screen: base64(screen),
  ended: null,
  ...more,
});

/** Terminals of a fake server, their screens as logs of what was done to them. */
function desk(kept: Layout = EMPTY) {
  const server = new FakeServer();
  const timers = new FakeTimers();
  const drawn = new Map<string, string[]>();
  const layouts: Layout[] = [];
  const told: string[] = [];
  const terminals = new Terminals({
    openWire: server.openWire,
    timers,
    makeScreen: (part, terminal, size) => {
      const log: string[] = [`new ${sizeText(size)}`];
      drawn.set(`${part}/${terminal}`, log);
      const text = (part: Uint8Array): string => new TextDecoder().decode(part);
      return {
        write: (bytes, drawn) => (log.push(text(bytes)), drawn()),
        replace: (bytes, size) => void log.push(`=${text(bytes)} ${sizeText(size)}`),
        resize: (size) => void (log.at(-1) !== sizeText(size) && log.push(sizeText(size))),
        dispose: () => void log.push("gone"),
      };
    },
    keepLayout: (_, layout) => void layouts.push(layout),
    keptLayout: () => kept,
    clock: () => {},
    changed: (what) => void told.push(what),
    opened: (again) => void told.push(again ? "open again" : "open"),
    refused: (words) => void told.push(words),
  });
  terminals.show(0);
  terminals.connection.start();
  server.wire.events.opened();
  return { server, timers, terminals, drawn, layouts, told };
}

function sizeText({ cols, rows }: Size): string {
  return `${cols}x${rows}`;
}

test("the server's terminals appear with their contents, and what they print follows", () => {
  const { server, terminals, drawn } = desk();
  expect(terminals.part(0).state).toBe("waiting");
  server.say({ type: "screens", part: 0, terminals: [row(1, "$ "), row(2, "bye", { ended: 3 })] });
  server.print(0, 1, "ls");
  server.print(0, 9, "of a terminal that nobody knows");
  expect(drawn.get("0/1")).toEqual(["new 80x24", "=$  80x24", "80x24", "ls"]);
  expect(terminals.part(0).terminals.map(({ terminal, ended }) => [terminal, ended])).toEqual([
    [1, null],
    [2, 3],
  ]);
});

test("after a reconnect the screens replace what was there, and terminals that were closed meanwhile are gone", () => {
  const { server, timers, terminals, drawn, told } = desk();
  server.say({ type: "screens", part: 0, terminals: [row(1, "$ "), row(2)] });
  server.wire.events.closed(1006, "");
  terminals.type(0, 1, bytes("lost"));
  expect(terminals.state.unsent).toBe(true);
  timers.advance(250);
  server.wire.events.opened();
  server.say({ type: "screens", part: 0, terminals: [row(1, "$ later")] });
  expect(drawn.get("0/1")?.at(-2)).toBe("=$ later 80x24");
  expect(drawn.get("0/2")?.at(-1)).toBe("gone");
  expect([terminals.state.unsent, terminals.part(0).layout.tabs.length]).toEqual([false, 1]);
  expect(told).toEqual(["open", "open again"]);
});

test("on a new line nothing is sent to a terminal before its screens have come: a server that starts anew takes a while", () => {
  const { server, timers, terminals } = desk();
  server.say({ type: "screens", part: 0, terminals: [row(1, "$ ")] });
  terminals.focused(0, 1);
  server.wire.events.closed(1006, "");
  timers.advance(250);
  server.wire.events.opened();
  const sent = (): unknown[] => server.wire.sent.filter((frame) => (frame as { type?: string }).type !== "ping");
  terminals.room(0, 1, { cols: 100, rows: 30 });
  terminals.type(0, 1, bytes("early"));
  expect([sent(), terminals.close(0, 1), terminals.state.unsent]).toEqual([[{ type: "attach", part: 0 }], false, true]);
  server.say({ type: "screens", part: 0, terminals: [row(1, "$ ")] });
  terminals.type(0, 1, bytes("x"));
  expect(sent().slice(1)).toEqual([
    { type: "resize", part: 0, terminal: 1, cols: 100, rows: 30 },
    Uint8Array.of(0, 1, 120),
  ]);
});

test("a terminal that was asked for comes to the front, another browser's stays behind", () => {
  const { server, terminals, layouts } = desk();
  server.say({ type: "screens", part: 0, terminals: [row(1)] });
  const opened = { type: "opened", part: 0, host: "controlplane", user: "root", cols: 80, rows: 24 } as const;
  server.say({ ...opened, terminal: 2 });
  expect(terminals.part(0).layout).toMatchObject({ front: 1, tabs: [{ tree: 1 }, { tree: 2 }] });
  terminals.open(0, { cols: 40, rows: 24 }, { beside: 1, to: "right" });
  server.say({ ...opened, terminal: 3 });
  expect(terminals.part(0).layout).toMatchObject({
    front: 1,
    tabs: [{ tree: { to: "right", first: 1, second: 3 }, focus: 3 }, { tree: 2 }],
  });
  expect(layouts.at(-1)).toEqual(terminals.part(0).layout);
  server.say({ type: "closed", part: 0, terminal: 3 });
  expect(terminals.part(0).layout).toMatchObject({ front: 1, tabs: [{ tree: 1, focus: 1 }, { tree: 2 }] });
});

test("a kept layout is used for the terminals that are still there", () => {
  const kept: Layout = {
    tabs: [{ id: 4, tree: { to: "down", first: 1, second: 2, share: 70 }, focus: 2 }],
    front: 4,
  };
  const { server, terminals } = desk(kept);
  server.say({ type: "screens", part: 0, terminals: [row(1), row(2), row(3)] });
  expect(terminals.part(0).layout).toEqual({ tabs: [kept.tabs[0], { id: 5, tree: 3, focus: 3 }], front: 4 });
});

test("the browser in which somebody works sets the size; one that only looks follows", () => {
  const { server, timers, terminals, drawn } = desk();
  server.say({ type: "screens", part: 0, terminals: [row(1)] });
  terminals.room(0, 1, { cols: 100, rows: 30 });
  expect(terminals.part(0).terminals[0]).toMatchObject({ size: { cols: 80, rows: 24 }, follows: true });
  terminals.focused(0, 1);
  expect(server.wire.sent.at(-1)).toEqual({ type: "resize", part: 0, terminal: 1, cols: 100, rows: 30 });
  server.say({ type: "resized", part: 0, terminal: 1, cols: 100, rows: 30 });
  timers.advance(1000);
  server.say({ type: "resized", part: 0, terminal: 1, cols: 60, rows: 20 });
  expect(terminals.part(0).terminals[0]).toMatchObject({ size: { cols: 60, rows: 20 }, follows: true });
  expect(drawn.get("0/1")?.at(-1)).toBe("60x20");
});

test("while a cluster is built again nothing is typed into it", () => {
  const { server, terminals } = desk();
  server.say({ type: "screens", part: 0, terminals: [row(1)] });
  server.say({ type: "rebuilding", part: 0, state: "working", message: "Its worker ended." });
  const sent = server.wire.sent.length;
  terminals.type(0, 1, bytes("x"));
  expect([server.wire.sent.length, terminals.state.unsent]).toEqual([sent, true]);
  server.say({ type: "screens", part: 0, terminals: [row(1)] });
  terminals.type(0, 1, bytes("x"));
  expect([server.wire.sent.at(-1), terminals.state.unsent]).toEqual([Uint8Array.of(0, 1, 120), false]);
});

test("storage, changes and refusals are told; a shell that has ended takes no input", () => {
  const { server, terminals, told, drawn } = desk();
  server.say({ type: "screens", part: 0, terminals: [row(1)] });
  server.say({ type: "storage", ok: false, message: "The disk is full." });
  expect(terminals.state.storage).toBe("The disk is full.");
  server.say({ type: "storage", ok: true, message: "" });
  expect(terminals.state.storage).toBeUndefined();
  server.say({ type: "changed", what: "notes" });
  server.say({ type: "error", code: "too-many-terminals", message: "Too many." });
  expect(told).toEqual(["open", "notes", "Too many."]);
  server.say({ type: "ended", part: 0, terminal: 1, status: 130 });
  const sent = server.wire.sent.length;
  terminals.type(0, 1, bytes("x"));
  expect([server.wire.sent.length, terminals.part(0).terminals[0]?.ended]).toEqual([sent, 130]);
  terminals.end();
  expect(drawn.get("0/1")?.at(-1)).toBe("gone");
});

test("a part whose terminals cannot be shown says why, and is asked for again", () => {
  const { server, terminals } = desk();
  server.say({ type: "error", code: "session-failed", message: "The cluster could not be opened." });
  expect(terminals.part(0)).toMatchObject({ state: "failed", message: "The cluster could not be opened." });
  terminals.retry(0);
  expect([terminals.part(0).state, server.wire.sent.at(-1)]).toEqual(["waiting", { type: "attach", part: 0 }]);
});
