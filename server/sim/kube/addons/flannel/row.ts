import type { AnnotationNames } from "./annotations.ts";
import type { Lease } from "./lease.ts";
import type { Backend } from "./net-conf.ts";
import type { Options } from "./options.ts";

/** A lease of another node, and whether this node's routes have it yet. */
export interface KnownLease {
  readonly lease: Lease;
  readonly applied: boolean;
}

/** This node's own part of the network, once it is registered. */
export interface Registered {
  readonly network: string;
  readonly subnet: string;
  readonly backend: Backend;
  /** Index of the interface that machines reach each other by. */
  readonly external: number;
  readonly mtu: number;
}

/** A flanneld that runs: plain data in table `flannel`, by machine and pid. */
export interface FlannelRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  readonly options: Options;
  readonly names: AnnotationNames;
  /** The cluster whose API server it has found, and the node that it runs on. */
  readonly cluster?: string;
  readonly node?: string;
  /** By node. */
  readonly leases: Readonly<Record<string, KnownLease>>;
  readonly registered?: Registered;
  /** A check of its rules is planned. */
  readonly resyncing?: boolean;
  /** The way to the API server is lost; when it tries again is planned. */
  readonly behind?: boolean;
}

export function rowKey({ machine, pid }: Pick<FlannelRow, "machine" | "pid">): string {
  return `${machine}/${pid}`;
}
