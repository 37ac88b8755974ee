import { Errno } from "../errno.ts";
import { basename } from "../files/path.ts";
import type { Machine } from "../machine.ts";
import { spawn } from "../process/spawn.ts";
import type { UnitCommand } from "./command-line.ts";
import { value, type UnitFile } from "./unit-file.ts";
import { unitFiles, unitLog } from "./unit-output.ts";

/** The machine that units run on, and their journal. */
export interface CommandPlace {
  readonly machine: Machine;
  log(name: string, message: string, priority?: number): void;
}

interface CommandOptions {
  readonly env: Record<string, string>;
  /** In whose name its output is kept. */
  readonly pidOf: () => number;
  readonly onExit: { readonly kind: string; readonly args: object };
}

/**
 * Starts a command of a unit; returns its pid. One that cannot be started has a process that has ended already: its exit is
 * told as any (systemd.exec(5), "Process Exit Codes").
 */
export function spawnCommand(
  place: CommandPlace,
  unit: UnitFile,
  command: UnitCommand,
  { env, pidOf, onExit }: CommandOptions,
): number {
  const { machine } = place;
  const { host } = machine;
  const { name } = unit;
  const log = (message: string): void => place.log(name, message, 3);
  const user = host.users.byName(value(unit, "Service", "User") ?? "root");
  if (!user) {
    log(`${name}: Failed to determine user credentials: No such process`);
    log(`${name}: Failed at step USER spawning ${command.path}: No such process`);
    return stillborn(machine, command, 217, onExit);
  }
  try {
    const target = unitLog(host, unit, basename(command.path));
    return spawn(host, {
      path: command.path,
      argv: command.argv,
      env,
      cwd: value(unit, "Service", "WorkingDirectory") ?? "/",
      as: host.users.credentials(user),
      ppid: 1,
      log: target,
      fds: unitFiles(host, target, pidOf),
      onExit,
    });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    log(`${name}: Failed to locate executable ${command.path}: ${error.message}`);
    log(`${name}: Failed at step EXEC spawning ${command.path}: ${error.message}`);
    return stillborn(machine, command, 203, onExit);
  }
}

/** The pid of a process that failed before it could become its program. */
function stillborn(
  machine: Machine,
  { path, argv }: UnitCommand,
  code: number,
  onExit: CommandOptions["onExit"],
): number {
  const { host } = machine;
  const pid = machine.addProcess(host, {
    host: host.name,
    ppid: 1,
    pgid: 0,
    sid: 0,
    uid: 0,
    gid: 0,
    groups: [0],
    umask: 0o022,
    comm: `(${basename(path).slice(0, 8)})`,
    argv,
    exe: path,
    cwd: "/",
    env: {},
    onExit,
  });
  machine.ended(pid, { code });
  return pid;
}
