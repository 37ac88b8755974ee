import { Part, type ExitStatus, type Hosts, type Machine } from "../../../host/index.ts";
import { cgroupFiles } from "./cgroup.ts";
import { stepCreate } from "./container/create.ts";
import { execEnded, runExec, stepExec } from "./container/exec.ts";
import { run, stepStart } from "./container/start.ts";
import { containerExited, stepStop } from "./container/stop.ts";
import { stepPull } from "./image/images.ts";
import type { Outcome } from "./api.ts";
import type { ImageSource } from "./image/source.ts";
import { writeLog } from "./logs/write.ts";
import { PACE } from "./pace.ts";
import type { OperationRow } from "./rows.ts";
import { machineMounts } from "./machine-mounts.ts";
import { Containerd, EVENTS, type RuntimeListener } from "./runtime.ts";
import { resumeRunSandbox, runSandboxPlugin, stepRunSandbox } from "./sandbox/run.ts";
import { resumeStopSandbox, sandboxEnded, stepStopSandbox, stopSandboxPlugin } from "./sandbox/stop.ts";

const RUNTIMES = new Part<Runtimes>("container runtimes");

type ExitWatcher = (machine: string, container: string, code: number) => void;

class Runtimes {
  readonly #source: ImageSource;
  readonly #hosts: Hosts;
  readonly #views = new Map<string, Containerd>();
  readonly #listener: RuntimeListener;
  readonly exitWatchers: ExitWatcher[] = [];

  constructor(hosts: Hosts, source: ImageSource, listener: RuntimeListener) {
    this.#hosts = hosts;
    this.#source = source;
    this.#listener = listener;
  }

  of(machine: string): Containerd {
    let view = this.#views.get(machine);
    if (!view) {
      view = new Containerd(this.#hosts.machine(machine), this.#source, this.#listener);
      this.#views.set(machine, view);
      this.#watch(machine);
    }
    return view;
  }

  /** The CNI plugin reads its directory again whenever something in it changes (cni_conf_syncer.go). */
  #watch(machine: string): void {
    const { kernel } = this.#hosts;
    this.#hosts.watchDirectory(machine, "/etc/cni/net.d", () => {
      if (this.of(machine).serving) kernel.after(PACE.reloadCni, EVENTS.reload, { machine });
    });
  }
}

export function containerdOf(machine: Machine): Containerd {
  return machine.hosts.part(RUNTIMES).of(machine.name);
}

/** Calls `watch` whenever a container has ended. Once per world, again after restore and fork. */
export function onContainerExit(hosts: Hosts, watch: ExitWatcher): void {
  hosts.part(RUNTIMES).exitWatchers.push(watch);
}

/** Gives a world's machines their container runtimes. Once per world, again after restore and fork. */
export function bindRuntimes(hosts: Hosts, source: ImageSource, listener: RuntimeListener): void {
  const runtimes = new Runtimes(hosts, source, listener);
  hosts.provide(RUNTIMES, runtimes);
  hosts.addMounts((machine) => machineMounts(runtimes.of(machine.name)));
  const { kernel } = hosts;
  const operation = (machine: string, id: number): OperationRow | undefined => runtimes.of(machine).operations.get(id);
  kernel.handle(EVENTS.step, ({ machine, op }: { machine: string; op: number }) => {
    const row = operation(machine, op);
    if (row) step(runtimes.of(machine), row);
  });
  kernel.handle(EVENTS.plugin, (args: { machine: string; op: number; pid: number; status: ExitStatus }) => {
    const row = operation(args.machine, args.op);
    if (row?.kind === "run-sandbox" && row.data.chain?.pid === args.pid)
      runSandboxPlugin(runtimes.of(args.machine), row, args.status);
    if (row?.kind === "stop-sandbox" && row.data.chain?.pid === args.pid)
      stopSandboxPlugin(runtimes.of(args.machine), row, args.status);
  });
  kernel.handle(EVENTS.execEnded, (args: { machine: string; op: number; pid: number; status: ExitStatus }) => {
    const row = operation(args.machine, args.op);
    if (row?.kind === "exec" && row.data.pid === args.pid) execEnded(runtimes.of(args.machine), row, args.status);
  });
  kernel.handle(EVENTS.exited, (args: { machine: string; container: string; pid: number; status: ExitStatus }) => {
    const runtime = runtimes.of(args.machine);
    const before = runtime.containers.get(args.container)?.state;
    containerExited(runtime, args.container, args.pid, args.status);
    const after = runtime.containers.get(args.container);
    if (before === "running" && after && after.state !== "running")
      for (const watch of runtimes.exitWatchers) watch(args.machine, after.id, after.exitCode);
  });
  kernel.handle(EVENTS.sandboxEnded, (args: { machine: string; sandbox: string; pid: number }) =>
    sandboxEnded(runtimes.of(args.machine), args.sandbox, args.pid),
  );
  kernel.handle(EVENTS.reload, ({ machine }: { machine: string }) => reload(runtimes.of(machine)));
  kernel.handle(EVENTS.answer, (args: { machine: string; client: number; outcome: Outcome }) =>
    runtimes.of(args.machine).answered(args.client, args.outcome),
  );
  kernel.handle(EVENTS.streamEnded, (args: { machine: string; exec: number; status: ExitStatus }) =>
    runtimes.of(args.machine).execEnded(args.exec, args.status),
  );
  kernel.handle(EVENTS.resume, () => resumePrograms(hosts, { scripts: false }));
  hosts.onLog("container", (machine, row, _target, fd, data) => {
    const runtime = runtimes.of(machine.name);
    const container = runtime.containers.get(row.host);
    if (!container) return;
    const io = runtime.streams.get(container.id);
    if (io) io.print(fd, data);
    else writeLog(runtime, container, fd === 1 ? "stdout" : "stderr", data);
  });
  hosts.addView(
    "sys",
    cgroupFiles((machine) => runtimes.of(machine.name)),
  );
  // After a restore or fork: what containerd waited for did not survive.
  if (hosts.machines().some((machine) => waitsForProgram(machine, runtimes.of(machine.name))))
    kernel.after(0, EVENTS.resume, null);
}

