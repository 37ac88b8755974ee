import {
  parseSignal,
  spawn,
  systemdOf,
  unitCommands,
  unitEnvironment,
  values,
  Errno,
  type JobResult,
  type Systemd,
} from "../../sim/host/index.ts";
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
  const { active, sub } = systemd.state(name);
  const failed = verb !== "stop" && active === "failed" && sub === "failed" && !isSimple(systemd, name);
  return failed ? refused(call, given, name, "failed") : 0;
}

function isSimple(systemd: Systemd, name: string): boolean {
  const file = systemd.unit(name);
  return ["simple", "exec", "idle"].includes((file && values(file, "Service", "Type").at(-1)) ?? "simple");
}

async function refused(call: Call<string>, verb: string, name: string, why: string): Promise<number> {
  const { process } = call;
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
      `Job for ${name} failed because the control process exited with error code.\nSee "systemctl status ${name}" and "journalctl -xeu ${name}" for details.\n`,
    );
  return 1;
}

/** Waits while the unit is on its way up or down. */
async function settled({ process }: Call<string>, systemd: Systemd, name: string): Promise<void> {
  const isMoving = (): boolean => {
    const { active, sub } = systemd.state(name);
    return active === "deactivating" || (active === "activating" && sub !== "auto-restart");
  };
  while (isMoving()) await process.block<void>((wake) => systemd.watch(() => wake()));
}

async function reload(call: Call<string>, systemd: Systemd, name: string): Promise<number> {
  const { process } = call;
  const { file, state } = unitOf(systemd, name);
  const env = file ? unitEnvironment(process.machine.host, file) : {};
  const commands = file ? unitCommands(file, "ExecReload", { ...env, MAINPID: String(state.mainPid ?? 0) }) : [];
  if (commands.length === 0) {
    await process.error(`Failed to reload ${name}: Job type reload is not applicable for unit ${name}.\n`);
    return 1;
  }
  if (state.active !== "active") {
    await process.error(`${name} is not active, cannot reload.\n`);
    return 1;
  }
  systemd.journal.write({ identifier: "systemd", pid: 1, unit: name, priority: 6, message: `Reloading ${name}...` });
  for (const { path, argv } of commands) {
    try {
      spawn(process.machine.host, { path, argv, env: { ...env, MAINPID: String(state.mainPid) }, cwd: "/", as: { uid: 0, gid: 0, groups: [0] }, ppid: 1, log: { kind: "journal", identifier: argv[0] ?? path, unit: name } }); // prettier-ignore
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return refused(call, "reload", name, "failed");
    }
  }
  systemd.journal.write({ identifier: "systemd", pid: 1, unit: name, priority: 6, message: `Reloaded ${name}.` });
  return 0;
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
