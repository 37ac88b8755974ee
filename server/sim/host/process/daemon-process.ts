import { encode, type Kernel } from "../../kernel/index.ts";
import type { Caller } from "../files/mount-namespace.ts";
import type { Host } from "../host.ts";
import { comm, type ExitStatus, type ProcessRow } from "./process-row.ts";

/** A daemon's view of its own process. Made anew whenever something happens to it; all that lasts is in the row. */
export class DaemonProcess implements Caller {
  readonly host: Host;
  readonly pid: number;

  constructor(host: Host, pid: number) {
    this.host = host;
    this.pid = pid;
  }

  get kernel(): Kernel {
    return this.host.kernel;
  }

  get row(): ProcessRow {
    return this.host.machine.process(this.pid)!;
  }

  get uid(): number {
    return this.row.uid;
  }

  get gid(): number {
    return this.row.gid;
  }

  get groups(): readonly number[] {
    return this.row.groups;
  }

  get umask(): number {
    return this.row.umask;
  }

  get cwd(): string {
    return this.row.cwd;
  }

  get env(): Readonly<Record<string, string>> {
    return this.row.env;
  }

  get argv(): readonly string[] {
    return this.row.argv;
  }

  /** False once it has ended: events that were planned for it must then do nothing. */
  get alive(): boolean {
    return this.host.machine.isAlive(this.pid);
  }

  /** Its own state, plain data. */
  get data(): unknown {
    return this.row.data;
  }

  set data(data: unknown) {
    this.host.machine.updateProcess(this.pid, { data });
  }

  /** Writes a line to its standard output (1) or error (2): its terminal, its container's log, or its unit's journal. */
  log(line: string, fd: 1 | 2 = 2): void {
    this.host.machine.writeLog(this.row, fd, encode(`${line}\n`));
  }

  exit(code: number): void {
    this.end({ code });
  }

  end(status: ExitStatus): void {
    this.host.machine.endDaemon(this.pid, status);
  }

  /** Starts a worker of the same program: a process that only shows in the process table and ends with this one. */
  fork(argv: readonly string[], change: Partial<ProcessRow> = {}): number {
    const { row } = this;
    const { onExit: _, data: __, ...kept } = row;
    return this.host.machine.addProcess(this.host, {
      ...kept,
      ppid: this.pid,
      argv,
      comm: comm(argv[0]!.replace(/:.*/, "")),
      ...change,
    });
  }
}
