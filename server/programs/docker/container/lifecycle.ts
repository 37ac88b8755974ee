import {
  isRefused,
  removeContainer,
  signalContainer,
  startContainer,
  type DockerContainer,
  type Engine,
} from "../../../sim/docker/index.ts";
import { attachToContainer } from "../../../sim/kube/kubelet/index.ts";
import { MILLISECOND, SECOND } from "../../../sim/kernel/index.ts";
import { parseSignal, type Process } from "../../../sim/host/index.ts";
import { bool, integer, text } from "../../kubectl/cobra/flag.ts";
import { answered, command, daemonSays, Fatal, forEach } from "../command.ts";
import { untilExit } from "./wait.ts";

const STARTING = 250 * MILLISECOND;
const GRACE = 10;

/** The containers that are meant, each with what is wrong with it. */
function each(
  process: Process,
  engine: Engine,
  args: readonly string[],
  act: (row: DockerContainer) => Promise<string | undefined>,
): Promise<number> {
  return forEach(process, args, async (arg) => {
    const row = engine.container(arg);
    const problem = isRefused(row) ? row.error : await act(row);
    return problem === undefined ? undefined : daemonSays(problem);
  });
}

export const start = command({
  name: "start",
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  summary: "Start one or more stopped containers",
  arguments: [1, Infinity],
  flags: {
    attach: bool("Attach STDOUT/STDERR and forward signals", { shorthand: "a" }),
    interactive: bool("Attach container's STDIN", { shorthand: "i" }),
  },
  async run({ process, engine, flags, args }) {
    if (flags.attach || flags.interactive) {
      if (args.length > 1) throw new Fatal("you cannot start and attach multiple containers at once");
      const row = answered(engine.container(args[0]!), isRefused);
      const exit = untilExit(process, row.id);
      await process.sleep(STARTING);
      const problem = startContainer(engine, row.id);
      if (problem) throw new Fatal(`${daemonSays(problem.error)}\nfailed to start containers: ${args[0]!}`);
      await attachToContainer({ runtime: engine.runtime }, row.id).start(process, {
        stdin: flags.interactive && row.spec.stdin ? process.fds.find(0) : undefined,
        stdout: process.fds.find(1),
        stderr: row.spec.tty ? undefined : process.fds.find(2),
        tty: row.spec.tty,
      });
      return exit.code();
    }
    const failed: string[] = [];
    for (const arg of args) {
      await process.sleep(STARTING);
      const row = engine.container(arg);
      const problem = isRefused(row) ? row : startContainer(engine, row.id);
      if (problem === undefined) await process.print(`${arg}\n`);
      else {
        failed.push(arg);
        await process.error(`${daemonSays(problem.error)}\n`);
      }
    }
    if (failed.length > 0) throw new Fatal(`failed to start containers: ${failed.join(", ")}`);
    return 0;
  },
});

/** Stops a container and waits for its end: the signal, and after the grace SIGKILL. */
async function stopOne(
  process: Process,
  engine: Engine,
  row: DockerContainer,
  grace: number,
  signal: string | undefined,
): Promise<void> {
  engine.update(row.id, { stopped: true });
  if (!engine.isRunning(row.id)) return;
  const exit = untilExit(process, row.id);
  signalContainer(engine, row.id, grace === 0 ? "SIGKILL" : signal);
  if (grace > 0) {
    const until = process.now + grace * SECOND;
    while (engine.containers.has(row.id) && engine.isRunning(row.id) && process.now < until)
      await process.sleep(50 * MILLISECOND);
    if (engine.containers.has(row.id) && engine.isRunning(row.id)) signalContainer(engine, row.id, "SIGKILL");
  }
  await exit.code();
}

const STOP_FLAGS = {
  signal: text("Signal to send to the container", { shorthand: "s" }),
  timeout: integer("Seconds to wait before killing the container", -1, { shorthand: "t" }),
  time: integer("Seconds to wait before killing the container", -1, { hidden: true }),
} as const;

