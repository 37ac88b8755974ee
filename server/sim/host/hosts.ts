import { type Bytes, type Kernel, type Table } from "../kernel/index.ts";
import { FileSystem, type BaseFiles } from "./files/file-system.ts";
import { ROOT_INODE } from "./files/inode.ts";
import { entryOf, overlay, type ViewNode } from "./files/view.ts";
import { Host, type HostRow, type ViewContext } from "./host.ts";
import { Machine, type MachineRow } from "./machine.ts";
import type { Mount } from "./files/mount-namespace.ts";
import { Postponed } from "./process/postponed.ts";
import type { LogTarget, ProcessRow } from "./process/process-row.ts";
import { isDaemon, type Daemon, type ProgramRegistry } from "./process/program.ts";
import type { Tty } from "./tty/tty.ts";

/** What machines imitate, as far as programs ask for it (DESIGN.md 3.3). */
export interface Profile {
  readonly name: string;
  /** `uname -r`, `uname -v` and the rest of what the kernel says of itself. */
  readonly kernelRelease: string;
  readonly kernelVersion: string;
  readonly architecture: string;
  /** The files of a new machine. */
  readonly files: BaseFiles;
  /** Versions of programs whose output differs between profiles: `iptables: 1.8.10`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Names a part of the world (its network, its clusters) that is found through `Hosts`, so that programs get from their process to it. */
export class Part<T> {
  readonly name: string;
  /** Only for the compiler. */
  declare readonly type: T;

  constructor(name: string) {
    this.name = name;
  }
}

type LogWriter = (
  machine: Machine,
  row: Pick<ProcessRow, "pid" | "host">,
  target: LogTarget,
  fd: 1 | 2,
  data: Bytes,
) => void;

/** A command that somebody entered: all of its lines. */
export interface EnteredCommand {
  readonly host: string;
  readonly tty: Tty | undefined;
  readonly text: string;
}

/** All machines, hosts and file systems of a world, and what other parts have registered with them. */
export class Hosts {
  readonly kernel: Kernel;
  readonly programs: ProgramRegistry;
  readonly #profiles: ReadonlyMap<string, Profile>;
  readonly #machineRows: Table<string, MachineRow>;
  readonly #hostRows: Table<string, HostRow>;
  readonly #machines = new Map<string, Machine>();
  readonly #hosts = new Map<string, Host>();
  readonly #fileSystems = new Map<string, FileSystem>();
  readonly #views = new Map<string, ViewNode<ViewContext>[]>();
  readonly #merged = new Map<string, ViewNode<ViewContext>>();
  readonly #fileMakers = new Map<string, (args: unknown) => Bytes>();
  readonly #fileWatchers = new Map<string, Set<(directory: number) => void>>();
  readonly #directoryWatchers = new Map<string, Set<() => void>>();
  readonly #logWriters = new Map<LogTarget["kind"], LogWriter>();
  readonly #endListeners: ((row: ProcessRow) => void)[] = [];
  readonly #pauseListeners: Parameters<Hosts["onProcessPause"]>[0][] = [];
  readonly #mountProviders: ((machine: Machine) => readonly Mount[])[] = [];
  readonly #postponed: Postponed;
  readonly #parts = new Map<Part<unknown>, unknown>();

  constructor(kernel: Kernel, programs: ProgramRegistry, profiles: readonly Profile[]) {
    this.kernel = kernel;
    this.programs = programs;
    this.#profiles = new Map(profiles.map((profile) => [profile.name, profile]));
    this.#postponed = new Postponed(kernel);
    this.#machineRows = kernel.state.table("machines");
    this.#hostRows = kernel.state.table("hosts");
  }

  /** Makes a part of the world known. */
  provide<T>(part: Part<T>, value: T): void {
    this.#parts.set(part, value);
  }

