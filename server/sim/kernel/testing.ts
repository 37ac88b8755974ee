import { Kernel, type KernelSnapshot } from "./kernel.ts";
import { fromCalendar } from "./calendar.ts";
import type { Duration } from "./time.ts";

/** The event loop's turn, for tests and commands outside the simulation. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A kernel for tests: seed 1, 2026-11-21T10:00:00Z or as long before. */
export function testKernel(seed = 1, before: Duration = 0): Kernel {
  return new Kernel({ seed, now: fromCalendar(2026, 11, 21, 10) - before, turn });
}

export function restoreTestKernel(snapshot: KernelSnapshot): Kernel {
  return Kernel.restore(JSON.parse(JSON.stringify(snapshot)) as KernelSnapshot, { turn }, (name) => {
    throw new Error(`no shared rows ${name}`);
  });
}