function graceOf({ timeout, time }: { readonly timeout: number; readonly time: number }): number {
  return timeout >= 0 ? timeout : time >= 0 ? time : GRACE;
}

export const stop = command({
  name: "stop",
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  summary: "Stop one or more running containers",
  arguments: [1, Infinity],
  flags: STOP_FLAGS,
  run: ({ process, engine, flags, args }) =>
    each(process, engine, args, async (row) => {
      await stopOne(process, engine, row, graceOf(flags), flags.signal || undefined);
      return undefined;
    }),
});

export const restart = command({
  name: "restart",
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  summary: "Restart one or more containers",
  arguments: [1, Infinity],
  flags: STOP_FLAGS,
  run: ({ process, engine, flags, args }) =>
    each(process, engine, args, async (row) => {
      await stopOne(process, engine, row, graceOf(flags), flags.signal || undefined);
      await process.sleep(STARTING);
      const problem = startContainer(engine, row.id);
      return problem && `Cannot restart container ${row.name}: ${problem.error}`;
    }),
});

export const kill = command({
  name: "kill",
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  summary: "Kill one or more running containers",
  arguments: [1, Infinity],
  flags: { signal: text("Signal to send to the container", { shorthand: "s" }) },
  run: ({ process, engine, flags, args }) =>
    each(process, engine, args, async (row) => {
      if (flags.signal !== "" && parseSignal(flags.signal) === undefined) return `Invalid signal: ${flags.signal}`;
      if (!engine.isRunning(row.id)) return `cannot kill container: ${row.name}: container ${row.id} is not running`;
      const name = flags.signal === "" ? "SIGKILL" : flags.signal;
      if (parseSignal(name) === "SIGKILL") engine.update(row.id, { stopped: true });
      signalContainer(engine, row.id, name);
      await process.sleep(20 * MILLISECOND);
      return undefined;
    }),
});

export const rm = command({
  name: "rm",
  aliases: ["remove"],
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  summary: "Remove one or more containers",
  arguments: [1, Infinity],
  flags: {
    force: bool("Force the removal of a running container (uses SIGKILL)", { shorthand: "f" }),
    volumes: bool("Remove anonymous volumes associated with the container", { shorthand: "v" }),
    link: bool("(not simulated) link"),
  },
  run: ({ process, engine, flags, args }) =>
    forEach(process, args, async (arg) => {
      const row = engine.container(arg);
      if (isRefused(row)) return daemonSays(row.error);
      if (engine.isRunning(row.id)) {
        if (!flags.force)
          return daemonSays(
            `cannot remove container "${arg}": container is running: stop the container before removing or force remove`,
          );
        await stopOne(process, engine, row, 0, undefined);
      }
      if (engine.containers.has(row.id)) removeContainer(engine, row.id, { volumes: flags.volumes });
      return undefined;
    }),
});

export const rename = command({
  name: "rename",
  use: "CONTAINER NEW_NAME",
  summary: "Rename a container",
  arguments: [2, 2],
  flags: {},
  async run({ engine, args }) {
    const row = answered(engine.container(args[0]!), isRefused);
    const name = args[1]!.replace(/^\//, "");
    const taken = [...engine.containers.values()].find((one) => one.name === name);
    if (taken)
      throw new Fatal(
        `${daemonSays(`Error when allocating new name: Conflict. The container name "/${name}" is already in use by container "${taken.id}". You have to remove (or rename) that container to be able to reuse that name.`)}\nfailed to rename container named ${args[0]!}`,
      );
    engine.update(row.id, { name });
  },
});

export const wait = command({
  name: "wait",
  use: "CONTAINER [CONTAINER...]",
  summary: "Block until one or more containers stop, then print their exit codes",
  arguments: [1, Infinity],
  flags: {},
  async run({ process, engine, args }) {
    for (const arg of args) {
      const row = answered(engine.container(arg), isRefused);
      const code = engine.isRunning(row.id) ? await untilExit(process, row.id).code() : engine.task(row.id).exitCode;
      await process.print(`${code}\n`);
    }
  },
});
