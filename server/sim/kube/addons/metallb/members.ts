import { DaemonProcess, type Hosts } from "../../../host/index.ts";
import { rfc3339, SECOND, type Kernel, type Table } from "../../../kernel/index.ts";
import { ApiSession } from "../ingress-nginx/api-session.ts";
import { rowKey, type MetalLbRow } from "./row.ts";

/** A process of MetalLB that lives. */
export interface Member {
  readonly key: string;
  readonly row: MetalLbRow;
  readonly self: DaemonProcess;
  readonly session: ApiSession;
  change(change: Partial<MetalLbRow>): void;
}

/** The controllers and speakers of a world: their rows, and what is made anew from them after a restore. */
export class Members {
  readonly hosts: Hosts;
  readonly kernel: Kernel;
  readonly #rows: Table<string, MetalLbRow>;
  readonly #sessions = new Map<string, ApiSession>();

  constructor(hosts: Hosts) {
    this.hosts = hosts;
    this.kernel = hosts.kernel;
    this.#rows = this.kernel.state.table("metallb", { quiet: true });
  }

  all(): readonly Member[] {
    return [...this.#rows.keys()].flatMap((key) => this.find(key) ?? []);
  }

  find(key: string): Member | undefined {
    const row = this.#rows.get(key);
    const host = row && this.hosts.host(row.host);
    if (!host || !this.hosts.machine(row.machine).isAlive(row.pid)) return undefined;
    const self = new DaemonProcess(host, row.pid);
    let session = this.#sessions.get(key);
    if (!session) this.#sessions.set(key, (session = new ApiSession(self, `${row.role}/v0.0.0 (linux/amd64) kubernetes/$Format`))); // prettier-ignore
    const rows = this.#rows;
    return {
      key,
      self,
      session,
      get row() {
        return rows.get(key) ?? row;
      },
      change: (change) => {
        const now = rows.get(key);
        if (now) rows.set(key, { ...now, ...change });
      },
    };
  }

  row(key: string): MetalLbRow | undefined {
    return this.#rows.get(key);
  }

  add(row: MetalLbRow): string {
    this.#rows.set(rowKey(row), row);
    return rowKey(row);
  }

  unqueue(key: string): void {
    const row = this.#rows.get(key);
    if (!row) return;
    const { queued: _, ...rest } = row;
    this.#rows.set(key, rest);
  }

  remove(key: string): void {
    this.#rows.delete(key);
    this.#sessions.delete(key);
  }
}

/** A line of go-kit's JSON log, its fields by name. */
export function logLine({ self }: Pick<Member, "self">, fields: Readonly<Record<string, unknown>>): void {
  const all = { ...fields, ts: rfc3339(Math.floor(self.kernel.now / SECOND) * SECOND) };
  self.log(JSON.stringify(Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)))), 1);
}
