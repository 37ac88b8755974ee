import type { DaemonProcess } from "../../host/index.ts";
import type { Bucket } from "./limit-req.ts";

/** What a running nginx counts. It changes with every request, so that nothing waits for it to be quiet. */
export interface Counters {
  /** Numbers given to connections, those to upstreams too. */
  readonly numbers: number;
  /** From clients. */
  readonly connections: number;
  readonly requests: number;
  /** By upstream: the state of its round robin. */
  readonly rounds: Readonly<Record<string, RoundRobin>>;
  /** By zone and key: what `limit_req` has seen. */
  readonly limits?: Readonly<Record<string, Readonly<Record<string, Bucket>>>>;
  /** By backend: how often a balancer in Lua has gone around, for each worker. */
  readonly turns?: Readonly<Record<string, number>>;
}

export interface RoundRobin {
  /** Current weights of the servers, in their order. */
  readonly current: readonly number[];
  /** Servers that failed, and until when they are left alone. */
  readonly failed: Readonly<Record<string, number>>;
}

const NONE: Counters = { numbers: 0, connections: 0, requests: 0, rounds: {} };

export function countersOf(self: DaemonProcess): Counters {
  return table(self).get(key(self)) ?? NONE;
}

export function count(self: DaemonProcess, change: Partial<Counters>): void {
  table(self).set(key(self), { ...countersOf(self), ...change });
}

export function dropCounters(self: DaemonProcess): void {
  table(self).delete(key(self));
}

function table(self: DaemonProcess) {
  return self.kernel.state.table<string, Counters>("images/nginx", { quiet: true });
}

function key({ host, pid }: DaemonProcess): string {
  return `${host.machine.name}/${pid}`;
}
