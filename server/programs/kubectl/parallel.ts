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

/**
 * Runs `main` with another job at its side: done when `main` is, whatever the other still does; the first error of either is
 * that of both.
 */
export async function besides(
  process: Process,
  main: () => Promise<void>,
  side: (fail: (error: unknown) => void) => Promise<void>,
): Promise<void> {
  let failed = false;
  let failure: unknown;
  await process.block<void>((wake) => {
    const fail = (error: unknown): void => {
      if (failed) return;
      failed = true;
      failure = error;
      wake();
    };
    process.kernel.start(async () => {
      try {
        await side(fail);
      } catch (error) {
        fail(error);
      }
    });
    process.kernel.start(async () => {
      try {
        await main();
        wake();
      } catch (error) {
        fail(error);
      }
    });
  });
  if (failed) throw failure;
}
