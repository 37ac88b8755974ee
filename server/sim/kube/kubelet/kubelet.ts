import { DaemonProcess, type ExitStatus, type Host, type Machine } from "../../host/index.ts";
import { SECOND, type Duration, type Kernel, type Table, type Time } from "../../kernel/index.ts";
import type { ObjectReference } from "../api/index.ts";
import { klogLine } from "../components/klog.ts";
import { ApiAccess } from "./api-access.ts";
import { BackOff, type Entry } from "./back-off.ts";
import type { Containerd } from "./cri/runtime.ts";
import type { WantedImage } from "./images/pull-queue.ts";
import { allocationOf, type Allocation, type PodRow } from "./pods/row.ts";
import type { ProbeRow } from "./probes/row.ts";
import { EVENTS, type KubeletRow } from "./row.ts";

interface UnsentEvent {
  readonly about: ObjectReference;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly at: Time;
}

const MOST_EVENTS = 200;
const PATIENCE: Duration = 120 * SECOND;

/** What the image manager remembers of a pull that failed. */
export type PullErrors = Table<string, string>;

/** The kubelet of one machine: a view on the tables `kubelet/<machine>/…`, which hold what its process knows. */
export class Kubelet {
  readonly machine: Machine;
  readonly runtime: Containerd;
  readonly api: ApiAccess;
  readonly pods: Table<string, PodRow>;
  readonly probes: Table<string, ProbeRow>;
  readonly restarts: BackOff;
  readonly pulls: BackOff;
  readonly pullErrors: PullErrors;
  /** Tokens of service accounts by Pod, volume and path, and when they are to be asked for anew. */
  readonly tokens: Table<string, { readonly token: string; readonly refreshAt: Time }>;
  /** By Pod: what its containers had when the last kubelet ended. */
  readonly allocations: Table<string, Allocation>;
  /** Whoever waits for the end of a command that runs for a client. */
  readonly #execs = new Map<number, (status: ExitStatus | undefined) => void>();
  #execCount = 0;
  /** What its node's status was made from when it was last looked at. */
  reported = "";
  readonly pulling: Table<string, WantedImage>;
  readonly unsentEvents: Table<number, UnsentEvent>;
  readonly #rows: Table<string, KubeletRow>;
  readonly #forgotten: readonly { clear(): void }[];