/** A program that was left behind by a restore or fork: its row is there, and nothing runs. */
function isGone(machine: Machine, pid: number | undefined): boolean {
  return (
    pid !== undefined && machine.isAlive(pid) && machine.process(pid)!.daemon === undefined && !machine.liveProcess(pid)
  );
}

function waitsForProgram(machine: Machine, runtime: Containerd): boolean {
  for (const { kind, data } of runtime.operations.values()) {
    if ((kind === "run-sandbox" || kind === "stop-sandbox") && isGone(machine, data.chain?.pid)) return true;
    if (kind === "exec" && isGone(machine, data.pid)) return true;
  }
  return false;
}

function step(runtime: Containerd, op: OperationRow): void {
  switch (op.kind) {
    case "run-sandbox":
      return stepRunSandbox(runtime, op);
    case "stop-sandbox":
      return stepStopSandbox(runtime, op);
    case "pull":
      return stepPull(runtime, op);
    case "create":
      return stepCreate(runtime, op);
    case "start":
      return stepStart(runtime, op);
    case "stop":
      return stepStop(runtime, op);
    case "exec":
      return stepExec(runtime, op);
  }
}

function reload(runtime: Containerd): void {
  if (!runtime.serving) return;
  const before = runtime.cni;
  const after = runtime.loadCni();
  if (after.error !== undefined && after.error !== before.error)
    runtime.log(
      "error",
      `failed to reload cni configuration after receiving fs change event(WRITE         ${JSON.stringify(runtime.config.cniConfDir)})`,
      {
        error: after.error,
      },
    );
  runtime.listener.stateChanged(runtime.machine.name);
}

/**
 * Programs do not survive a restore or fork. What containerd waited for is started again: plugins, probes' commands, and, if
 * `scripts`, the first processes of containers that are no daemons: a restart that nobody counts (DESIGN.md, law 5).
 */
export function resumePrograms(hosts: Hosts, options: { readonly scripts: boolean }): void {
  for (const machine of hosts.machines()) {
    const runtime = containerdOf(machine);
    const gone = (pid: number | undefined): boolean => isGone(machine, pid);
    for (const op of runtime.operations.values()) {
      if (op.kind === "run-sandbox" && gone(op.data.chain?.pid))
        again(machine, op.data.chain!.pid!, () => resumeRunSandbox(runtime, op));
      if (op.kind === "stop-sandbox" && gone(op.data.chain?.pid))
        again(machine, op.data.chain!.pid!, () => resumeStopSandbox(runtime, op));
      if (op.kind === "exec" && gone(op.data.pid)) again(machine, op.data.pid!, () => runExec(runtime, op));
    }
    if (!options.scripts) continue;
    for (const row of runtime.containers.values()) {
      if (row.state !== "running" || !gone(row.pid)) continue;
      const { pid, ...kept } = row;
      again(machine, pid!, () => {
        runtime.containers.set(row.id, kept);
        machine.hosts.host(row.id)!.update({ nextPid: 1 });
        run(runtime, kept);
      });
    }
  }
}

/** Takes a process out of the table without a word to those who wait for it, and starts anew what it was. */
function again(machine: Machine, pid: number, start: () => void): void {
  machine.updateProcess(pid, { onExit: { kind: EVENTS.exited, args: { container: "" } } });
  machine.signal(pid, "SIGKILL");
  start();
}
