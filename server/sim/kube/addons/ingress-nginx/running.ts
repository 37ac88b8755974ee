import { DaemonProcess, type Hosts } from "../../../host/index.ts";
import type { Kernel, Table } from "../../../kernel/index.ts";
import type { Client } from "../../api/index.ts";
import { klogLine } from "../../components/klog.ts";
import { ApiSession } from "./api-session.ts";
import { rowKey, type ControllerRow } from "./row.ts";
import { Store, type Log } from "./store.ts";

/** A controller that lives: its row, its process and its way to the API server. */
export interface Controller {
  readonly key: string;
  readonly row: ControllerRow;
  readonly self: DaemonProcess;
  readonly session: ApiSession;
}

/** The controllers of a world: their rows, and what is made anew from them after a restore. */
export class RunningControllers {
  readonly hosts: Hosts;
  readonly kernel: Kernel;
  readonly #rows: Table<string, ControllerRow>;
  readonly #sessions = new Map<string, ApiSession>();

  constructor(hosts: Hosts) {
    this.hosts = hosts;
    this.kernel = hosts.kernel;
    this.#rows = this.kernel.state.table("ingress-nginx", { quiet: true });
  }

  all(): readonly Controller[] {
    return [...this.#rows.keys()].flatMap((key) => this.find(key) ?? []);
  }

  /** Undefined once its process has ended. */
  find(key: string): Controller | undefined {
    const row = this.#rows.get(key);
    const host = row && this.hosts.host(row.host);
    if (!host || !this.hosts.machine(row.machine).isAlive(row.pid)) return undefined;
    const self = new DaemonProcess(host, row.pid);
    let session = this.#sessions.get(key);
    if (!session) {
      const agent = `nginx-ingress-controller/v${row.version} (linux/amd64) ingress-nginx/${BUILD}`;
      this.#sessions.set(key, (session = new ApiSession(self, agent, row.options.text.kubeconfig)));
    }
    return { key, row, self, session };
  }

  /** Also of a process that has just ended. */
  row(key: string): ControllerRow | undefined {
    return this.#rows.get(key);
  }

  add(row: ControllerRow): string {
    const key = rowKey(row);
    this.#rows.set(key, row);
    return key;
  }

  remove(key: string): void {
    this.#rows.delete(key);
    this.#sessions.delete(key);
  }

  /** Notes what has become of one. A value of undefined takes a field away. */
  change(key: string, change: { readonly [K in keyof ControllerRow]?: ControllerRow[K] | undefined }): void {
    const row = this.#rows.get(key);
    if (!row) return;
    const next: Record<string, unknown> = { ...row, ...change };
    for (const [name, value] of Object.entries(next)) if (value === undefined) delete next[name];
    this.#rows.set(key, next as unknown as ControllerRow);
  }

  store({ self, row }: Controller, client: Client): Store {
    return new Store(self, client, row, logOf(self));
  }
}

export const BUILD = "9dc4a1f2c3b7";

export function logOf(self: DaemonProcess): Log {
  return (severity, source, message) =>
    self.log(klogLine(severity, self.kernel.now, self.host.pidOf(self.row), source, message));
}
