import type { Decision } from "./program/decision.ts";
import type { Kernel, Table, TableIndex } from "../kernel/index.ts";
import { Namespace, type NamespaceRow } from "./namespace.ts";
import type { FlowWatcher } from "./conntrack/events.ts";
import type { Tap } from "./capture/tap.ts";
import { Rows } from "./rows.ts";
import type { LinkReference } from "./link/row.ts";
import type { Application } from "./transport/application.ts";
import type { Receivers } from "./transport/receivers.ts";

/** One Linux kernel: what its namespaces share. */
export interface MachineRow {
  readonly name: string;
  /** Kernel modules that bring sysctls with them: `br_netfilter`. */
  readonly modules: readonly string[];
  readonly lastNamespace: number;
}

/** A LAN: a switch without settings into which network cards of machines are plugged. */
export interface SegmentRow {
  readonly name: string;
  /** One way through the cable and the switch, in nanoseconds. */
  readonly latency: number;
  readonly cards: readonly LinkReference[];
}

/** A namespace's inode number starts where it does on a freshly booted machine, those of sockets where they are after some days. */
const FIRST_NAMESPACE_INODE = 4_026_531_840;
const FIRST_INODE = 120_000;

/** All machines' network state: a view on the tables below `net/`, and the code that is bound to it. */
export class Network {
  readonly kernel: Kernel;
  readonly namespaces: Table<string, NamespaceRow>;
  readonly machines: Table<string, MachineRow>;
  readonly segments: Table<string, SegmentRow>;
  /** Code behind listening sockets, by the name that their rows have: bound anew after restore and fork. */
  readonly applications = new Map<string, Application>();
  /** Programs that wait for what comes in on a socket. Runtime only: a program does not survive a snapshot. */
  readonly receivers: Receivers = new Map();
  /** Packet sockets; undefined while there is none, which is all that the walk asks. Runtime only. */
  taps: readonly Tap[] | undefined = undefined;
  /** Told when the first of them is opened: from now on somebody sees what nobody would have missed. */
  onWatched: () => void = () => {};
  /** Who listens to what connection tracking does; undefined if nobody does. */
  flowWatchers: readonly FlowWatcher[] | undefined = undefined;
  /** Told after rules of iptables have changed in a namespace: for daemons that keep theirs in order. */
  readonly ruleListeners: ((ns: Namespace) => void)[] = [];
  /** ICMP errors are sent however many there were just now: for who asks many questions in one moment. Runtime only. */
  unlimitedErrors = false;
  /** Told what programs decide about requests: while a trace is made. Runtime only. */
  onDecision: ((decision: Decision) => void) | undefined = undefined;
  /** Takes what a machine's kernel logs (the target LOG), one line. */
  onKernelLog: (machine: string, line: string) => void = () => {};
  /** Whether the process of a machine is stopped, with all that answer in its name. */
  isPaused: (machine: string, pid: number) => boolean = () => false;
  /** Told when a stopped process goes on: for who waits for its answer. Runtime only. */
  readonly wakeListeners = new Set<() => void>();
  readonly #inodes: Table<string, number>;
  readonly #views = new Map<string, Namespace>();
  /** By machine and name: made when first asked for. */
  #byName: TableIndex<string, NamespaceRow> | undefined;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.namespaces = kernel.state.table("net/namespaces");
    this.machines = kernel.state.table("net/machines");
    this.segments = kernel.state.table("net/segments");
    this.#inodes = kernel.state.table("net/inodes", { quiet: true });
  }

  /** Binds code to the sockets whose rows name it. */
  serve(name: string, application: Application): void {
    this.applications.set(name, application);
  }

  /** A new view on the table of that name, for `Namespace.rows`. */
  rows<K extends string | number, V>(name: string, quiet: boolean): Rows<K, V> {
    return new Rows<K, V>(this.kernel.state, name, this.kernel.state.has(name), quiet);
  }

  /** The namespace of that id; a missing one is a bug of the caller. */
  namespace(id: string): Namespace {
    let view = this.#views.get(id);
    if (view) return view;
    if (!this.namespaces.has(id)) throw new Error(`no network namespace ${id}`);
    view = new Namespace(this, id);
    this.#views.set(id, view);
    return view;
  }

  /** The namespace, if there is one of that id. */
  find(id: string): Namespace | undefined {
    return this.namespaces.has(id) ? this.namespace(id) : undefined;
  }

  /** The namespace that `ip netns add` gave this name on that machine. */
  named(machine: string, name: string): Namespace | undefined {
    this.#byName ??= this.namespaces.index((row) => `${row.machine}/${row.name ?? ""}`);
    const [row] = this.#byName.rows(`${machine}/${name}`);
    return row && this.namespace(row.id);
  }

  /** Named namespaces of a machine, the newest first, as /run/netns lists them. */
  names(machine: string): Namespace[] {
    const named = [...this.namespaces.values()].filter((row) => row.machine === machine && row.name !== undefined);
    const age = (row: NamespaceRow): number => row.namedAfter ?? row.inode;
    return named.sort((a, b) => age(b) - age(a)).map((row) => this.namespace(row.id));
  }

  machine(name: string): MachineRow {
    return this.machines.get(name) ?? { name, modules: [], lastNamespace: 0 };
  }

  /** Next number for a socket or file of that machine's kernel. */
  nextInode(machine: string): number {
    const inode = (this.#inodes.get(machine) ?? FIRST_INODE) + 1 + this.kernel.random.below(`inode/${machine}`, 7);
    this.#inodes.set(machine, inode);
    return inode;
  }

  /**
   * Adds the row of a namespace, without any link. The first of a machine is the machine's own and has its name as id.
   * Use `addNamespace`, which gives it its `lo`.
   */
  insertNamespace(machine: string, options: { name?: string; label?: string }): Namespace {
    const host = this.machine(machine);
    const number = host.lastNamespace + 1;
    const id = number === 1 ? machine : `${machine}:${number}`;
    const inode = number === 1 ? FIRST_NAMESPACE_INODE : FIRST_NAMESPACE_INODE + 390 + number * 60;
    this.machines.set(machine, { ...host, lastNamespace: number });
    this.namespaces.set(id, { id, machine, inode, lastIndex: 0, peerIds: {}, ...options });
    return this.namespace(id);
  }

  /** Drops the row and all tables. Use `removeNamespace`, which takes its links with it. */
  deleteNamespace(id: string): void {
    this.namespaces.delete(id);
    this.kernel.state.drop(`net/${id}/`);
    for (const key of this.receivers.keys()) if (key.startsWith(`${id}/`)) this.receivers.delete(key);
    this.#views.delete(id);
    for (const row of this.namespaces.values()) {
      if (row.peerIds[id] === undefined) continue;
      const peerIds = Object.fromEntries(Object.entries(row.peerIds).filter(([other]) => other !== id));
      this.namespaces.set(row.id, { ...row, peerIds });
    }
  }

  /** Makes a LAN if there is none of that name. `latency` in nanoseconds, one way. */
  segment(name: string, latency = 120_000): SegmentRow {
    const row = this.segments.get(name);
    if (row) return row;
    const made: SegmentRow = { name, latency, cards: [] };
    this.segments.set(name, made);
    return made;
  }

  loadModule(machine: string, module: string): void {
    const row = this.machine(machine);
    if (!row.modules.includes(module)) this.machines.set(machine, { ...row, modules: [...row.modules, module] });
  }

  unloadModule(machine: string, module: string): void {
    const row = this.machine(machine);
    this.machines.set(machine, { ...row, modules: row.modules.filter((other) => other !== module) });
  }
}
