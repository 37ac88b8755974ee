import { MILLISECOND, type Duration } from "../../../kernel/index.ts";

/** How long the runtime takes for what it does, on a quick machine with warm images. */
export const PACE = {
  /** From the network's being there to the running pause process: shim, runc, cgroups. */
  startSandbox: 180 * MILLISECOND,
  stopSandbox: 40 * MILLISECOND,
  createContainer: 60 * MILLISECOND,
  startContainer: 80 * MILLISECOND,
  /** A process's end until containerd has cleaned up after it. */
  reap: 10 * MILLISECOND,
  /** A question to the runtime that it answers from memory. */
  answer: 5 * MILLISECOND,
  /** From a file event in the CNI directory to the new configuration. */
  reloadCni: 10 * MILLISECOND,
} as const satisfies Record<string, Duration>;

/** A pull: resolving and checking takes a while, then a hundred megabytes a second. */
export function pullTime(bytes: number): Duration {
  return 400 * MILLISECOND + Math.round(bytes / 100);
}
