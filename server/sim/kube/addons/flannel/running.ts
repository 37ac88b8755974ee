import { DaemonProcess, type Hosts } from "../../../host/index.ts";
import type { Kernel, Table } from "../../../kernel/index.ts";
import { klogLine } from "../../components/klog.ts";
import { ApiSession } from "./api-session.ts";
import type { Log } from "./external-interface.ts";
import { rowKey, type FlannelRow } from "./row.ts";

/** The flannelds of a world that run: their rows, and what is made anew from them after a restore. */
export class Running {
  readonly hosts: Hosts;
  readonly kernel: Kernel;
  readonly #rows: Table<string, FlannelRow>;
  readonly #sessions = new Map<string, ApiSession>();

  constructor(hosts: Hosts) {
    this.hosts = hosts;
    this.kernel = hosts.kernel;
    this.#rows = this.kernel.state.table("flannel");
  }

  all(): FlannelRow[] {
    return [...this.#rows.values()];
  }

  row(key: string): FlannelRow | undefined {
    return this.#rows.get(key);
  }

  /** Notes what has become of one; its row then. */
  change(key: string, change: Partial<FlannelRow>): FlannelRow {
    const row = { ...this.#rows.get(key)!, ...change };
    this.#rows.set(key, row);
    return row;
  }

  add(row: FlannelRow): void {
    this.#rows.set(rowKey(row), row);
  }

  remove(key: string): void {
    this.#rows.delete(key);
    this.#sessions.delete(key);
  }

  process({ host: name, machine, pid }: FlannelRow): DaemonProcess | undefined {
    const host = this.hosts.host(name);
    return host && this.hosts.machine(machine).isAlive(pid) ? new DaemonProcess(host, pid) : undefined;
  }

  session(self: DaemonProcess, row: FlannelRow): ApiSession {
    const key = rowKey(row);
    let session = this.#sessions.get(key);
    if (!session) this.#sessions.set(key, (session = new ApiSession(self, row.options.kubeConfigFile)));
    return session;
  }
}

/** Lines by klog. In its container it is process 1. */
export function logOf(self: DaemonProcess): Log {
  return (severity, source, message) =>
    self.log(klogLine(severity, self.kernel.now, self.host.pidOf(self.row), source, message));
}
