import type { Host } from "../host.ts";
import type { Kernel, Table } from "../../kernel/index.ts";
import type { Machine } from "../machine.ts";
import type { ExitStatus } from "../process/process-row.ts";
import { EVENTS, Services } from "./service.ts";
import { isSlow } from "./service-policy.ts";
import type { SystemJournal } from "./system-journal.ts";
import { loadUnitFile, readSettings, value, values, type UnitFile } from "./unit-file.ts";
import type { JobResult, UnitChange, UnitState } from "./unit-state.ts";

/** The service manager of one machine, as far as services go. */
export class Systemd {
  readonly machine: Machine;
  readonly journal: SystemJournal;
  readonly #units: Table<string, UnitState>;
  readonly #services: Services;
  readonly #watchers = new Set<() => void>();

  constructor(machine: Machine, journal: SystemJournal) {
    this.machine = machine;
    this.journal = journal;
    this.#units = machine.kernel.state.table(`systemd/${machine.name}`);
    this.#services = new Services(this);
  }

  get #host(): Host {
    return this.machine.host;
  }

  /** The unit's definition as systemd has read it, whatever the disk says now; undefined if there is none. */
  unit(name: string): UnitFile | undefined {
    const disk = loadUnitFile(this.#host, name);
    const { loaded } = this.state(name);
    return disk === undefined || loaded === "" || disk.text === loaded
      ? disk
      : { ...disk, settings: readSettings(loaded.split("\0")) };
  }

  state(name: string): UnitState {
    return (
      this.#units.get(name) ?? {
        name,
        active: "inactive",
        sub: "dead",
        since: 0,
        result: "success",
        ran: [],
        restarts: 0,
        loaded: "",
      }
    );
  }

  /** Units that systemd has in memory: those that were started or asked for since boot. */
  loaded(): UnitState[] {
    return [...this.#units.values()];
  }

  /** True if unit files have changed on disk since they were read. */
  needsReload(name: string): boolean {
    const { loaded } = this.state(name);
    const unit = this.unit(name);
    return loaded !== "" && unit !== undefined && unit.text !== loaded;
  }

  daemonReload(): void {
    for (const state of this.loaded()) this.set(state.name, { loaded: this.unit(state.name)?.text ?? "" });
  }

  // Jobs

  /** `booted`: the machine did this when it booted, long ago. */
  start(name: string, options: { readonly booted?: boolean } = {}): JobResult {
    const unit = this.unit(name);
    if (!unit) return { ok: false, why: "not-found" };
    if (unit.masked) return { ok: false, why: "masked" };
    const { active, sub } = this.state(name);
    if (active === "active" || active === "reloading") return { ok: true };
    if (active === "deactivating") this.set(name, { afterStop: "start" });
    else if (active !== "activating" || sub === "auto-restart") this.#services.start(unit, { restarts: 0 }, options);
    return this.state(name).active === "failed" && isSlow(unit) ? { ok: false, why: "failed" } : { ok: true };
  }

  stop(name: string): JobResult {
    const state = this.state(name);
    if (!this.unit(name) && state.since === 0) return { ok: false, why: "not-found" };
    if (state.active !== "inactive" && state.active !== "failed") this.#services.stop(name);
    return { ok: true };
  }

  /** Runs the commands of ExecReload=; false if there are none. */
  reload(name: string): boolean {
    const unit = this.unit(name);
    if (!unit || values(unit, "Service", "ExecReload").length === 0) return false;
    this.#services.reload(unit);
    return true;
  }

  /** Forgets that a unit failed. */
  resetFailed(name: string): void {
    this.set(name, { starts: undefined, restarts: 0 });
    if (this.state(name).active === "failed") this.set(name, { active: "inactive", sub: "dead", result: "success" });
  }

  /** Calls `wake` whenever a unit changes; returns what ends that. */
  watch(wake: () => void): () => void {
    this.#watchers.add(wake);
    return () => this.#watchers.delete(wake);
  }

  restart(name: string): JobResult {
    const unit = this.unit(name);
    if (!unit) return { ok: false, why: "not-found" };
    if (unit.masked) return { ok: false, why: "masked" };
    const stopped = this.stop(name);
    if (!stopped.ok) return stopped;
    return this.start(name);
  }

  // What its services need of it

  title(name: string): string {
    const unit = this.unit(name);
    const description = unit && value(unit, "Unit", "Description");
    return description === undefined ? name : `${name} - ${description}`;
  }

  log(name: string, message: string, priority = 6): void {
    this.journal.write({ identifier: "systemd", pid: 1, unit: name, priority, message });
  }

  set(name: string, change: UnitChange): void {
    const next = Object.entries({ ...this.state(name), ...change }).filter(([, field]) => field !== undefined);
    this.#units.set(name, Object.fromEntries(next) as unknown as UnitState);
    for (const wake of this.#watchers) wake();
  }

  get services(): Services {
    return this.#services;
  }
}

/** Binds the events of all machines' service managers. */
export function bindSystemd(kernel: Kernel, of: (machine: string) => Systemd): void {
  kernel.handle(
    EVENTS.exited,
    (args: { machine: string; unit: string; pid: number; status: ExitStatus; text: string }) =>
      of(args.machine).services.exited(args),
  );
  kernel.handle(EVENTS.restart, (args: { machine: string; unit: string }) =>
    of(args.machine).services.restartDue(args.unit),
  );
  kernel.handle(EVENTS.kill, (args: { machine: string; unit: string; pid: number }) =>
    of(args.machine).services.killDue(args),
  );
}
