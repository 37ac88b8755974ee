import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { WebSocket } from "ws";
import { Heartbeat } from "./heartbeat.ts";

class FakeSocket extends EventEmitter {
  pings = 0;
  answers = true;

  ping(): void {
    this.pings++;
    if (this.answers) this.emit("pong");
  }

  terminate(): void {
    this.emit("close");
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("cuts off who did not answer by the next ping, with one timer for all and none for nobody", () => {
  const heartbeat = new Heartbeat(1000);
  const [quick, dead] = [new FakeSocket(), new FakeSocket()];
  let gone = false;
  dead.answers = false;
  dead.once("close", () => void (gone = true));
  expect(vi.getTimerCount()).toBe(0);
  for (const socket of [quick, dead]) heartbeat.watch(socket as unknown as WebSocket);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  expect([quick.pings, dead.pings, gone]).toEqual([1, 1, false]);
  vi.advanceTimersByTime(1000);
  expect([quick.pings, dead.pings, gone]).toEqual([2, 1, true]);
  expect(vi.getTimerCount()).toBe(1);
  quick.emit("close");
  expect(vi.getTimerCount()).toBe(0);
});
