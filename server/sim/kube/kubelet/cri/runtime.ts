import type { ExitStatus, Host, Machine, Process } from "../../../host/index.ts";
import { pad, rfc3339, type Duration, type Kernel, type Table, type TableIndex } from "../../../kernel/index.ts";
import { networkOfHosts, type Network } from "../../../net/index.ts";
import { rpcError, type Done, type Outcome, type RuntimeCondition } from "./api.ts";
import type { ContainerdConfig } from "./containerd/config.ts";
import { loadNetwork } from "./cni/config.ts";
import type { PluginOutput } from "./cni/chain.ts";
import type { ContainerIo } from "./container/io.ts";
import { withBuilt, type BuiltImageRow } from "./image/built.ts";
import type { ImageSource } from "./image/source.ts";
import { PACE } from "./pace.ts";
import type { CniRow, ContainerRow, ImageRow, OperationRow, SandboxRow } from "./rows.ts";

export const EVENTS = {
  /** An operation goes on: `{ machine, op }`. */
  step: "cri/step",
  /** A CNI plugin has ended: `{ machine, op, pid, status }`. */
  plugin: "cri/plugin",
  /** A container's main process has ended: `{ machine, container, pid, status }`. */
  exited: "cri/exited",
  /** A process of ExecSync has ended: `{ machine, op, pid, status }`. */
  execEnded: "cri/exec-ended",
  /** A pause or shim process has ended: `{ machine, sandbox, pid, status }`. */
  sandboxEnded: "cri/sandbox-ended",
  /** The CNI directory has changed: `{ machine }`. */
  reload: "cri/reload-cni",
  /** Programs that did not survive a restore or fork are started again. */
  resume: "cri/resume",
  /** An answer to a program: `{ machine, client, outcome }`. */
  answer: "cri/answer",
  /** A command that runs for a client of the runtime has ended: `{ machine, exec, status }`. */
  streamEnded: "cri/stream-ended",
} as const;

/** What containerd is while it runs. */
interface Running {
  readonly pid: number;
  readonly config: ContainerdConfig;
}

/** What is told to those who watch a runtime (the kubelet): a Pod's containers changed, or the runtime's own state. */
export interface RuntimeListener {
  podChanged(machine: string, podUid: string): void;
  stateChanged(machine: string): void;
  /** So many changes of files were only log lines. */
  ownWrites(count: number): void;
}

/**
 * containerd of one machine: its sandboxes, containers and images, which outlive its process, and what it is busy with,
 * which does not. A view on the tables `cri/<machine>/…`.
 */
export class Containerd {
  readonly machine: Machine;
  readonly network: Network;
  readonly source: ImageSource;
  readonly listener: RuntimeListener;
  readonly sandboxes: Table<string, SandboxRow>;
  readonly containers: Table<string, ContainerRow>;
  /** The same by the uid of their Pod. */
  readonly #sandboxesOfPod: TableIndex<string, SandboxRow>;
  readonly #containersOfPod: TableIndex<string, ContainerRow>;
  readonly images: Table<string, ImageRow>;
  /** Those that were made here, by their ids; those in between of a build are in no other table. */
  readonly builtImages: Table<string, BuiltImageRow>;
  readonly operations: Table<number, OperationRow>;
  /** What running programs hold: outputs of plugins and of ExecSync by operation, streams by container. */
  readonly outputs = new Map<number, PluginOutput>();
  readonly streams = new Map<string, ContainerIo>();
  /** How many lines a container's log has, roughly. */
  readonly logLines = new Map<string, number>();
  readonly #clients = new Map<number, (outcome: Outcome) => void>();
  #clientCount = 0;
  readonly #execs = new Map<number, (status: ExitStatus | undefined) => void>();
  #execCount = 0;
  readonly #followers = new Map<string, Set<() => void>>();
  readonly #running: Table<string, Running>;
  readonly #cni: Table<string, CniRow>;
  readonly #numbers: Table<string, number>;

