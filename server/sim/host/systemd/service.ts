import type { Kernel } from "../../kernel/index.ts";
import type { Machine } from "../machine.ts";
import type { ExitStatus } from "../process/process-row.ts";
import { parseSignal } from "../process/signal.ts";
import { unitCommands, unitEnvironment, unsetVariables, type UnitCommand } from "./command-line.ts";
import {
  exitWords,
  isClean,
  isOneshot,
  isSlow,
  isYes,
  resultOf,
  shouldRestart,
  startsWithinLimit,
} from "./service-policy.ts";
import { spawnCommand, type CommandPlace } from "./spawn-command.ts";
import { timeSpan } from "./time-span.ts";
import { value, values, type UnitFile } from "./unit-file.ts";
import { PHASE_STATES, type Phase, type RanCommand, type UnitChange, type UnitState } from "./unit-state.ts";

/** What services know of their manager. */
export interface ServiceManager extends CommandPlace {
  unit(name: string): UnitFile | undefined;
  state(name: string): UnitState;
  set(name: string, change: UnitChange): void;
  title(name: string): string;
}

export const EVENTS = { exited: "systemd/exited", restart: "systemd/restart", kill: "systemd/kill" } as const;

/** After so many restarts in a row a unit's next one is no change any more that the world has to wait for. */
const HOPELESS = 3;

/** The life of service units: their commands in turn, their main process, what follows when it ends (src/core/service.c). */
export class Services {
  readonly #manager: ServiceManager;

  constructor(manager: ServiceManager) {
    this.#manager = manager;
  }

