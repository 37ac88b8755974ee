import { describe, expect, test } from "vitest";
import { MILLISECOND, SECOND, type Kernel } from "../../kernel/index.ts";
import { restoreTestKernel, testKernel } from "../../kernel/testing.ts";
import { Unreachable } from "./client.ts";
import { WorkQueue, type WorkQueueOptions } from "./workqueue.ts";

const active = (): boolean => true;

function run(kernel: Kernel, span: number): void {
  const end = kernel.now + span;
  while (kernel.step(end));
}

/** A queue whose worker writes down when it worked on what. */
function recorded(
  kernel: Kernel,
  work: (key: string) => void = () => {},
  options: Partial<WorkQueueOptions> = {},
): { queue: WorkQueue; done: string[] } {
  const start = kernel.now;
  const done: string[] = [];
  const worker = (key: string): void => {
    done.push(`${key}@${(kernel.now - start) / MILLISECOND}`);
    work(key);
  };
  return { queue: new WorkQueue(kernel, "test", worker, { active, ...options }), done };
}

describe("a work queue", () => {
  test("works on a key once, however often it was added", () => {
    const kernel = testKernel();
    const { queue, done } = recorded(kernel);
    for (const key of ["a", "b", "a", "a"]) queue.add(key);
    expect(queue.size).toBe(2);
    run(kernel, SECOND);
    expect(done).toEqual(["a@1", "b@1"]);
    expect(queue.size).toBe(0);
  });

  test("backs off from failures until the work is done", () => {
    const kernel = testKernel();
    let failures = 4;
    const { queue, done } = recorded(kernel, () => {
      if (failures-- > 0) throw new Unreachable("no way");
    });
    queue.add("a");
    run(kernel, SECOND);
    expect(done).toEqual(["a@1", "a@6", "a@16", "a@36", "a@76"]);
    expect([queue.failures("a"), queue.size]).toEqual([0, 0]);
  });

  test("backs off no longer than its limit", () => {
    const kernel = testKernel();
    const { queue, done } = recorded(
      kernel,
      () => {
        throw new Unreachable("no way");
      },
      { backoff: { first: 10 * MILLISECOND, most: 20 * MILLISECOND } },
    );
    queue.add("a");
    run(kernel, 60 * MILLISECOND);
    expect(done).toEqual(["a@1", "a@11", "a@31", "a@51"]);
  });

  test("does not hide bugs", () => {
    const kernel = testKernel();
    const { queue } = recorded(kernel, () => {
      throw new TypeError("a bug");
    });
    queue.add("a");
    expect(() => run(kernel, SECOND)).toThrow("a bug");
  });

  test("a key that is added while it is worked on is worked on again", () => {
    const kernel = testKernel();
    let more = 2;
    const { queue, done } = recorded(kernel, (key) => {
      if (more-- > 0) queue.add(key);
    });
    queue.add("a");
    run(kernel, SECOND);
    expect(done).toEqual(["a@1", "a@2", "a@3"]);
  });

  test("the nearer of two plans counts", () => {
    const kernel = testKernel();
    const { queue, done } = recorded(kernel);
    queue.addAfter("a", 100 * MILLISECOND);
    queue.addAfter("a", 50 * MILLISECOND);
    queue.addAfter("a", 80 * MILLISECOND);
    run(kernel, SECOND);
    expect(done).toEqual(["a@50"]);
  });

  test("waits while its process does not run", () => {
    const kernel = testKernel();
    let alive = true;
    const { queue, done } = recorded(kernel, undefined, { active: () => alive });
    queue.add("a");
    alive = false;
    queue.add("b");
    run(kernel, SECOND);
    expect(done).toEqual([]);
    expect(queue.size).toBe(2);
    alive = true;
    queue.resume();
    run(kernel, SECOND);
    expect(done).toEqual(["a@1000", "b@1000"]);
  });

  test("a failed key that is added while its process does not run is not lost", () => {
    const kernel = testKernel();
    let alive = true;
    const { queue, done } = recorded(
      kernel,
      (key) => {
        if (done.length === 1) throw new Unreachable("no way");
        if (done.length === 2) {
          alive = false;
          queue.add(key);
        }
      },
      { active: () => alive },
    );
    queue.add("a");
    run(kernel, SECOND);
    expect(done).toEqual(["a@1", "a@6"]);
    alive = true;
    queue.resume();
    run(kernel, SECOND);
    expect(done).toHaveLength(3);
  });

  test("a restored world goes on where it was", () => {
    const kernel = testKernel();
    const failing = (): never => {
      throw new Unreachable("no way");
    };
    const first = recorded(kernel, failing);
    first.queue.add("a");
    run(kernel, 10 * MILLISECOND);
    const restored = restoreTestKernel(kernel.snapshot());
    const second = recorded(restored, failing);
    expect([second.queue.failures("a"), second.queue.size]).toEqual([2, 1]);
    run(kernel, 100 * MILLISECOND);
    run(restored, 100 * MILLISECOND);
    expect(first.done).toEqual(["a@1", "a@6", "a@16", "a@36", "a@76"]);
    expect(second.done).toEqual(["a@6", "a@26", "a@66"]);
  });
});
