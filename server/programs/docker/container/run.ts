import {
  createContainer, isRefused, NO_SUCH_IMAGE, removeContainer, startContainer, type ContainerSpec, type DockerContainer, type Engine,
} from "../../../sim/docker/index.ts"; // prettier-ignore
import { MILLISECOND } from "../../../sim/kernel/index.ts";
import type { Process } from "../../../sim/host/index.ts";
import { bool, text } from "../../kubectl/cobra/flag.ts";
import { command, daemonSays, Fatal } from "../command.ts";
import { pullInto } from "../image/pull.ts";
import { joinStreams } from "./attach.ts";
import { readSpec, SPEC_FLAGS, type SpecFlags } from "./spec.ts";
import { untilExit } from "./wait.ts";

/** What the daemon needs for its part: making a container, starting it. */
const CREATING = 40 * MILLISECOND;
const STARTING = 250 * MILLISECOND;

export const run = command({
  name: "run",
  use: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
  summary: "Create and run a new container from an image",
  arguments: [1, Infinity],
  interspersed: false,
  flags: {
    ...SPEC_FLAGS,
    detach: bool("Run container in background and print container ID", { shorthand: "d" }),
    "sig-proxy": bool("(not simulated) signals", { initial: true }),
    "detach-keys": text("(not simulated) keys"),
  },
  async run({ process, engine, flags, args }) {
    const wanted = readSpec(flags, args, process);
    const spec = { ...wanted, stdinOnce: wanted.stdin && !flags.detach };
    if (!flags.detach && flags.tty && flags.interactive && !process.isTty(0))
      throw new Fatal("the input device is not a TTY");
    const row = await make(process, engine, spec, flags);
    await process.sleep(STARTING);
    if (flags.detach) {
      const problem = startContainer(engine, row.id);
      await process.print(`${row.id}\n`);
      if (problem) throw failed(engine, row, problem.error);
      return 0;
    }
    return attached(process, engine, row);
  },
});

export const create = command({
  name: "create",
  use: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
  summary: "Create a new container",
  arguments: [1, Infinity],
  interspersed: false,
  flags: SPEC_FLAGS,
  async run({ process, engine, flags, args }) {
    const row = await make(process, engine, readSpec(flags, args, process), flags);
    await process.print(`${row.id}\n`);
  },
});

/** Makes the container; an image that is not there is pulled first. */
async function make(process: Process, engine: Engine, spec: ContainerSpec, flags: SpecFlags): Promise<DockerContainer> {
  const name = flags.name === "" ? undefined : flags.name;
  const refuse = (why: string): never => {
    throw new Fatal(`docker: ${daemonSays(why)}\n\nRun 'docker run --help' for more information`, 125);
  };
  const say = flags.quiet ? undefined : (line: string): Promise<void> => process.error(line);
  if (flags.pull === "always") await pullInto(process, engine, spec.image, say, refuse);
  await process.sleep(CREATING);
  let made = createContainer(engine, spec, name);
  if (isRefused(made) && made.error.startsWith(NO_SUCH_IMAGE) && flags.pull !== "never") {
    const image = made.error.slice(NO_SUCH_IMAGE.length);
    await process.error(`Unable to find image '${image}' locally\n`);
    await pullInto(process, engine, image, say, refuse);
    made = createContainer(engine, spec, name);
  }
  return isRefused(made) ? refuse(made.error) : made;
}

function failed(engine: Engine, row: DockerContainer, why: string): Fatal {
  const code = engine.containers.has(row.id) ? engine.task(row.id).exitCode : 125;
  if (row.spec.autoRemove) removeContainer(engine, row.id, { volumes: true });
  return new Fatal(
    `docker: ${daemonSays(why)}\n\nRun 'docker run --help' for more information`,
    code === 126 || code === 127 ? code : 125,
  );
}

/** Runs it in the foreground: its streams are the caller's; the exit code is the container's. */
async function attached(process: Process, engine: Engine, row: DockerContainer): Promise<number> {
  const exit = untilExit(process, row.id);
  const problem = startContainer(engine, row.id);
  if (problem) {
    exit.cancel();
    throw failed(engine, row, problem.error);
  }
  await joinStreams(process, engine, row, { stdin: row.spec.stdin, signals: true });
  return exit.code();
}
