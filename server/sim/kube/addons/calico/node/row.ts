import type { Time } from "../../../../kernel/index.ts";

/** A neighbour of the mesh of BGP, as BIRD knows it. */
export interface PeerRow {
  readonly address: string;
  readonly established: boolean;
  readonly since: Time;
  /** Keepalives in a row that did not come through. */
  readonly misses: number;
  /** After a session has ended, its routes are kept until then (graceful restart). */
  readonly staleUntil?: Time;
}

/** A route that this node has put into its kernel, or the blackhole of a block of its own. */
export interface WantedRoute {
  readonly to: string;
  readonly blackhole?: true;
  readonly dev?: string;
  readonly via?: string;
  readonly onlink?: boolean;
  readonly protocol?: string;
}

/** A calico-node that runs: plain data in table `calico-nodes`, by machine and pid. */
export interface CalicoNodeRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  readonly node: string;
  readonly phase: "starting" | "running";
  readonly cluster?: string;
  /** `172.30.1.2/24` */
  readonly address?: string;
  /** The link that has it. */
  readonly link?: string;
  readonly bird: boolean;
  /** By node. */
  readonly peers: Readonly<Record<string, PeerRow>>;
  readonly routes: readonly WantedRoute[];
  /** A look at the API's objects is planned. */
  readonly syncing?: boolean;
}

export function rowKey({ machine, pid }: Pick<CalicoNodeRow, "machine" | "pid">): string {
  return `${machine}/${pid}`;
}
