import { SECOND, type Duration, type Kernel, type Table, type Time } from "../../kernel/index.ts";
import { Errno } from "../errno.ts";
import { basename } from "../files/path.ts";
import type { Host } from "../host.ts";
import type { Machine } from "../machine.ts";
import { exitCode, type ExitStatus } from "../process/process-row.ts";
import { parseSignal } from "../process/signal.ts";
import { spawn } from "../process/spawn.ts";
import { unitCommands, unitEnvironment, unsetVariables, type UnitCommand } from "./command-line.ts";
import type { SystemJournal } from "./system-journal.ts";
import { timeSpan } from "./time-span.ts";
import { loadUnitFile, value, type UnitFile } from "./unit-file.ts";
import { unitFiles, unitLog } from "./unit-output.ts";

/** A command that a unit ran and how it ended, for the `Process:` lines of `systemctl status`. */
export interface RanCommand {
  readonly pid: number;
  /** `ExecStart`, `ExecStartPre`… */
  readonly key: string;
  readonly text: string;
  readonly status: ExitStatus;
}

/** What systemd keeps of a unit. Plain data. */
export interface UnitState {
  readonly name: string;
  readonly active: "active" | "inactive" | "failed" | "activating" | "deactivating";
  /** `running`, `exited`, `dead`, `failed`, `auto-restart`, `start-pre`, `start`, `stop-sigterm`. */
  readonly sub: string;
  /** When it entered this state; 0 before it ever left the first. */
  readonly since: Time;
  /** When it last became active. */
  readonly activeSince?: Time;
  readonly mainPid?: number;
  readonly result: "success" | "exit-code" | "signal" | "start-limit-hit";
  readonly ran: readonly RanCommand[];
  readonly restarts: number;
  /** The texts of the unit's files when systemd last read them. */
  readonly loaded: string;
  /** What the unit was asked to do when its process has ended: nothing, or start again. */
  readonly afterStop?: "start" | "stay";
  readonly restartEvent?: number;
  /** For `Type=oneshot`: which of its commands runs, from 0. */
  readonly step?: number;
  /** Its latest starts, for the start limit. */
  readonly starts?: readonly Time[];
}

/** How a job asked of systemd ended at once. */
export type JobResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: "not-found" | "masked" | "failed" | "no-start-command" };

const STOP_TIMEOUT: Duration = 90 * SECOND;
const EXITED = "systemd/exited";
const RESTART = "systemd/restart";
/** After so many restarts in a row a unit's next one is no change any more that the world has to wait for. */
const HOPELESS = 3;
const KILL = "systemd/kill";

/** The service manager of one machine, as far as services go. */
export class Systemd {
  readonly machine: Machine;
  readonly journal: SystemJournal;
  readonly #units: Table<string, UnitState>;
  readonly #watchers = new Set<() => void>();

  constructor(machine: Machine, journal: SystemJournal) {
    this.machine = machine;
    this.journal = journal;
    this.#units = machine.kernel.state.table(`systemd/${machine.name}`);
  }

