import type { Time } from "../../../kernel/index.ts";

/** A connection to another weaver. */
export interface PeerRow {
  readonly address: string;
  readonly node: string;
  readonly established: boolean;
  readonly since: Time;
  readonly misses: number;
}

/** A weaver that runs: plain data in table `weavers`, by machine and pid. */
export interface WeaverRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  readonly node: string;
  /** The MAC address of its bridge is its name. */
  readonly name: string;
  readonly phase: "starting" | "running";
  readonly cluster?: string;
  readonly range: string;
  readonly address?: string;
  /** How many peers it was started with. */
  readonly quorum: number;
  readonly peers: Readonly<Record<string, PeerRow>>;
  readonly exposed?: string;
  readonly syncing?: boolean;
}

export function rowKey({ machine, pid }: Pick<WeaverRow, "machine" | "pid">): string {
  return `${machine}/${pid}`;
}