  constructor(machine: Machine, source: ImageSource, listener: RuntimeListener) {
    this.machine = machine;
    this.network = networkOfHosts(machine.hosts);
    this.listener = listener;
    const { state } = machine.kernel;
    const prefix = `cri/${machine.name}`;
    this.sandboxes = state.table(`${prefix}/sandboxes`);
    this.containers = state.table(`${prefix}/containers`);
    this.#sandboxesOfPod = this.sandboxes.index(({ config }) => config.uid);
    this.#containersOfPod = this.containers.index(({ podUid }) => podUid);
    this.images = state.table(`${prefix}/images`);
    this.builtImages = state.table(`${prefix}/built-images`);
    this.source = withBuilt(source, this.builtImages);
    this.operations = state.table(`${prefix}/operations`);
    this.#running = state.table(`${prefix}/containerd`);
    this.#cni = state.table(`${prefix}/cni`);
    this.#numbers = state.table(`${prefix}/numbers`);
  }

  get host(): Host {
    return this.machine.host;
  }

  get kernel(): Kernel {
    return this.machine.kernel;
  }

  /** In the order in which they were made. */
  sandboxesOf(podUid: string): Iterable<SandboxRow> {
    return this.#sandboxesOfPod.rows(podUid);
  }

  containersOf(podUid: string): Iterable<ContainerRow> {
    return this.#containersOfPod.rows(podUid);
  }

  // Its process

  /** containerd runs and its CRI plugin is on. */
  get serving(): boolean {
    return this.#running.get("containerd")?.config.cri ?? false;
  }

  get running(): Running | undefined {
    return this.#running.get("containerd");
  }

  get config(): ContainerdConfig {
    return this.#running.get("containerd")!.config;
  }

  started(pid: number, config: ContainerdConfig): void {
    this.#running.set("containerd", { pid, config });
    if (config.cri) this.loadCni();
    this.listener.stateChanged(this.machine.name);
  }

