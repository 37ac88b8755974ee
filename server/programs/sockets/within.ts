import { Interrupted, type Process } from "../../sim/host/index.ts";
import type { Duration } from "../../sim/kernel/index.ts";

export const TIMED_OUT = Symbol("timed out");

/** Does work that waits, for at most `span`: as alarm(2), whose signal breaks off the wait. One at a time in a process. */
export async function within<T>(
  process: Process,
  span: Duration,
  work: () => T | Promise<T>,
): Promise<T | typeof TIMED_OUT> {
  if (span === Infinity) return work();
  if (span <= 0) return TIMED_OUT;
  let expired = false;
  const cancel = process.kernel.timer(span, () => {
    expired = true;
    process.interrupt();
  });
  try {
    return await work();
  } catch (error) {
    if (expired && error instanceof Interrupted) return TIMED_OUT;
    throw error;
  } finally {
    cancel();
  }
}
