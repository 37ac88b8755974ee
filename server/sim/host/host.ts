import { decode, type Kernel, type Table } from "../kernel/index.ts";
import type { Capability } from "./capabilities.ts";
import { Errno } from "./errno.ts";
import type { FileSystem } from "./files/file-system.ts";
import { Files } from "./files/files.ts";
import type { Caller, FilesHost, Mount } from "./files/mount-namespace.ts";
import type { ViewNode } from "./files/view.ts";
import type { Hosts } from "./hosts.ts";
import type { Machine } from "./machine.ts";
import type { ProcessRow } from "./process/process-row.ts";
import { Users } from "./users.ts";

/** Something with its own files, name and processes: a machine's own system, or a container on it. Plain data. */
export interface HostRow {
  /** Unique in the world: the machine's name, or the container's id. */
  readonly name: string;
  readonly machine: string;
  readonly kind: "machine" | "container";
  /** What `hostname` prints (the UTS namespace). */
  readonly hostname: string;
  /** The network namespace; the containers of a Pod share one. */
  readonly netns: string;
  readonly mounts: readonly Mount[];
  /** For containers: the image reference, and the next pid inside. */
  readonly image?: string;
  readonly nextPid?: number;
  /** What root may there, without `CAP_`: `NET_ADMIN`; `ALL` for everything. Machines have no list: root may all. */
  readonly capabilities?: readonly string[];
  /** What starts there cannot gain privileges (no_new_privs), and whether its system calls are filtered. */
  readonly noNewPrivileges?: true;
  readonly seccomp?: true;
  /**
   * The process namespace, if it is not the host's own: the machine's name, the container whose namespace it joins, or a
   * sandbox's. Processes there are numbered together.
   */
  readonly pidns?: string;
  /** The cgroup of a container: bytes of memory that it may use, how often it used more, and how likely it is ended then. */
  readonly memoryLimit?: number;
  readonly oomKills?: number;
  readonly oomScoreAdj?: number;
  /** The namespaces of shared memory and of the host name, for containers: a sandbox's id, or the machine's name. */
  readonly ipcns?: string;
  readonly utsns?: string;
  /** Words for people: `Pod web-1 (container nginx)`. */
  readonly label?: string;
}

/** What /proc and /sys are computed from: the host, and the process that looks. */
export interface ViewContext {
  readonly host: Host;
  readonly process: ProcessRow | undefined;
}

/** The view on one host. */
export class Host implements FilesHost<ViewContext> {
  readonly hosts: Hosts;
  readonly name: string;
  readonly kernel: Kernel;
  readonly files: Files<ViewContext>;
  readonly users: Users;
  readonly #rows: Table<string, HostRow>;
  /** The row as of a version of the table: it is asked for at every look at a file. */
  #row: HostRow | undefined;
  #version = -1;

  constructor(hosts: Hosts, name: string) {
    this.hosts = hosts;
    this.name = name;
    this.kernel = hosts.kernel;
    this.#rows = this.kernel.state.table("hosts");
    this.files = new Files(this);
    this.users = new Users((path) => this.readText(path) ?? "");
  }

  get row(): HostRow {
    const { version } = this.#rows;
    if (version !== this.#version) {
      this.#row = this.#rows.get(this.name);
      this.#version = version;
    }
    return this.#row!;
  }

  update(change: Partial<HostRow>): void {
    this.#rows.set(this.name, { ...this.row, ...change });
  }

  get machine(): Machine {
    return this.hosts.machine(this.row.machine);
  }

  get isContainer(): boolean {
    return this.row.kind === "container";
  }

  get hostname(): string {
    return this.row.hostname;
  }

  get netns(): string {
    return this.row.netns;
  }

  /** The text of a file, or undefined if it cannot be read: for configuration files that may be missing. */
  readText(path: string): string | undefined {
    try {
      return decode(this.files.read(path));
    } catch (error) {
      if (error instanceof Errno) return undefined;
      throw error;
    }
  }

  /** Root lacks that capability here. */
  lacks(capability: Capability): boolean {
    const { capabilities } = this.row;
    return capabilities !== undefined && !capabilities.includes(capability) && !capabilities.includes("ALL");
  }

  /** Whose processes can be seen from here. */
  get pidns(): string {
    return this.row.pidns ?? this.name;
  }

  /** The processes of the machine are those that are seen here, under the same numbers. */
  get seesMachine(): boolean {
    return this.row.kind === "machine" || this.row.pidns === this.row.machine;
  }

  nextPid(): number {
    const nextPid = this.row.nextPid ?? 1;
    this.update({ nextPid: nextPid + 1 });
    return nextPid;
  }

  /** The processes that can be seen from here: all of the machine, or those of the container's process namespace. */
  processes(): ProcessRow[] {
    return this.machine.processes(this.seesMachine ? undefined : this.pidns);
  }

  sees(row: ProcessRow): boolean {
    return this.seesMachine || (row.pidns ?? row.host) === this.pidns;
  }

  /** Finds a process by the number that it has here. */
  processByPid(pid: number): ProcessRow | undefined {
    if (this.seesMachine) return this.machine.process(pid);
    return this.processes().find((row) => row.nspid === pid);
  }

  /** The number that a process has here. */
  pidOf(row: ProcessRow): number {
    return this.seesMachine ? row.pid : row.nspid;
  }

  // For its files

  get mounts(): readonly Mount[] {
    return this.row.mounts;
  }

  fileSystem(id: string): FileSystem {
    return this.hosts.fileSystem(id);
  }

  view(name: string): ViewNode<ViewContext> {
    return this.hosts.view(name);
  }

  viewContext(caller: Caller): ViewContext {
    return { host: this, process: caller.pid === undefined ? undefined : this.machine.process(caller.pid) };
  }

  changed(fileSystem: string, directory: number): void {
    this.hosts.filesChanged(fileSystem, directory);
  }
}
