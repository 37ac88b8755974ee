import type { Process } from "../../sim/host/index.ts";

/** Runs jobs of one process side by side and waits for all; throws the first error. */
export async function inParallel(process: Process, jobs: readonly (() => Promise<void>)[]): Promise<void> {
  if (jobs.length === 0) return;
  let left = jobs.length;
  let failed = false;
  let failure: unknown;
  await process.block<void>((wake) => {
    for (const job of jobs)
      process.kernel.start(async () => {
        try {
          await job();
        } catch (error) {
          if (!failed) failure = error;
          failed = true;
        }
        if (--left === 0 || failed) wake();
      });
  });
  if (failed) throw failure;
}