  constructor(machine: Machine, runtime: Containerd) {
    this.machine = machine;
    this.runtime = runtime;
    const { state } = machine.kernel;
    const table = <V>(name: string): Table<string, V> =>
      state.table<string, V>(`kubelet/${machine.name}/${name}`, { quiet: true });
    const now = (): number => machine.kernel.now;
    const [restarts, pulls] = [table<Entry>("restarts"), table<Entry>("pulls")];
    this.#rows = table("daemon");
    this.pods = table("pods");
    this.probes = table("probes");
    this.pullErrors = table("pull-errors");
    this.restarts = new BackOff(restarts, now);
    this.pulls = new BackOff(pulls, now);
    this.tokens = table("tokens");
    this.allocations = table("allocations");
    this.pulling = table("pulling");
    this.unsentEvents = state.table(`kubelet/${machine.name}/unsent-events`, { quiet: true });
    this.api = new ApiAccess(this);
    this.#forgotten = [
      restarts,
      pulls,
      this.pullErrors,
      this.tokens,
      this.pulling,
      this.unsentEvents,
      this.probes,
      this.pods,
    ];
  }

  get kernel(): Kernel {
    return this.machine.kernel;
  }

  get host(): Host {
    return this.machine.host;
  }

  /** What it is while its process runs. */
  get row(): KubeletRow | undefined {
    return this.#rows.get("kubelet");
  }

  get running(): KubeletRow {
    return this.#rows.get("kubelet")!;
  }

  get self(): DaemonProcess {
    return new DaemonProcess(this.host, this.running.pid);
  }

  update(change: Partial<KubeletRow>): void {
    const { row } = this;
    if (row) this.#rows.set("kubelet", { ...row, ...change });
  }

  started(row: KubeletRow): void {
    this.#rows.set("kubelet", row);
  }

  /** The process is gone, and all that it knew; containers run on. */
  stopped(): void {
    const { nodeName, connected, manifestTimer = null } = this.running;
    if (manifestTimer !== null) this.kernel.cancel(manifestTimer);
    if (connected) this.api.cluster?.heartbeats.report(nodeName, { alive: false });
    this.allocations.clear();
    for (const row of this.pods.values()) if (row.phase === "sync") this.allocations.set(row.uid, allocationOf(row));
    for (const { timer } of this.pods.values()) if (timer !== undefined) this.kernel.cancel(timer);
    for (const { timer } of this.probes.values()) if (timer !== null) this.kernel.cancel(timer);
    for (const wake of this.#execs.values()) wake(undefined);
    this.#execs.clear();
    this.reported = "";
    this.#rows.delete("kubelet");
    for (const table of this.#forgotten) table.clear();
    this.api.forget();
  }

  /** The process is stopped: it gives no sign of life and hears nothing. */
  paused(): void {
    const { nodeName, connected } = this.running;
    if (!connected) return;
    this.api.cluster?.heartbeats.report(nodeName, { alive: false });
    this.update({ connected: false, failures: 0 });
  }

  /** The process goes on: what has happened meanwhile it learns from the server. */
  continued(): void {
    const { pid, kubeconfig } = this.running;
    if (kubeconfig !== undefined) this.after(0, EVENTS.connect, { pid });
  }

  readonly execEvent = EVENTS.execEnded;

  /** Numbers a command that runs for a client. */
  nextExec(): number {
    return ++this.#execCount;
  }

  /** Waits for the end of such a command; undefined if the kubelet ends before. Returns what ends the wait. */
  onExecEnd(exec: number, wake: (status: ExitStatus | undefined) => void): () => void {
    this.#execs.set(exec, wake);
    return () => this.#execs.delete(exec);
  }

  execEnded(exec: number, status: ExitStatus): void {
    this.#execs.get(exec)?.(status);
  }

  /** A number that no other answer carries. */
  token(): number {
    const { nextToken } = this.running;
    this.update({ nextToken: nextToken + 1 });
    return nextToken;
  }

  after(delay: Duration, kind: string, args: object, options: { readonly periodic?: boolean } = {}): number {
    return this.kernel.after(delay, kind, { machine: this.machine.name, ...args }, options);
  }

  /** The same for what looks every `period` and has found nothing new (Kernel.rest). */
  rest(period: Duration, kind: string, args: object, area = ""): number {
    return this.kernel.rest(period, kind, { machine: this.machine.name, ...args }, area);
  }

  log(severity: "I" | "W" | "E" | "F", source: string, message: string): void {
    const { row } = this;
    if (row) this.self.log(klogLine(severity, this.kernel.now, row.pid, source, message));
  }

  /**
   * Records an Event. One that cannot be sent now waits for the way to the server to open, for as long as a recorder tries
   * (client-go tools/record: twelve times, every ten seconds).
   */
  event(about: ObjectReference, type: "Normal" | "Warning", reason: string, message: string): void {
    if (this.api.open) return this.api.recorder?.event(about, type, reason, message);
    const { size } = this.unsentEvents;
    if (size < MOST_EVENTS) this.unsentEvents.set(size, { about, type, reason, message, at: this.kernel.now });
  }

  /** The way to the server is open: sends what has waited. */
  sendEvents(): void {
    const waiting = [...this.unsentEvents.values()];
    this.unsentEvents.clear();
    for (const { about, type, reason, message, at } of waiting)
      if (this.kernel.now - at <= PATIENCE) this.api.recorder?.event(about, type, reason, message);
  }

  /** Records an Event of the node, which the kubelet names by its name for lack of a uid (kubelet.go nodeRef). */
  nodeEvent(type: "Normal" | "Warning", reason: string, message: string): void {
    const { nodeName } = this.running;
    const about: ObjectReference = { kind: "Node", name: nodeName, uid: nodeName };
    this.event(about, type, reason, message);
  }
}
