import { describe, expect, test } from "vitest";
import { pass, run, settle, WallPacing } from "./pacing.ts";
import { restoreTestKernel, testKernel, turn } from "./testing.ts";
import { MINUTE, SECOND } from "./time.ts";
import { Kernel } from "./kernel.ts";

/** Lets every event of kind `note` write its argument and the time that has passed. */
function notes(kernel: Kernel): string[] {
  const start = kernel.now;
  const seen: string[] = [];
  kernel.handle("note", (args: string) => seen.push(`${args}@${(kernel.now - start) / SECOND}`));
  return seen;
}

describe("events", () => {
  test("happen by time, then in the order in which they were planned", async () => {
    const kernel = testKernel();
    const seen = notes(kernel);
    kernel.after(2 * SECOND, "note", "c");
    kernel.after(1 * SECOND, "note", "a");
    kernel.after(1 * SECOND, "note", "b");
    const dropped = kernel.after(1 * SECOND, "note", "dropped");
    expect(kernel.cancel(dropped)).toBe(true);
    expect(await run(kernel, () => false)).toBe("idle");
    expect(seen).toEqual(["a@1", "b@1", "c@2"]);
    expect(kernel.cancel(dropped)).toBe(false);
  });

  test("pass stops at the limit and leaves later events planned", async () => {
    const kernel = testKernel();
    const seen = notes(kernel);
    kernel.after(10 * SECOND, "note", "later");
    await pass(kernel, kernel.now + 4 * SECOND);
    expect(seen).toEqual([]);
    expect(kernel.nextEventAt).toBe(kernel.now + 6 * SECOND);
  });

  test("settle waits for what converges, not for periodic events or those over a minute away", async () => {
    const kernel = testKernel();
    const seen = notes(kernel);
    kernel.after(2 * SECOND, "note", "rollout");
    kernel.after(1 * SECOND, "note", "probe", { periodic: true });
    kernel.after(5 * SECOND, "note", "cron", { periodic: true });
    kernel.after(10 * MINUTE, "note", "deadline");
    expect(await settle(kernel)).toBe(true);
    expect(seen).toEqual(["probe@1", "rollout@2"]);
  });

  test("settle gives up after its limit", async () => {
    const kernel = testKernel();
    kernel.handle("again", () => void kernel.after(SECOND, "again", null));
    kernel.after(SECOND, "again", null);
    const start = kernel.now;
    expect(await settle(kernel)).toBe(false);
    expect(kernel.now - start).toBe(kernel.limits.settle);
  });
});