  part<T>(part: Part<T>): T {
    if (!this.#parts.has(part)) throw new Error(`this world has no ${part.name}`);
    return this.#parts.get(part) as T;
  }

  // Machines and hosts

  /** Enters a machine with its host. `netns` is the id of its root network namespace. */
  addMachine(row: Omit<MachineRow, "nextPid" | "nextInode">, netns: string, firstPid: number): Machine {
    const profile = this.profile(row.profile);
    this.#machineRows.set(row.name, { ...row, nextPid: firstPid, nextInode: 20_000 });
    const files = { id: row.name, root: 1 };
    this.fileSystem(row.name, profile.files);
    this.#hostRows.set(row.name, {
      name: row.name,
      machine: row.name,
      kind: "machine",
      hostname: row.name,
      netns,
      mounts: [
        { at: "/", source: "/dev/vda1", type: "ext4", files },
        { at: "/proc", source: "proc", type: "proc", view: "proc" },
        { at: "/sys", source: "sysfs", type: "sysfs", view: "sys" },
      ],
    });
    return this.machine(row.name);
  }

  /** Enters a container. */
  addHost(row: HostRow): Host {
    this.#hostRows.set(row.name, row);
    return this.host(row.name)!;
  }

  /** Forgets a container: its processes are gone already, its file systems are the caller's to remove. */
  removeHost(name: string): void {
    this.#hostRows.delete(name);
    this.#hosts.delete(name);
  }

  machine(name: string): Machine {
    let machine = this.#machines.get(name);
    if (!machine) this.#machines.set(name, (machine = new Machine(this, name)));
    return machine;
  }