  get #machine(): Machine {
    return this.#manager.machine;
  }

  get #kernel(): Kernel {
    return this.#machine.kernel;
  }

  /** Starts a unit. `booted`: as at a boot that is long over, without what ran before and beside its main process. */
  start(unit: UnitFile, change: UnitChange, { booted = false } = {}): void {
    const { name } = unit;
    const state = this.#manager.state(name);
    const { now } = this.#kernel;
    const starts = startsWithinLimit(unit, state.starts ?? [], now);
    if (!starts) return this.#refuseStart(unit, change);
    const fresh = { ran: [], result: "success", step: 0, mainExit: undefined, restartEvent: undefined, afterStop: undefined, control: undefined } as const; // prettier-ignore
    const loaded = state.loaded === "" ? unit.text : state.loaded;
    if (state.restartEvent !== undefined) this.#kernel.cancel(state.restartEvent);
    this.#set(name, {
      ...change,
      ...fresh,
      activeSince: undefined,
      starts,
      loaded,
      active: "activating",
      sub: "start-pre",
      since: now,
    });
    const isService = value(unit, "Service", "Type") !== undefined || name.endsWith(".service");
    if (isService && values(unit, "Service", "ExecStart").length === 0)
      return this.#set(name, { active: "failed", sub: "failed", result: "exit-code" });
    if (!isService) return this.#set(name, { active: "active", sub: "active", activeSince: now });
    if (booted && isOneshot(unit)) return this.#set(name, { active: "active", sub: "exited", activeSince: now });
    if (!booted && values(unit, "Service", "ExecStartPre").length > 0) {
      this.#log(name, `Starting ${this.#manager.title(name)}...`);
      return this.#runPhase(unit, "ExecStartPre", 0);
    }
    this.#startMain(unit, booted);
  }

  /** Stops a unit that is up or on its way up. */
  stop(name: string): void {
    const unit = this.#manager.unit(name);
    const state = this.#manager.state(name);
    if (state.restartEvent !== undefined) this.#kernel.cancel(state.restartEvent);
    this.#set(name, { restartEvent: undefined, afterStop: "stay" });
    if (state.active === "deactivating") return;
    if (state.sub === "auto-restart") {
      this.#log(name, `Stopped ${this.#manager.title(name)}.`);
      return this.#set(name, { active: "inactive", sub: "dead", since: this.#kernel.now, afterStop: undefined });
    }
    if (state.control) this.#machine.signal(state.control.pid, "SIGTERM");
    const runs = state.mainPid !== undefined && this.#machine.isAlive(state.mainPid);
    const commands = unit ? values(unit, "Service", "ExecStop").length + values(unit, "Service", "ExecStopPost").length : 0; // prettier-ignore
    if (runs || commands > 0) this.#log(name, `Stopping ${this.#manager.title(name)}...`);
    this.#set(name, { control: undefined });
    if (unit && state.active === "active") this.#runPhase(unit, "ExecStop", 0);
    else this.#terminate(name);
  }

  reload(unit: UnitFile): void {
    this.#log(unit.name, `Reloading ${this.#manager.title(unit.name)}...`);
    this.#set(unit.name, { reloadFailed: undefined });
    this.#runPhase(unit, "ExecReload", 0);
  }

  // Commands beside the main process

  #runPhase(unit: UnitFile, phase: Phase, step: number): void {
    const { name } = unit;
    const env = this.#environment(unit, phase);
    const command = unitCommands(unit, phase, env)[step];
    if (!command) return this.#phaseDone(unit, phase);
    const since = step === 0 ? { since: this.#kernel.now } : {};
    this.#set(name, { ...PHASE_STATES[phase], ...since });
    const pid = this.#spawn(unit, command, env, phase);
    this.#set(name, { control: { pid, phase, step, text: command.text } });
    if (phase === "ExecStop" || phase === "ExecStopPost") this.#killLater(unit, pid);
  }

  #phaseDone(unit: UnitFile, phase: Phase): void {
    const { name } = unit;
    this.#set(name, { control: undefined });
    switch (phase) {
      case "ExecStartPre":
        return this.#startMain(unit, false);
      case "ExecStartPost":
        return this.#started(unit);
      case "ExecReload":
        this.#set(name, { active: "active", sub: "running" });
        this.#log(name, `Reloaded ${this.#manager.title(name)}.`);
        return this.#mainGone(name) ? this.#leave(name) : undefined;
      case "ExecStop":
        return this.#terminate(name);
      case "ExecStopPost":
        return this.#dead(name);
    }
  }

  #controlEnded(name: string, status: ExitStatus): void {
    const { control, ran } = this.#manager.state(name);
    const unit = this.#manager.unit(name);
    if (!control) return;
    const { pid, phase, step, text } = control;
    this.#set(name, { control: undefined, ran: [...ran, { pid, key: phase, text, status }] });
    this.#cancelKill(name);
    if (!unit) return this.#dead(name);
    const command = unitCommands(unit, phase, this.#environment(unit))[step];
    const good = ("code" in status && status.code === 0) || command?.ignoreFailure === true;
    if (good) return this.#runPhase(unit, phase, step + 1);
    this.#log(name, `${name}: Control process exited, ${exitWords(status)}`, 5);
    if (phase === "ExecReload") {
      this.#set(name, { active: "active", sub: "running", reloadFailed: true });
      this.#log(name, `Reload failed for ${this.#manager.title(name)}.`, 3);
      return this.#mainGone(name) ? this.#leave(name) : undefined;
    }
    if (this.#manager.state(name).result === "success") this.#set(name, { result: resultOf(status) });
    if (phase === "ExecStopPost") this.#dead(name);
    else this.#terminate(name);
  }

  // The main process

  #startMain(unit: UnitFile, booted: boolean): void {
    const { name } = unit;
    const env = this.#environment(unit);
    for (const variable of unsetVariables(unit, "ExecStart", env))
      this.#log(name, `${name}: Referenced but unset environment variable evaluates to an empty string: ${variable}`);
    const { step = 0 } = this.#manager.state(name);
    const command = unitCommands(unit, "ExecStart", env)[step]!;
    const pres = values(unit, "Service", "ExecStartPre").length > 0 && !booted;
    const { now } = this.#kernel;
    if (isOneshot(unit)) {
      if (!pres && step === 0) this.#log(name, `Starting ${this.#manager.title(name)}...`);
      this.#set(name, { active: "activating", sub: "start", since: now });
      return void this.#spawnMain(unit, command, env);
    }
    const posts = !booted && values(unit, "Service", "ExecStartPost").length > 0;
    if (!pres && (posts || isSlow(unit))) this.#log(name, `Starting ${this.#manager.title(name)}...`);
    if (posts) this.#set(name, { active: "activating", sub: "start", since: now });
    else {
      this.#set(name, { active: "active", sub: "running", since: now, activeSince: now });
      this.#log(name, `Started ${this.#manager.title(name)}.`);
    }
    if (this.#spawnMain(unit, command, env) && posts) this.#runPhase(unit, "ExecStartPost", 0);
  }

  /** What was to run at its start has run. */
  #started(unit: UnitFile): void {
    const { name } = unit;
    const { now } = this.#kernel;
    const { mainExit } = this.#manager.state(name);
    if (isOneshot(unit)) {
      if (isYes(value(unit, "Service", "RemainAfterExit"))) {
        this.#log(name, `Finished ${this.#manager.title(name)}.`);
        return this.#set(name, { active: "active", sub: "exited", since: now, activeSince: now });
      }
      return this.#leave(name);
    }
    this.#set(name, { active: "active", sub: "running", since: now, activeSince: now });
    this.#log(name, `Started ${this.#manager.title(name)}.`);
    if (mainExit) this.#leave(name);
  }

  /** False if the program could not be started. */
  #spawnMain(unit: UnitFile, command: UnitCommand, env: Record<string, string>): boolean {
    const pid = this.#spawn(unit, command, env, "ExecStart");
    this.#set(unit.name, { mainPid: pid });
    return this.#machine.isAlive(pid);
  }

  #mainEnded(name: string, pid: number, status: ExitStatus, text: string): void {
    const unit = this.#manager.unit(name);
    const state = this.#manager.state(name);
    const starting = unit !== undefined && isOneshot(unit) && state.active === "activating";
    const each: RanCommand = { pid, key: "ExecStart", text, status };
    const kept = state.ran.filter(({ key }) => starting || key !== "ExecStart");
    this.#set(name, { mainPid: undefined, mainExit: status, ran: [...kept, each] });
    if (starting && this.#nextStep(unit, status)) return;
    if (!isClean(unit, status)) {
      this.#log(name, `${name}: Main process exited, ${exitWords(status)}`, 5);
      if (state.result === "success") this.#set(name, { result: resultOf(status) });
    }
    if (state.control) return;
    if (state.sub === "stop-sigterm" || state.sub === "stop-sigkill") this.#terminate(name);
    else this.#leave(name);
  }

  /** A command of a oneshot unit has ended: the next one runs, or it has done its work (systemd.service(5)). False if it failed. */
  #nextStep(unit: UnitFile, status: ExitStatus): boolean {
    const { name } = unit;
    const { step = 0, active } = this.#manager.state(name);
    if (active !== "activating") return false;
    const commands = unitCommands(unit, "ExecStart", this.#environment(unit));
    if (!isClean(unit, status) && !commands[step]?.ignoreFailure) return false;
    this.#set(name, { mainExit: undefined });
    if (commands[step + 1]) {
      this.#set(name, { step: step + 1 });
      this.#startMain(unit, false);
    } else this.#runPhase(unit, "ExecStartPost", 0);
    return true;
  }

  /** The main process has ended by itself: well, and the unit is stopped by its own commands; or not, and they are left out. */
  #leave(name: string): void {
    const unit = this.#manager.unit(name);
    const { result } = this.#manager.state(name);
    if (unit && result === "success") this.#runPhase(unit, "ExecStop", 0);
    else this.#terminate(name);
  }

  #mainGone(name: string): boolean {
    const { mainPid } = this.#manager.state(name);
    return mainPid === undefined || !this.#machine.isAlive(mainPid);
  }

  // The end

  /** Asks what is left of the unit to end; goes on when nothing is. */
  #terminate(name: string): void {
    const unit = this.#manager.unit(name);
    const { mainPid } = this.#manager.state(name);
    if (mainPid === undefined || !this.#machine.isAlive(mainPid)) {
      this.#cancelKill(name);
      if (unit) return this.#runPhase(unit, "ExecStopPost", 0);
      return this.#dead(name);
    }
    this.#set(name, { active: "deactivating", sub: "stop-sigterm", since: this.#kernel.now });
    if (unit) this.#killLater(unit, mainPid);
    const signal = parseSignal((unit && value(unit, "Service", "KillSignal")) ?? "SIGTERM") ?? "SIGTERM";
    this.#machine.signal(mainPid, signal);
    // What is stopped could not act on it.
    if (this.#machine.isAlive(mainPid)) this.#machine.signal(mainPid, "SIGCONT");
  }

  #killLater(unit: UnitFile, pid: number): void {
    const { name } = unit;
    this.#cancelKill(name);
    const span = timeSpan(value(unit, "Service", "TimeoutStopSec") ?? value(unit, "Service", "TimeoutSec") ?? "90s");
    if (span === 0) return;
    const args = { machine: this.#machine.name, unit: name, pid };
    this.#set(name, { killEvent: this.#kernel.after(span, EVENTS.kill, args, { periodic: true }) });
  }

  #cancelKill(name: string): void {
    const { killEvent } = this.#manager.state(name);
    if (killEvent !== undefined) this.#kernel.cancel(killEvent);
    this.#set(name, { killEvent: undefined });
  }

  /** Nothing of it runs any more: it rests, has failed, or starts again. */
  #dead(name: string): void {
    const unit = this.#manager.unit(name);
    const state = this.#manager.state(name);
    const { result, afterStop, mainExit, activeSince } = state;
    const { now } = this.#kernel;
    const failed = result !== "success";
    this.#cancelKill(name);
    if (failed) this.#log(name, `${name}: Failed with result '${result}'.`, 4);
    else this.#log(name, `${name}: Deactivated successfully.`);
    const rest = { control: undefined, mainExit: undefined, afterStop: undefined, step: undefined, since: now };
    if (afterStop !== undefined) this.#log(name, `Stopped ${this.#manager.title(name)}.`);
    else if (failed && activeSince === undefined) this.#log(name, `Failed to start ${this.#manager.title(name)}.`, 3);
    else if (unit && isOneshot(unit) && activeSince === undefined) this.#log(name, `Finished ${this.#manager.title(name)}.`); // prettier-ignore
    if (afterStop === undefined && unit && shouldRestart(unit, state, mainExit)) return this.#restartLater(unit, rest);
    this.#set(name, { ...rest, active: failed ? "failed" : "inactive", sub: failed ? "failed" : "dead" });
    if (afterStop === "start" && unit) this.start(unit, { restarts: 0 });
  }

  #restartLater(unit: UnitFile, change: UnitChange): void {
    const { name } = unit;
    const { restarts } = this.#manager.state(name);
    const delay = timeSpan(value(unit, "Service", "RestartSec") ?? "100ms");
    // Who has failed several times goes on doing so: nobody waits for that.
    const options = { periodic: restarts >= HOPELESS };
    const restartEvent = this.#kernel.after(
      delay,
      EVENTS.restart,
      { machine: this.#machine.name, unit: name },
      options,
    );
    this.#set(name, { ...change, active: "activating", sub: "auto-restart", restartEvent });
  }

  // Events

  /** A process of a unit has ended. */
  exited({ unit: name, pid, status, text }: { unit: string; pid: number; status: ExitStatus; text: string }): void {
    const { mainPid, control } = this.#manager.state(name);
    if (mainPid === pid) this.#mainEnded(name, pid, status, text);
    else if (control?.pid === pid) this.#controlEnded(name, status);
  }

  /** RestartSec is over. */
  restartDue(name: string): void {
    const unit = this.#manager.unit(name);
    const state = this.#manager.state(name);
    if (!unit || state.sub !== "auto-restart") return;
    const restarts = state.restarts + 1;
    this.#log(name, `${name}: Scheduled restart job, restart counter is at ${restarts}.`);
    this.start(unit, { restarts });
  }

  /** TimeoutStopSec is over. */
  killDue({ unit: name, pid }: { unit: string; pid: number }): void {
    const { sub } = this.#manager.state(name);
    const comm = this.#machine.process(pid)?.comm;
    if (!this.#machine.isAlive(pid) || comm === undefined) return;
    this.#log(name, `${name}: State '${sub}' timed out. Killing.`, 4);
    this.#log(name, `${name}: Killing process ${pid} (${comm}) with signal SIGKILL.`, 5);
    this.#set(name, { result: "timeout", killEvent: undefined, ...(sub === "stop-sigterm" ? { sub: "stop-sigkill" } : {}) }); // prettier-ignore
    this.#machine.signal(pid, "SIGKILL");
  }

  // Small things

  #refuseStart(unit: UnitFile, { restarts = 0 }: UnitChange): void {
    const { name } = unit;
    const { result: before } = this.#manager.state(name);
    const result = before === "success" ? "start-limit-hit" : before;
    this.#log(name, `${name}: Start request repeated too quickly.`, 4);
    this.#log(name, `${name}: Failed with result '${result}'.`, 4);
    this.#log(name, `Failed to start ${this.#manager.title(name)}.`, 3);
    const rest = { restartEvent: undefined, afterStop: undefined };
    this.#set(name, { ...rest, active: "failed", sub: "failed", since: this.#kernel.now, result, restarts });
  }

  /** What its commands find in their environment (systemd.exec(5), "Environment variables set on the unit's processes"). */
  #environment(unit: UnitFile, phase?: Phase): Record<string, string> {
    const { mainPid, mainExit, result } = this.#manager.state(unit.name);
    const exit = mainExit && {
      EXIT_CODE: "code" in mainExit ? "exited" : "killed",
      EXIT_STATUS: "code" in mainExit ? String(mainExit.code) : mainExit.signal.slice(3),
    };
    const over: Record<string, string> =
      phase === "ExecStop" || phase === "ExecStopPost" ? { SERVICE_RESULT: result } : {};
    const own = { ...over, ...(mainPid === undefined ? {} : { MAINPID: String(mainPid) }), ...exit };
    return { ...unitEnvironment(this.#machine.host, unit), ...own };
  }

  #spawn(unit: UnitFile, command: UnitCommand, env: Record<string, string>, key: Phase | "ExecStart"): number {
    const pidOf = (): number => {
      const { mainPid = 0, control } = this.#manager.state(unit.name);
      return key === "ExecStart" ? mainPid : (control?.pid ?? mainPid);
    };
    const onExit = { kind: EVENTS.exited, args: { unit: unit.name, text: command.text } };
    return spawnCommand(this.#manager, unit, command, { env, pidOf, onExit });
  }

  #log(name: string, message: string, priority = 6): void {
    this.#manager.log(name, message, priority);
  }

  #set(name: string, change: UnitChange): void {
    this.#manager.set(name, change);
  }
}