  /** The process is gone: its clients lose their connections, what it was busy with ends nowhere. */
  stopped(): void {
    this.#running.delete("containerd");
    this.#cni.delete("cni");
    for (const op of this.operations.values())
      this.finish(op, rpcError("error reading from server: EOF", "Unavailable"));
    for (const wake of this.#execs.values()) wake(undefined);
    this.#execs.clear();
    this.listener.stateChanged(this.machine.name);
  }

  log(level: "info" | "warning" | "error", message: string, fields: Readonly<Record<string, string>> = {}): void {
    const running = this.running;
    const row = running && this.machine.process(running.pid);
    if (row) this.machine.writeLog(row, 2, `${containerdLine(this.kernel, level, message, fields)}\n`);
  }

  // Network configuration

  get cni(): CniRow {
    return this.#cni.get("cni") ?? { error: "cni config load failed: cni plugin not initialized" };
  }

  /** Reads the configuration directory anew. */
  loadCni(): CniRow {
    const { cniConfDir } = this.config;
    const loaded = loadNetwork(this.host, cniConfDir);
    const row: CniRow = "error" in loaded ? { error: loaded.error } : { network: loaded };
    this.#cni.set("cni", row);
    return row;
  }

  get networkCondition(): RuntimeCondition {
    if (this.cni.network) return { ready: true, reason: "", message: "" };
    return {
      ready: false,
      reason: "NetworkPluginNotReady",
      message: "Network plugin returns error: cni plugin not initialized",
    };
  }

  // Operations

  /** Takes up an operation; `step` of its kind runs at once. */
  begin<Kind extends OperationRow["kind"]>(
    kind: Kind,
    data: Extract<OperationRow, { kind: Kind }>["data"],
    done: Done,
  ): Extract<OperationRow, { kind: Kind }> {
    const id = (this.#numbers.get("operation") ?? 0) + 1;
    this.#numbers.set("operation", id);
    const op = { id, kind, done, data } as unknown as Extract<OperationRow, { kind: Kind }>;
    this.operations.set(id, op);
    return op;
  }

  /** Changes what an operation knows; the row as it is now. */
  update<Op extends OperationRow>(op: Op, change: Partial<Op["data"]>): Op {
    const next = { ...op, data: { ...op.data, ...change } } as Op;
    this.operations.set(op.id, next);
    return next;
  }

  /** Lets an operation go on after that time. */
  later(op: OperationRow, delay: Duration): number {
    return this.kernel.after(delay, EVENTS.step, { machine: this.machine.name, op: op.id });
  }

  finish(op: OperationRow, outcome: Outcome): void {
    this.operations.delete(op.id);
    this.outputs.delete(op.id);
    this.answer(op.done, outcome);
  }

  answer(done: Done, outcome: Outcome, delay: Duration = 0): void {
    this.kernel.after(delay, done.kind, { ...done.args, outcome });
  }

  /** Answers with an error if containerd does not serve now. */
  refuses(done: Done): boolean {
    if (this.serving) return false;
    this.answer(done, rpcError("unknown service runtime.v1.RuntimeService", "Unimplemented"), PACE.answer);
    return true;
  }

  /** Asks for an operation in the name of a program, as crictl does: `runtime.ask(process, (done) => stopContainer(…, done))`. */
  async ask(process: Process, call: (done: Done) => void): Promise<Outcome> {
    const client = ++this.#clientCount;
    return process.block<Outcome>((wake) => {
      this.#clients.set(client, wake);
      call({ kind: EVENTS.answer, args: { machine: this.machine.name, client } });
      return () => this.#clients.delete(client);
    });
  }

  answered(client: number, outcome: Outcome): void {
    this.#clients.get(client)?.(outcome);
  }

  // Commands with streams, as crictl asks for

  readonly execEvent = EVENTS.streamEnded;

  get runtime(): this {
    return this;
  }

  nextExec(): number {
    return ++this.#execCount;
  }

  onExecEnd(exec: number, wake: (status: ExitStatus | undefined) => void): () => void {
    this.#execs.set(exec, wake);
    return () => this.#execs.delete(exec);
  }

  execEnded(exec: number, status: ExitStatus): void {
    this.#execs.get(exec)?.(status);
  }

  newId(): string {
    return this.kernel.random.hex("cri/id", 64);
  }

  // Logs

  /** Calls `wake` when a container's log has grown or the container has ended; returns what ends that. */
  followLog(container: string, wake: () => void): () => void {
    const followers = this.#followers.get(container) ?? new Set();
    this.#followers.set(container, followers);
    followers.add(wake);
    return () => followers.delete(wake);
  }

  logChanged(container: string): void {
    for (const wake of this.#followers.get(container) ?? []) wake();
  }

  /** Writes that nobody's probe has to look at again: they say what a container said. */
  ownWrites(write: () => void): void {
    const { state } = this.kernel;
    const before = state.generation("files");
    write();
    this.listener.ownWrites(state.generation("files") - before);
  }

  podChanged(podUid: string): void {
    this.listener.podChanged(this.machine.name, podUid);
  }
}

/** A line of containerd's log (logrus): `time="…" level=info msg="…" key=value`. */
export function containerdLine(
  kernel: Kernel,
  level: string,
  message: string,
  fields: Readonly<Record<string, string>>,
): string {
  const nanos = `${pad(kernel.now % 1_000_000, 6)}${pad(kernel.random.below("cri/log", 1000), 3)}`;
  const time = `${rfc3339(kernel.now).slice(0, 19)}.${nanos}Z`;
  const values = Object.entries({ level, msg: message, ...fields });
  return `time=${JSON.stringify(time)} ${values.map(([key, value]) => `${key}=${quoted(value)}`).join(" ")}`;
}

/** logrus' TextFormatter quotes what is more than letters, digits and `-._/@^+`. */
function quoted(value: string): string {
  return value !== "" && /^[A-Za-z0-9\-._/@^+]*$/.test(value) ? value : JSON.stringify(value);
}
