import { SECOND, type Kernel, type Table, type Time } from "../../../kernel/index.ts";

/** How often a kubelet renews its Lease (a quarter of leaseDurationSeconds), kube-apiserver its own, and who leads the Lease for that. */
const RENEWAL = 10 * SECOND;
const LEADER_RENEWAL = 2 * SECOND;
/** Leases of nodes are known by the name of the node. */
const NODE_LEASES = "kube-node-lease/";
const SERVER = "kube-system/apiserver-";

interface Row {
  /** From when on the node has renewed its Lease every ten seconds. */
  readonly since: Time;
  /** When it ceased to, or null while it goes on. */
  readonly silentSince: Time | null;
}

export interface Heartbeat {
  readonly alive: boolean;
  /** From when on that is so; now, if not given. */
  readonly since?: Time;
}

/**
 * Who of a cluster renews a Lease, in place of the renewals themselves: nothing ticks. A kubelet reports only when it
 * begins or ceases to reach the API server; when it last renewed is computed by whoever asks. One object of this class
 * serves a cluster, because it tells its listeners itself.
 *
 * Rows are named by node (`node01`), or by the Lease of who leads (`kube-system/kube-scheduler`), or of an API server.
 */
export class Heartbeats {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, Row>;
  readonly #listeners = new Set<(name: string) => void>();

  constructor(kernel: Kernel, cluster: string) {
    this.#kernel = kernel;
    this.#rows = kernel.state.table(`kube/${cluster}/heartbeats`, { quiet: true });
  }

  /** A kubelet reaches the server from now on, or does not any more. Telling it again changes nothing. */
  report(name: string, { alive, since = this.#kernel.now }: Heartbeat): void {
    const row = this.#rows.get(name);
    if (alive === (row !== undefined && row.silentSince === null)) return;
    if (alive) this.#rows.set(name, { since, silentSince: null });
    else this.#rows.set(name, { since: row?.since ?? since, silentSince: since });
    this.#tell(name);
  }

  /** The node is gone for good. */
  forget(name: string): void {
    if (this.#rows.delete(name)) this.#tell(name);
  }

  /** Since when there is no sign of it; undefined while there is, or if nobody ever reported. */
  silentSince(name: string): Time | undefined {
    return this.#rows.get(name)?.silentSince ?? undefined;
  }

  isAlive(name: string): boolean {
    return this.#rows.get(name)?.silentSince === null;
  }

  /** When it last renewed its Lease: `spec.renewTime`. That of a node may be named in full (`kube-node-lease/node01`). */
  lastRenewal(lease: string): Time | undefined {
    const name = lease.startsWith(NODE_LEASES) ? lease.slice(NODE_LEASES.length) : lease;
    const row = this.#rows.get(name);
    if (!row) return undefined;
    const until = row.silentSince ?? this.#kernel.now;
    const period = name.includes("/") && !name.startsWith(SERVER) ? LEADER_RENEWAL : RENEWAL;
    return row.since + Math.floor(Math.max(0, until - row.since) / period) * period;
  }

  /** Calls `listener` with the name whenever somebody begins or ceases; returns what ends that. */
  listen(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(name: string): void {
    for (const listener of this.#listeners) listener(name);
  }
}
