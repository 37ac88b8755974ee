import type { Kernel, Table } from "../../../kernel/index.ts";
import { DaemonProcess, type Hosts } from "../../../host/index.ts";
import type { ProxyCounts, ProxyRow } from "./row.ts";

/** New values of some fields; undefined takes a field away. */
export type RowChange = { readonly [K in keyof ProxyRow]?: ProxyRow[K] | undefined };

/** An event of one kube-proxy. */
interface ProxyEvent<Args> {
  readonly key: string;
  readonly args: Args;
}

/** The kube-proxies that run, as rows, and their events. */
export class ProxyRows {
  readonly #hosts: Hosts;
  readonly #kernel: Kernel;
  readonly #rows: Table<string, ProxyRow>;

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.#kernel = hosts.kernel;
    this.#rows = this.#kernel.state.table("kube-proxy", { quiet: true });
  }

  add(key: string, row: ProxyRow): void {
    this.#rows.set(key, row);
  }

  remove(key: string): void {
    this.#rows.delete(key);
  }

  find(key: string): ProxyRow | undefined {
    return this.#rows.get(key);
  }

  /** The row of a kube-proxy that runs. */
  get(key: string): ProxyRow {
    return this.#rows.get(key)!;
  }

  entries(): IterableIterator<[string, ProxyRow]> {
    return this.#rows.entries();
  }

  update(key: string, change: RowChange): void {
    const row = this.#rows.get(key);
    if (!row) return;
    const fields = Object.entries({ ...row, ...change }).filter(([, value]) => value !== undefined);
    this.#rows.set(key, Object.fromEntries(fields) as unknown as ProxyRow);
  }

  count(key: string, counts: Partial<ProxyCounts>): void {
    const row = this.#rows.get(key);
    if (row) this.#rows.set(key, { ...row, counts: { ...row.counts, ...counts } });
  }

  /** Names what happens when such an event is due, if its kube-proxy still runs then. */
  on<Args>(kind: string, handler: (self: DaemonProcess, key: string, args: Args) => void): void {
    this.#kernel.handle(kind, (event: ProxyEvent<Args>) => {
      const { key, args } = event;
      const row = this.#rows.get(key);
      const host = row && this.#hosts.host(row.host);
      if (!host || !this.#hosts.machine(row.machine).isAlive(row.pid)) return;
      if (this.#hosts.postpones(row.machine, row.pid, kind, event)) return;
      handler(new DaemonProcess(host, row.pid), key, args);
    });
  }
}
