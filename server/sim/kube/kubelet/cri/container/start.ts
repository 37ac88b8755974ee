import { attempt, FdTable } from "../../../../host/index.ts";
import { containerCommand, imageEnvironment, type Image } from "../../../../images/index.ts";
import { rpcError, type Done } from "../api.ts";
import { Directory } from "../directory.ts";
import { writeLog } from "../logs/write.ts";
import { PACE } from "../pace.ts";
import type { ContainerRow, OperationRow } from "../rows.ts";
import { EVENTS, type Containerd } from "../runtime.ts";
import { ContainerIo } from "./io.ts";
import { spawnCommand, type ContainerCommand } from "./spawn.ts";
import { resolveUser } from "./user.ts";

/** What containerd sets for a container that it could not start. */
const START_ERROR = { exitCode: 128, reason: "StartError" } as const;
/** The end of a process that could not become its program. */
const EXEC_FAILED = 255;

/** StartContainer: answers with `{}` (containerd pkg/cri/server/container_start.go). */
export function startContainer(runtime: Containerd, container: string, done: Done): void {
  if (runtime.refuses(done)) return;
  const op = runtime.begin("start", { container }, done);
  runtime.later(op, PACE.startContainer);
}

export function stepStart(runtime: Containerd, op: Extract<OperationRow, { kind: "start" }>): void {
  const row = runtime.containers.get(op.data.container);
  if (!row)
    return runtime.finish(
      op,
      rpcError(
        `an error occurred when try to find container ${JSON.stringify(op.data.container)}: not found`,
        "NotFound",
      ),
    );
  const sandbox = runtime.sandboxes.get(row.sandbox);
  if (sandbox?.state !== "ready")
    return fail(runtime, op, row, `sandbox container ${JSON.stringify(row.sandbox)} is not running`);
  const opened = { ...row, log: openLog(runtime, row), startedAt: runtime.kernel.now, state: "running" as const };
  runtime.containers.set(row.id, opened);
  const error = run(runtime, opened);
  if (error !== undefined) return fail(runtime, op, opened, error);
  runtime.podChanged(row.podUid);
  runtime.finish(op, { ok: {} });
}

/** Starts the first process of a container; the error in containerd's words. */
export function run(runtime: Containerd, row: ContainerRow): string | undefined {
  const command = commandOf(runtime, row);
  if ("error" in command) return runcFailed(command.error);
  const { machine } = runtime;
  const host = machine.hosts.host(row.id)!;
  const { stdin, stdinOnce, tty, logPath } = row.config;
  const io = new ContainerIo(machine, { stdin, stdinOnce, tty }, (stream, data) =>
    writeLog(runtime, runtime.containers.get(row.id)!, stream === 1 ? "stdout" : "stderr", data),
  );
  runtime.streams.set(row.id, io);
  // runc makes the working directory.
  if (!host.files.exists(command.cwd)) attempt(() => Directory.at(host, command.cwd));
  const spawned = spawnCommand(host, command, {
    ppid: runtime.sandboxes.get(row.sandbox)?.shimPid ?? 1,
    fds: new FdTable(io.files()),
    log: { kind: "container", path: `${row.logDirectory}/${logPath}` },
    onExit: { kind: EVENTS.exited, args: { container: row.id } },
    ...(io.console ? { tty: io.console.name } : {}),
  });
  if ("error" in spawned) {
    io.close();
    runtime.streams.delete(row.id);
    return runcFailed(`error during container init: ${spawned.error}`);
  }
  if ("refused" in spawned) {
    io.print(2, `${spawned.refused}\n`);
    runtime.kernel.after(PACE.reap, EVENTS.exited, {
      machine: machine.name,
      container: row.id,
      pid: -1,
      status: { code: EXEC_FAILED },
    });
    return undefined;
  }
  if (io.console) io.console.foreground = { machine, pgid: spawned.pid };
  // It may have ended already, if it is a daemon that did not like its arguments.
  runtime.containers.set(row.id, { ...row, pid: spawned.pid });
  return undefined;
}

function runcFailed(why: string): string {
  return `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${why}: unknown`;
}

/** What a container runs, in which environment and as whom. Later ExecSync and exec take the same but for the words. */
export function commandOf(runtime: Containerd, row: ContainerRow): ContainerCommand | { readonly error: string } {
  const image = runtime.source.byName(row.image) as Image;
  const host = runtime.machine.hosts.host(row.id)!;
  const { config } = row;
  const as = resolveUser(host, config.runAsUsername ?? image.config.user ?? "", config);
  if ("error" in as) return as;
  const { PATH, ...imageEnv } = imageEnvironment(image.config);
  return {
    argv: containerCommand(image.config, config)!,
    env: {
      PATH: PATH!,
      ...(config.tty ? { TERM: "xterm" } : {}),
      HOSTNAME: host.hostname,
      ...imageEnv,
      ...Object.fromEntries(config.env),
    },
    cwd: config.workingDir || image.config.workingDir || "/",
    as,
  };
}

/** The log file is there as soon as the container is. */
export function openLog(runtime: Containerd, row: ContainerRow): NonNullable<ContainerRow["log"]> {
  const slash = row.config.logPath.lastIndexOf("/");
  // Docker's logs stand in the container's folder itself.
  const directory = Directory.at(
    runtime.host,
    `${row.logDirectory}/${row.config.logPath.slice(0, Math.max(slash, 0))}`,
  );
  const name = row.config.logPath.slice(slash + 1);
  const known = directory.files.lookup(directory.ino, name);
  const ino = known ?? directory.write(name, "", 0o640);
  return { id: directory.files.id, ino, directory: directory.ino };
}

function fail(
  runtime: Containerd,
  op: Extract<OperationRow, { kind: "start" }>,
  row: ContainerRow,
  message: string,
): void {
  const now = runtime.kernel.now;
  runtime.containers.set(row.id, { ...row, ...START_ERROR, state: "exited", startedAt: 0, finishedAt: now, message });
  runtime.podChanged(row.podUid);
  runtime.finish(op, rpcError(message));
}