  machines(): Machine[] {
    return [...this.#machineRows.keys()].map((name) => this.machine(name));
  }

  host(name: string): Host | undefined {
    if (!this.#hostRows.has(name)) return undefined;
    let host = this.#hosts.get(name);
    if (!host) this.#hosts.set(name, (host = new Host(this, name)));
    return host;
  }

  /** All hosts, or those on one machine. */
  list(machine?: string): Host[] {
    return [...this.#hostRows.values()]
      .filter((row) => machine === undefined || row.machine === machine)
      .map((row) => this.host(row.name)!);
  }

  profile(name: string): Profile {
    const profile = this.#profiles.get(name);
    if (!profile) throw new Error(`no profile ${name}`);
    return profile;
  }

  // Files

  fileSystem(id: string, base?: BaseFiles): FileSystem {
    let files = this.#fileSystems.get(id);
    if (!files) {
      files = new FileSystem(this.kernel, id, base, ({ kind, args }) => this.#fileMakers.get(kind)?.(args) ?? "");
      this.#fileSystems.set(id, files);
    }
    return files;
  }

  /** A new file system with the files of another one: an image's layers, under a container's. */
  copyFileSystem(from: string, to: string): FileSystem {
    const { state } = this.kernel;
    const next = state.table<string, number>("file-systems");
    this.fileSystem(from);
    state.copy(`files/${from}`, `files/${to}`);
    next.set(to, next.get(from)!);
    return this.fileSystem(to);
  }

  /** A new tmpfs of so many bytes whose root has that mode. */
  makeTmpfs(id: string, bytes: number, mode: number): FileSystem {
    const files = this.fileSystem(id);
    files.update(ROOT_INODE, { ...files.directory(ROOT_INODE), mode });
    files.limit(bytes);
    return files;
  }

  /** Adds to what is mounted on machines besides what their paths lead through (`mountTable`). */
  addMounts(provider: (machine: Machine) => readonly Mount[]): void {
    this.#mountProviders.push(provider);
  }

  mountsOf(machine: Machine): readonly Mount[] {
    return this.#mountProviders.flatMap((provider) => provider(machine));
  }

  /** Names what makes the data of files that are deferred (`RegularFile.deferred`). */
  deferFile<Args>(kind: string, make: (args: Args) => Bytes): void {
    this.#fileMakers.set(kind, make as (args: unknown) => Bytes);
  }

  removeFileSystem(id: string): void {
    // Also one that nobody has looked at since the world was restored.
    if (this.kernel.state.table("file-systems").get(id) !== undefined) this.fileSystem(id).remove();
    this.#fileSystems.delete(id);
  }

  /** Adds to the tree of a computed file system (`proc`, `sys`). Several parts may add to the same directory. */
  addView(name: string, node: ViewNode<ViewContext>): void {
    const nodes = this.#views.get(name) ?? [];
    this.#views.set(name, [...nodes, node]);
    this.#merged.delete(name);
  }

  /** A tree, or a part of one: `sys/fs/bpf`. */
  view(name: string): ViewNode<ViewContext> {
    let merged = this.#merged.get(name);
    if (!merged) {
      const slash = name.lastIndexOf("/");
      const missing: ViewNode<ViewContext> =
        slash < 0
          ? { type: "dir", list: () => [], child: () => undefined }
          : entryOf(() => this.view(name.slice(0, slash)), name.slice(slash + 1));
      this.#merged.set(name, (merged = overlay(this.#views.get(name) ?? [missing])));
    }
    return merged;
  }

  /** Calls `changed` whenever something in the directory at that path of the host is written, made or removed. As inotify(7). */
  watchDirectory(host: string, path: string, changed: () => void): void {
    const watchers = this.#fileWatchers.get(host) ?? new Set();
    this.#fileWatchers.set(host, watchers);
    watchers.add((directory) => {
      if (this.host(host)?.files.inodeOf(path) === directory) changed();
    });
  }

  /** The same for a directory that is known by its inode; returns what ends the watch. For running programs. */
  watchInode(fileSystem: string, directory: number, changed: () => void): () => void {
    const key = `${fileSystem}/${directory}`;
    const watchers = this.#directoryWatchers.get(key) ?? new Set();
    this.#directoryWatchers.set(key, watchers.add(changed));
    return () => {
      watchers.delete(changed);
      if (watchers.size === 0) this.#directoryWatchers.delete(key);
    };
  }

  filesChanged(fileSystem: string, directory: number): void {
    for (const changed of this.#directoryWatchers.get(`${fileSystem}/${directory}`) ?? []) changed();
    for (const watcher of this.#fileWatchers.get(fileSystem) ?? []) watcher(directory);
  }

  // Programs

  daemon(name: string): Daemon {
    const daemon = this.programs.find(name);
    if (!daemon || daemon instanceof Promise || !isDaemon(daemon)) throw new Error(`no daemon ${name} is registered`);
    return daemon;
  }

  /** Names who keeps the output of processes with such a log target. */
  onLog(kind: LogTarget["kind"], writer: LogWriter): void {
    this.#logWriters.set(kind, writer);
  }

  writeLog(machine: Machine, row: Pick<ProcessRow, "pid" | "host">, target: LogTarget, fd: 1 | 2, data: Bytes): void {
    this.#logWriters.get(target.kind)?.(machine, row, target, fd, data);
  }

  /** Calls `listener` when a process has ended, before its row goes: sockets are closed then. */
  onProcessEnd(listener: (row: ProcessRow) => void): void {
    this.#endListeners.push(listener);
  }

  /** Calls `paused` when a process was stopped (SIGSTOP), and `continued` when it goes on. */
  onProcessPause(listener: {
    readonly paused?: (row: ProcessRow) => void;
    readonly continued: (row: ProcessRow) => void;
  }): void {
    this.#pauseListeners.push(listener);
  }

  processPaused(row: ProcessRow): void {
    for (const { paused } of this.#pauseListeners) paused?.(row);
  }

  processContinued(row: ProcessRow): void {
    for (const { continued } of this.#pauseListeners) continued(row);
    this.#postponed.release(this.#processKey(row));
  }

  /** For whoever handles the events of daemons: true if the process is stopped; the event then comes again when it goes on. */
  postpones(machine: string, pid: number, kind: string, args: unknown): boolean {
    if (this.machine(machine).process(pid)?.state !== "stopped") return false;
    this.#postponed.add(`${machine}/${pid}`, { kind, args });
    return true;
  }

  #processKey({ host, pid }: ProcessRow): string {
    return `${this.host(host)?.machine.name}/${pid}`;
  }

  /** Told of exceptions that no program should throw; tests fail on them. */
  reportBug: (program: string, error: unknown) => void = () => {};

  /** Writes that a process comes or goes with. Some processes are there only to look: whoever waits for changes sets this. */
  writesOf: (row: Pick<ProcessRow, "onExit">, write: () => void) => void = (_, write) => write();

  /**
   * Told of each command that is entered at the prompt of a shell, for who reads a session again; what it returns is told
   * of the command's exit status when the prompt is back.
   */
  onCommand: ((entered: EnteredCommand) => (status: number) => void) | undefined;

  processEnded(row: ProcessRow): void {
    for (const listener of this.#endListeners) listener(row);
    this.#postponed.drop(this.#processKey(row));
  }
}
