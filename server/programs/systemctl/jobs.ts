import { parseSignal, systemdOf, values, type JobResult, type Systemd } from "../../sim/host/index.ts";
import type { Call } from "../gnu/tool.ts";
import { exists, unitNames, unitOf } from "./units.ts";

type Verb = "start" | "stop" | "restart" | "reload";

/** Asks for jobs and waits until they are done; returns the exit code. */
export async function runJobs(call: Call<string>, verb: string, words: readonly string[]): Promise<number> {
  const { process } = call;
  if (words.length === 0) return call.fail("Too few arguments.");
  const systemd = systemdOf(process.machine);
  let code = 0;
  for (const name of unitNames(process, words)) {
    if (process.uid !== 0) {
      await process.error(
        `Failed to ${verb} ${name}: Interactive authentication required.\nSee system logs and 'systemctl status ${name}' for details.\n`,
      );
      code = 1;
      continue;
    }
    if (systemd.needsReload(name)) await warnChanged(call, name);
    const done = await job(call, systemd, verb, name);
    if (done !== 0) code = done;
  }
  return code;
}

export async function warnChanged(call: Call<string>, name: string): Promise<void> {
  await call.process.error(
    `Warning: The unit file, source configuration file or drop-ins of ${name} changed on disk. Run 'systemctl daemon-reload' to reload units.\n`,
  );
}

/** Why a start has failed, as systemctl finds it in the unit's result (systemctl-util.c, log_job_error_with_service_result). */
const REASONS: Readonly<Record<string, string>> = {
  "exit-code": "the control process exited with error code",
  signal: "a fatal signal was delivered to the control process",
  timeout: "a timeout was exceeded",
  "start-limit-hit": "start of the service was attempted too often",
};

async function job(call: Call<string>, systemd: Systemd, given: string, name: string): Promise<number> {
  const unit = unitOf(systemd, name);
  const running = unit.state.active === "active" || unit.state.active === "activating";
  let verb = given as Verb;
  if (given === "try-restart" || given === "condrestart") {
    if (!running) return 0;
    verb = "restart";
  } else if (given === "reload-or-restart")
    verb = running && unit.file && values(unit.file, "Service", "ExecReload").length > 0 ? "reload" : "restart"; // prettier-ignore
  else if (given === "try-reload-or-restart") {
    if (!running) return 0;
    verb = unit.file && values(unit.file, "Service", "ExecReload").length > 0 ? "reload" : "restart";
  }
  if (!exists(unit)) {
    await call.process.error(`Failed to ${given} ${name}: Unit ${name} not ${verb === "stop" ? "loaded" : "found"}.\n`);
    return 5;
  }
  if (verb === "reload") return reload(call, systemd, name);
  const result: JobResult =
    verb === "start" ? systemd.start(name) : verb === "stop" ? systemd.stop(name) : systemd.restart(name);
  if (!result.ok) return refused(call, given, name, result.why);
  if (call.has("noBlock")) return 0;
  await settled(call, systemd, name);
  const { active, activeSince, result: end } = systemd.state(name);
  // What was up for a moment has started, whatever became of it.
  const failed = verb !== "stop" && active !== "active" && activeSince === undefined && end !== "success";
  return failed ? refused(call, given, name, "failed") : 0;
}

async function refused(call: Call<string>, verb: string, name: string, why: string): Promise<number> {
  const { process } = call;
  const { result } = systemdOf(process.machine).state(name);
  if (why === "not-found") {
    await process.error(`Failed to ${verb} ${name}: Unit ${name} not found.\n`);
    return 5;
  }
  if (why === "masked") await process.error(`Failed to ${verb} ${name}: Unit ${name} is masked.\n`);
  else if (why === "no-start-command")
    await process.error(
      `Failed to ${verb} ${name}: Unit ${name} has a bad unit file setting.\nSee system logs and 'systemctl status ${name}' for details.\n`,
    );
  else
    await process.error(
      `Job for ${name} failed because ${REASONS[result] ?? REASONS["exit-code"]}.\nSee "systemctl status ${name}" and "journalctl -xeu ${name}" for details.\n`,
    );
  if (why === "failed" && result === "start-limit-hit")
    await process.error(
      `To force a start use "systemctl reset-failed ${name}"\nfollowed by "systemctl ${verb} ${name}" again.\n`,
    );
  return 1;
}

/** Waits while the unit is on its way up or down. */
async function settled({ process }: Call<string>, systemd: Systemd, name: string): Promise<void> {
  const isMoving = (): boolean => {
    const { active, sub } = systemd.state(name);
    return active === "deactivating" || active === "reloading" || (active === "activating" && sub !== "auto-restart");
  };
  while (isMoving()) await process.block<void>((wake) => systemd.watch(() => wake()));
}

async function reload(call: Call<string>, systemd: Systemd, name: string): Promise<number> {
  const { process } = call;
  const { file, state } = unitOf(systemd, name);
  if (!file || values(file, "Service", "ExecReload").length === 0) {
    await process.error(`Failed to reload ${name}: Job type reload is not applicable for unit ${name}.\n`);
    return 1;
  }
  if (state.active !== "active") {
    await process.error(`${name} is not active, cannot reload.\n`);
    return 1;
  }
  systemd.reload(name);
  if (call.has("noBlock")) return 0;
  await settled(call, systemd, name);
  return systemd.state(name).reloadFailed ? refused(call, "reload", name, "failed") : 0;
}

/** `systemctl kill`: a signal to the main process. */
export async function killUnits(call: Call<string>, words: readonly string[]): Promise<number> {
  const { process } = call;
  const systemd = systemdOf(process.machine);
  const signal = parseSignal(call.value("signal") ?? "TERM");
  if (!signal) return call.fail(`Failed to parse signal string ${call.value("signal")!}.`);
  let code = 0;
  for (const name of unitNames(process, words)) {
    const unit = unitOf(systemd, name);
    if (!exists(unit) || unit.state.mainPid === undefined) {
      await process.error(`Failed to kill unit ${name}: Unit ${name} not loaded.\n`);
      code = 1;
    } else process.machine.signal(unit.state.mainPid, signal);
  }
  return code;
}