  get #host(): Host {
    return this.machine.host;
  }

  get #kernel(): Kernel {
    return this.machine.kernel;
  }

  /** The unit's definition as systemd has read it, whatever the disk says now; undefined if there is none. */
  unit(name: string): UnitFile | undefined {
    return loadUnitFile(this.#host, name);
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
    for (const state of this.loaded()) this.#set(state.name, { loaded: this.unit(state.name)?.text ?? "" });
  }

  // Jobs

  start(name: string): JobResult {
    const unit = this.unit(name);
    if (!unit) return { ok: false, why: "not-found" };
    if (unit.masked) return { ok: false, why: "masked" };
    const state = this.state(name);
    if (state.active === "active") return { ok: true };
    if (state.active === "deactivating") this.#set(name, { afterStop: "start" });
    else this.#run(unit, { restarts: 0 });
    return this.state(name).active === "failed" && this.#isNotify(unit) ? { ok: false, why: "failed" } : { ok: true };
  }

  stop(name: string): JobResult {
    const unit = this.unit(name);
    const state = this.state(name);
    if (!unit && state.since === 0) return { ok: false, why: "not-found" };
    if (state.restartEvent !== undefined) this.#kernel.cancel(state.restartEvent);
    if (state.mainPid === undefined || !this.machine.isAlive(state.mainPid)) {
      if (state.sub === "exited")
        for (const words of [`${name}: Deactivated successfully.`, `Stopped ${this.#title(name)}.`])
          this.#log(unit, words);
      if (state.active !== "inactive" && state.active !== "failed")
        this.#set(name, { active: "inactive", sub: "dead", since: this.#kernel.now, restartEvent: undefined });
      return { ok: true };
    }
    this.#log(unit, `Stopping ${this.#title(name)}...`);
    this.#set(name, { active: "deactivating", sub: "stop-sigterm", since: this.#kernel.now, afterStop: "stay" });
    this.#kernel.after(STOP_TIMEOUT, KILL, { machine: this.machine.name, pid: state.mainPid }, { periodic: true });
    this.machine.signal(
      state.mainPid,
      parseSignal((unit && value(unit, "Service", "KillSignal")) ?? "SIGTERM") ?? "SIGTERM",
    );
    return { ok: true };
  }

  /** Forgets that a unit failed. */
  resetFailed(name: string): void {
    this.#set(name, { starts: undefined });
    if (this.state(name).active === "failed") this.#set(name, { active: "inactive", sub: "dead", result: "success" });
  }

  /** Calls `wake` whenever a unit changes; returns what ends that. */
  watch(wake: () => void): () => void {
    this.#watchers.add(wake);
    return () => this.#watchers.delete(wake);
  }

  restart(name: string): JobResult {
    if (!this.unit(name)) return { ok: false, why: "not-found" };
    const stopped = this.stop(name);
    if (!stopped.ok) return stopped;
    return this.start(name);
  }

  // Running

  #run(unit: UnitFile, change: Partial<UnitState>): void {
    const { name } = unit;
    const starts = this.#startsWithinLimit(unit);
    if (!starts) return this.#refuseStart(unit, change);
    const loaded = this.state(name).loaded === "" ? unit.text : this.state(name).loaded;
    this.#set(name, {
      ...change,
      starts,
      active: "activating",
      sub: "start-pre",
      ran: [],
      loaded,
      result: "success",
      restartEvent: undefined,
      afterStop: undefined,
    });
    const env = unitEnvironment(this.#host, unit);
    for (const variable of unsetVariables(unit, "ExecStart", env)) {
      this.#log(unit, `${name}: Referenced but unset environment variable evaluates to an empty string: ${variable}`);
    }
    const [command] = unitCommands(unit, "ExecStart", env);
    if (!command) {
      if (value(unit, "Service", "Type") !== undefined || name.endsWith(".service"))
        this.#set(name, { active: "failed", sub: "failed", since: this.#kernel.now, result: "exit-code" });
      else this.#set(name, { active: "active", sub: "active", since: this.#kernel.now });
      return;
    }
    if (isOneshot(unit)) {
      this.#log(unit, `Starting ${this.#title(name)}...`);
      this.#set(name, { sub: "start", since: this.#kernel.now, step: 0 });
      return this.#spawnMain(unit, command, env);
    }
    this.#set(name, { active: "active", sub: "running", since: this.#kernel.now, activeSince: this.#kernel.now });
    this.#log(unit, `Started ${this.#title(name)}.`);
    this.#spawnMain(unit, command, env);
  }

  /** The unit's starts with one now; undefined if it was started too often (systemd.unit(5), StartLimitIntervalSec=). */
  #startsWithinLimit(unit: UnitFile): readonly Time[] | undefined {
    const option = (...names: string[]): string | undefined =>
      names
        .flatMap((key) => [value(unit, "Unit", key), value(unit, "Service", key)])
        .find((text) => text !== undefined);
    const interval = timeSpan(option("StartLimitIntervalSec", "StartLimitInterval") ?? "10s");
    const burst = Number(option("StartLimitBurst") ?? 5);
    if (interval === 0 || burst === 0) return [];
    const now = this.#kernel.now;
    const recent = (this.state(unit.name).starts ?? []).filter((start) => start > now - interval);
    return recent.length < burst ? [...recent, now] : undefined;
  }

  #refuseStart(unit: UnitFile, { restarts = 0 }: Partial<UnitState>): void {
    const { name } = unit;
    const { result: before } = this.state(name);
    const result = before === "success" ? "start-limit-hit" : before;
    this.#log(unit, `${name}: Start request repeated too quickly.`, 4);
    this.#log(unit, `${name}: Failed with result '${result}'.`, 4);
    this.#log(unit, `Failed to start ${this.#title(name)}.`, 3);
    this.#set(name, {
      active: "failed",
      sub: "failed",
      since: this.#kernel.now,
      result,
      restarts,
      restartEvent: undefined,
      afterStop: undefined,
    });
  }

  #spawnMain(unit: UnitFile, command: UnitCommand, env: Record<string, string>): void {
    const { name } = unit;
    const user = this.#host.users.byName(value(unit, "Service", "User") ?? "root");
    if (!user) return this.#ended(name, this.#reserveFailed(unit, command, 217), { code: 217 }, command);
    try {
      const log = unitLog(this.#host, unit, basename(command.path));
      const pid = spawn(this.#host, {
        path: command.path,
        argv: command.argv,
        env,
        cwd: value(unit, "Service", "WorkingDirectory") ?? "/",
        as: this.#host.users.credentials(user),
        ppid: 1,
        log,
        fds: unitFiles(this.#host, log, () => this.state(name).mainPid ?? 0),
        onExit: { kind: EXITED, args: { unit: name, text: command.text } },
      });
      this.#set(name, { mainPid: pid });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const pid = this.#reserveFailed(unit, command, 203);
      this.#log(unit, `${name}: Failed to locate executable ${command.path}: ${error.message}`, 3);
      this.#log(unit, `${name}: Failed at step EXEC spawning ${command.path}: ${error.message}`, 3);
      this.#ended(name, pid, { code: 203 }, command);
    }
  }

  /** The pid of a process that failed before it could become its program. */
  #reserveFailed(_unit: UnitFile, command: UnitCommand, code: number): number {
    const pid = this.machine.addProcess(this.#host, {
      host: this.#host.name,
      ppid: 1,
      pgid: 0,
      sid: 0,
      uid: 0,
      gid: 0,
      groups: [0],
      umask: 0o022,
      comm: `(${basename(command.path).slice(0, 8)})`,
      argv: command.argv,
      exe: command.path,
      cwd: "/",
      env: {},
    });
    this.machine.ended(pid, { code });
    return pid;
  }

  /** The main process of a unit has ended. */
  exited(args: { unit: string; pid: number; status: ExitStatus; text: string }): void {
    if (this.state(args.unit).mainPid !== args.pid) return;
    this.#ended(args.unit, args.pid, args.status, { text: args.text });
  }

  #ended(name: string, pid: number, status: ExitStatus, command: Pick<UnitCommand, "text">): void {
    const unit = this.unit(name);
    const state = this.state(name);
    const clean =
      ("code" in status && status.code === 0) ||
      ("signal" in status && ["SIGHUP", "SIGINT", "SIGTERM", "SIGPIPE"].includes(status.signal));
    const each = { pid, key: "ExecStart", text: command.text, status };
    const starting = unit !== undefined && isOneshot(unit) && state.active === "activating";
    if (starting && this.#stepDone(unit, each)) return;
    const ran = [...(starting ? state.ran : []), each];
    const now = this.#kernel.now;
    if (!clean) {
      const words =
        "code" in status
          ? `code=exited, status=${describeExit(status.code)}`
          : `code=killed, status=${exitCode(status) - 128}/${status.signal.slice(3)}`;
      this.#log(unit, `${name}: Main process exited, ${words}`, 5);
      this.#log(unit, `${name}: Failed with result '${"code" in status ? "exit-code" : "signal"}'.`, 4);
    } else this.#log(unit, `${name}: Deactivated successfully.`);
    const asked = state.active === "deactivating";
    if (asked) this.#log(unit, `Stopped ${this.#title(name)}.`);
    const result = clean ? "success" : "code" in status ? "exit-code" : "signal";
    const again = !asked && unit && shouldRestart(value(unit, "Service", "Restart") ?? "no", clean);
    if (again) {
      const delay = timeSpan(value(unit, "Service", "RestartSec") ?? "100ms");
      // Who has failed several times goes on doing so: nobody waits for that.
      const options = { periodic: state.restarts >= HOPELESS };
      const restartEvent = this.#kernel.after(delay, RESTART, { machine: this.machine.name, unit: name }, options);
      this.#set(name, {
        active: "activating",
        sub: "auto-restart",
        since: now,
        result,
        ran,
        mainPid: undefined,
        restartEvent,
      });
      return;
    }
    const failed = !asked && !clean;
    if (starting) this.#log(unit, `Failed to start ${this.#title(name)}.`, 3);
    this.#set(name, {
      active: failed ? "failed" : "inactive",
      sub: failed ? "failed" : "dead",
      since: now,
      result,
      ran,
      mainPid: undefined,
    });
    if (state.afterStop === "start" && unit) this.#run(unit, { restarts: 0 });
  }

  /** A command of a oneshot unit has ended: the next one runs, or it has done its work (systemd.service(5)). False if it failed. */
  #stepDone(unit: UnitFile, each: RanCommand): boolean {
    const { name } = unit;
    const { ran: before, step = 0 } = this.state(name);
    const env = unitEnvironment(this.#host, unit);
    const commands = unitCommands(unit, "ExecStart", env);
    // Signals end it well only if it is none of this type.
    if (!("code" in each.status && each.status.code === 0) && !commands[step]?.ignoreFailure) return false;
    const ran = [...before, each];
    const next = commands[step + 1];
    if (next) {
      this.#set(name, { ran, step: step + 1, mainPid: undefined });
      this.#spawnMain(unit, next, env);
      return true;
    }
    const now = this.#kernel.now;
    const remains = isYes(value(unit, "Service", "RemainAfterExit"));
    if (!remains) this.#log(unit, `${name}: Deactivated successfully.`);
    this.#log(unit, `Finished ${this.#title(name)}.`);
    const rest = { since: now, ran, result: "success", mainPid: undefined } as const;
    if (remains) this.#set(name, { ...rest, active: "active", sub: "exited", activeSince: now });
    else this.#set(name, { ...rest, active: "inactive", sub: "dead" });
    return true;
  }

  /** RestartSec is over. */
  restartDue(name: string): void {
    const unit = this.unit(name);
    const state = this.state(name);
    if (!unit || state.sub !== "auto-restart") return;
    const restarts = state.restarts + 1;
    this.#log(unit, `${name}: Scheduled restart job, restart counter is at ${restarts}.`);
    this.#run(unit, { restarts });
  }

  // Small things

  #isNotify(unit: UnitFile): boolean {
    return ["notify", "forking", "oneshot"].includes(value(unit, "Service", "Type") ?? "simple");
  }

  #title(name: string): string {
    const unit = this.unit(name);
    const description = unit && value(unit, "Unit", "Description");
    return description === undefined ? name : `${name} - ${description}`;
  }

  #log(unit: UnitFile | undefined, message: string, priority = 6): void {
    this.journal.write({ identifier: "systemd", pid: 1, ...(unit ? { unit: unit.name } : {}), priority, message });
  }

  #set(name: string, change: { [K in keyof UnitState]?: UnitState[K] | undefined }): void {
    const next = Object.entries({ ...this.state(name), ...change }).filter(([, field]) => field !== undefined);
    this.#units.set(name, Object.fromEntries(next) as unknown as UnitState);
    for (const wake of this.#watchers) wake();
  }
}