describe("tasks", () => {
  test("that are started by one another without end begin in many turns, in the order in which they were started", async () => {
    const kernel = testKernel();
    const begun: number[] = [];
    const start = (number: number): void =>
      kernel.start(async () => {
        begun.push(number);
        await Promise.resolve();
        if (begun.length >= 1000) return;
        start(2 * number);
        start(2 * number + 1);
      });
    let turns = 0;
    const count = (): void => {
      turns++;
      if (kernel.runnable > 0) setImmediate(count);
    };
    setImmediate(count);
    start(1);
    await kernel.drain();
    expect(begun.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    expect(turns).toBeGreaterThan(1000 / 16);
    expect(kernel.runnable).toBe(0);
  });

  test("the clock stands still while a task is runnable and jumps when all wait", async () => {
    const kernel = testKernel();
    const start = kernel.now;
    const seen: string[] = [];
    for (const [name, span] of [
      ["slow", 3],
      ["quick", 1],
    ] as const) {
      kernel.start(async () => {
        await Promise.resolve();
        expect(kernel.now).toBe(start);
        await kernel.block<void>((wake) => kernel.timer(span * SECOND, wake)).promise;
        seen.push(`${name}@${(kernel.now - start) / SECOND}`);
      });
    }
    await run(kernel, () => kernel.runnable === 0 && seen.length === 2);
    expect(seen).toEqual(["quick@1", "slow@3"]);
  });

  test("a wait that is aborted rejects and leaves no event behind", async () => {
    const kernel = testKernel();
    const seen: unknown[] = [];
    kernel.start(async () => {
      const sleep = kernel.block<void>((wake) => kernel.timer(SECOND, wake));
      sleep.abort(new Error("killed"));
      await sleep.promise.catch((error: unknown) => seen.push(error));
    });
    await run(kernel, () => seen.length > 0);
    expect(seen).toEqual([new Error("killed")]);
    expect(kernel.nextEventAt).toBeUndefined();
  });

  test("real work keeps the clock where it is", async () => {
    const kernel = testKernel();
    const start = kernel.now;
    let end = 0;
    notes(kernel);
    kernel.after(SECOND, "note", "next");
    kernel.start(async () => {
      await kernel.busy(new Promise((resolve) => setTimeout(resolve, 5)));
      end = kernel.now;
    });
    await run(kernel, () => end > 0);
    expect(end).toBe(start);
  });
});

describe("copies", () => {
  test("a fork changes nothing in its parent", async () => {
    const kernel = testKernel();
    kernel.state.table("t").set("a", 1);
    notes(kernel);
    kernel.after(SECOND, "note", "x");
    const before = JSON.stringify(kernel.snapshot());
    const fork = kernel.fork();
    fork.handle("note", () => fork.state.table("t").set("a", fork.random.uint32("s")));
    fork.state.table("t").set("b", 2);
    await run(fork, () => false);
    expect(JSON.stringify(kernel.snapshot())).toBe(before);
    expect(fork.state.table("t").size).toBe(2);
  });

  test("a restored kernel continues byte for byte", async () => {
    const build = (kernel: Kernel): Kernel => {
      kernel.handle("grow", (n: number) => {
        kernel.state.table<string, number>("t").set(kernel.random.text("names", 5, "abc"), n);
        if (n < 20) kernel.after(kernel.random.below("delay", 1000), "grow", n + 1);
      });
      return kernel;
    };
    const kernel = build(testKernel(7));
    kernel.after(1, "grow", 0);
    for (let at = 0; at < 9; at++) kernel.step();
    const restored = build(restoreTestKernel(kernel.snapshot()));
    await run(kernel, () => false);
    await run(restored, () => false);
    expect(JSON.stringify(restored.snapshot())).toBe(JSON.stringify(kernel.snapshot()));
  });

  test("a snapshot of another format is refused", () => {
    const snapshot = { ...testKernel().snapshot(), format: 2 as 1 };
    expect(() => restoreTestKernel(snapshot)).toThrow("snapshot format 2: this Drydock reads format 1");
  });
});

test("wall pacing follows the real clock with one timer, and none at rest", async () => {
  const kernel = testKernel();
  const seen = notes(kernel);
  const start = kernel.now;
  let real = start;
  const timers = new Map<number, { callback: () => void; at: number }>();
  let nextTimer = 1;
  const pacing = new WallPacing(kernel, {
    now: () => real,
    set: (callback, milliseconds) => {
      timers.set(nextTimer, { callback, at: real + milliseconds * 1000 });
      return nextTimer++;
    },
    clear: (handle) => timers.delete(handle as number),
  });
  await pacing.caughtUp();
  expect(timers.size).toBe(0);
  kernel.after(2 * SECOND, "note", "due");
  await pacing.caughtUp();
  expect([...timers.values()].map((timer) => timer.at - start)).toEqual([2 * SECOND]);
  real += 2 * SECOND;
  for (const timer of timers.values()) timer.callback();
  await turn();
  await pacing.caughtUp();
  expect(seen).toEqual(["due@2"]);
  expect(timers.size).toBe(0);
  pacing.stop();
});

test("what rests has its turn at its next time after the world has changed", async () => {
  const kernel = testKernel();
  const turns: number[] = [];
  const start = kernel.now;
  const things = kernel.state.table<string, number>("things/a");
  kernel.handle("test/look", () => {
    turns.push((kernel.now - start) / SECOND);
    kernel.rest(10 * SECOND, "test/look", {});
  });
  kernel.rest(10 * SECOND, "test/look", {});
  expect(kernel.nextEventAt).toBeUndefined();
  await pass(kernel, start + 33 * SECOND);
  things.set("x", 1);
  await pass(kernel, start + 100 * SECOND);
  expect(turns).toEqual([40]);
  const restored = Kernel.restore(JSON.parse(JSON.stringify(kernel.snapshot())), { turn }, () => {
    throw new Error("no shared rows");
  });
  restored.handle("test/look", () => void turns.push((restored.now - start) / SECOND));
  restored.state.table<string, number>("things/a").set("x", 2);
  await pass(restored, start + 200 * SECOND);
  expect(turns).toEqual([40, 100]);
});

test("what rests on an area is not woken by others", async () => {
  const kernel = testKernel();
  kernel.handle("test/look", () => {});
  kernel.rest(SECOND, "test/look", {}, "net");
  kernel.state.table("files/a").set("x", 1);
  expect(kernel.nextEventAt).toBeUndefined();
  kernel.state.table("net/a/routes").set("x", 1);
  expect(kernel.nextEventAt).toBe(kernel.now + SECOND);
});

describe("a time that is no number", () => {
  test("is refused, and whoever asked for it does not wait", async () => {
    const kernel = testKernel();
    const seen = notes(kernel);
    expect(() => kernel.after(NaN, "note", "never")).toThrow("an event of kind note at a time that is no number");
    expect(() => kernel.rest(NaN, "note", "never")).toThrow("an event of kind note every NaN microseconds");
    let words = "";
    kernel.start(async () => {
      try {
        await kernel.block<void>((wake) => kernel.timer(NaN, wake)).promise;
      } catch (error) {
        words = (error as Error).message;
      }
    });
    kernel.after(SECOND, "note", "later");
    expect(await run(kernel, () => false)).toBe("idle");
    expect([words, kernel.runnable, seen]).toEqual([
      "an event of kind kernel/wake at a time that is no number",
      0,
      ["later@1"],
    ]);
  });
});
