import { DaemonProcess, type Hosts } from "../../../host/index.ts";
import { rfc3339, SECOND, type Kernel, type Table } from "../../../kernel/index.ts";
import { ApiSession } from "../ingress-nginx/api-session.ts";

/** A control plane's process: plain data in table `nginx-gateway`, by machine and pid. */
export interface ControlPlaneRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  readonly options: ControllerOptions;
  readonly cluster?: string;
  /** A look at everything is planned. */
  readonly queued?: true;
  /** It has looked once. */
  readonly ready?: true;
  /** Gateways of its own, `namespace/name`, with the digest of their configuration. */
  readonly configurations: Readonly<Record<string, string>>;
  /** By Gateway and Pod: why its nginx did not take the configuration. */
  readonly failures?: Failures;
  /** What is not simulated, and was said so. */
  readonly told?: readonly string[];
}

export type Failures = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface ControllerOptions {
  readonly className: string;
  readonly controllerName: string;
  readonly service: string;
  readonly agentSecret: string;
}

/** An agent beside nginx: plain data in table `nginx-agents`. */
export interface AgentRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  /** nginx' master. */
  readonly nginx: number;
  /** The control plane that it has a stream to. */
  readonly server?: string;
  readonly queued?: true;
  /** Digest of the configuration that nginx has, and its files. */
  readonly digest?: string;
  readonly files: readonly string[];
}

interface ProcessRow {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
}

/** Processes of one kind that live: their rows, and what is made anew from them after a restore. */
export class Rows<Row extends ProcessRow> {
  readonly hosts: Hosts;
  readonly kernel: Kernel;
  readonly #rows: Table<string, Row>;

  constructor(hosts: Hosts, table: string) {
    this.hosts = hosts;
    this.kernel = hosts.kernel;
    this.#rows = this.kernel.state.table(table, { quiet: true });
  }

  get keys(): readonly string[] {
    return [...this.#rows.keys()];
  }

  row(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** Its process; undefined once that has ended. */
  self(key: string): DaemonProcess | undefined {
    const row = this.#rows.get(key);
    const host = row && this.hosts.host(row.host);
    return host && this.hosts.machine(row.machine).isAlive(row.pid) ? new DaemonProcess(host, row.pid) : undefined;
  }

  add(row: Row): string {
    const key = `${row.machine}/${row.pid}`;
    this.#rows.set(key, row);
    return key;
  }

  change(key: string, change: Partial<Row>): void {
    const row = this.#rows.get(key);
    if (row) this.#rows.set(key, { ...row, ...change });
  }

  /** Takes fields away. */
  drop(key: string, ...names: readonly (keyof Row)[]): void {
    const row = this.#rows.get(key);
    if (row) this.#rows.set(key, Object.fromEntries(Object.entries(row).filter(([name]) => !(names as readonly string[]).includes(name))) as Row); // prettier-ignore
  }

  remove(key: string): void {
    this.#rows.delete(key);
  }
}

/** Ways to the API server, by process. */
export class Sessions {
  readonly #sessions = new Map<string, ApiSession>();

  of(key: string, self: DaemonProcess): ApiSession {
    let session = this.#sessions.get(key);
    if (!session) this.#sessions.set(key, (session = new ApiSession(self, "gateway/v0.0.0 (linux/amd64) kubernetes/$Format"))); // prettier-ignore
    return session;
  }

  forget(key: string): void {
    this.#sessions.delete(key);
  }
}

/** A line of zap's JSON log. */
export function zapLine(
  self: DaemonProcess,
  level: "info" | "error",
  logger: string,
  msg: string,
  more: object = {},
): void {
  // prettier-ignore
  const ts = rfc3339(Math.floor(self.kernel.now / SECOND) * SECOND);
  self.log(JSON.stringify({ level, ts, ...(logger === "" ? {} : { logger }), msg, ...more }));
}