/** Binds the events of all machines' service managers. */
export function bindSystemd(kernel: Kernel, of: (machine: string) => Systemd): void {
  kernel.handle(EXITED, (args: { machine: string; unit: string; pid: number; status: ExitStatus; text: string }) =>
    of(args.machine).exited(args),
  );
  kernel.handle(RESTART, (args: { machine: string; unit: string }) => of(args.machine).restartDue(args.unit));
  kernel.handle(
    KILL,
    (args: { machine: string; pid: number }) => void of(args.machine).machine.signal(args.pid, "SIGKILL"),
  );
}

function shouldRestart(policy: string, clean: boolean): boolean {
  if (policy === "always") return true;
  return clean ? policy === "on-success" : policy === "on-failure" || policy === "on-abnormal";
}

/** `1/FAILURE`, `203/EXEC`: exit codes with systemd's names (systemd.exec(5)). */
export function describeExit(code: number): string {
  const names: Record<number, string> = {
    0: "SUCCESS",
    1: "FAILURE",
    2: "INVALIDARGUMENT",
    3: "NOTIMPLEMENTED",
    4: "NOPERMISSION",
    5: "NOTINSTALLED",
    6: "NOTCONFIGURED",
    7: "NOTRUNNING",
    203: "EXEC",
    217: "USER",
  };
  return names[code] === undefined ? `${code}/n/a` : `${code}/${names[code]}`;
}

function isOneshot(unit: UnitFile): boolean {
  return value(unit, "Service", "Type") === "oneshot";
}

/** As systemd reads booleans (parse_boolean). */
function isYes(text: string | undefined): boolean {
  return /^(1|yes|y|true|t|on)$/i.test(text ?? "");
}
