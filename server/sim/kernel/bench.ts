import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** One measured number. `bar`: what it must not exceed; absent where it is only told. */
export interface Bench {
  readonly name: string;
  readonly unit: "ms" | "µs" | "MB" | "count" | "ratio";
  readonly bar?: number;
  run(): Promise<number | Measured>;
}

/** A number and what it is made of, for people. */
export interface Measured {
  readonly value: number;
  readonly detail: string;
}

/**
 * Processor time of this thread in milliseconds: what a span of work costs whatever else the machine does, without what the
 * engine's compiler and collector do beside it.
 */
export function cpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

let collect: (() => void) | undefined;

/** Bytes on the heap after a full collection. */
export function heapUsed(): number {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  return process.memoryUsage().heapUsed;
}

/** The median of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
