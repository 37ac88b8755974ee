import { attempt, type Process, type Program } from "../../sim/host/index.ts";
import { engineOf, SOCKET, type Engine } from "../../sim/docker/index.ts";
import { FlagSet } from "../kubectl/cobra/flag-set.ts";
import { Fatal, type Command, type Group } from "./command.ts";
import { commandHelp, rootHelp } from "./help.ts";
import { containerCommands } from "./container/index.ts";
import { prune } from "./container/prune.ts";
import { imageCommands, imageGroup } from "./image/index.ts";
import { networkGroup } from "./network/index.ts";
import { volumeGroup } from "./volume/index.ts";
import { info, version } from "./system/system.ts";
import { inspect } from "./inspect.ts";

/** What docker has besides; it says that it is not simulated. */
const MISSING = ["builder", "buildx", "checkpoint", "compose", "config", "context", "events", "export", "history", "import", "load", "login", "logout", "manifest", "node", "pause", "plugin", "push", "save", "search", "secret", "service", "stack", "stats", "swarm", "system", "trust", "unpause", "update"]; // prettier-ignore

export const GROUPS: readonly Group[] = [
  { name: "container", summary: "Manage containers", commands: [...containerCommands, prune, inspect("container")] },
  imageGroup,
  networkGroup,
  volumeGroup,
];
export const COMMANDS: readonly Command[] = [...containerCommands, ...imageCommands, inspect(undefined), info, version];

/** docker: the client of Docker Engine 28. The daemon of its machine is `sim/docker`. */
export const docker: Program = {
  name: "docker",
  summary: "the client of Docker Engine",
  async run(process, args) {
    try {
      return await dispatch(process, args);
    } catch (error) {
      if (!(error instanceof Fatal)) throw error;
      await process.error(`${error.message}\n`);
      return error.code;
    }
  },
};

async function dispatch(process: Process, args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
    await process.print(rootHelp(COMMANDS, GROUPS));
    return 0;
  }
  if (name === "--version" || name === "-v") {
    await process.print("Docker version 28.5.2, build ecc6942\n");
    return 0;
  }
  if (name.startsWith("-"))
    throw new Fatal(
      `unknown flag: ${name}\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information`,
      125,
    );
  const group = GROUPS.find((one) => one.name === name);
  if (group) return runGroup(process, group, rest);
  const command = COMMANDS.find((one) => one.name === name || one.aliases?.includes(name));
  if (command) return runCommand(process, command, `docker ${command.name}`, rest);
  if (MISSING.includes(name)) throw new Fatal(`drydock: docker: '${name}' is not simulated`, 64);
  throw new Fatal(`docker: unknown command: docker ${name}\n\nRun 'docker --help' for more information`);
}

async function runGroup(process: Process, group: Group, args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const command = group.commands.find((one) => one.name === name || one.aliases?.includes(name ?? ""));
  if (command) return runCommand(process, command, `docker ${group.name} ${command.name}`, rest);
  if (name === undefined || name === "--help" || name === "-h") {
    await process.print(rootHelp(group.commands, [], group));
    return 0;
  }
  throw new Fatal(
    `docker: unknown command: docker ${group.name} ${name}\n\nUsage:  docker ${group.name} COMMAND\n\nRun 'docker ${group.name} --help' for more information`,
  );
}

async function runCommand(process: Process, command: Command, path: string, args: readonly string[]): Promise<number> {
  if (command.before !== undefined) await process.error(command.before);
  const usage = `Usage:  ${path} ${command.use}`.trimEnd();
  const more = `Run '${path} --help' for more information`;
  const parsed = new FlagSet(command.flags).parse(args, command.interspersed ?? true);
  if ("error" in parsed) throw new Fatal(`${parsed.error}\n\n${usage}\n\n${more}`, 125);
  if (parsed.help) {
    await process.print(commandHelp(command, usage));
    return 0;
  }
  const [least, most] = command.arguments;
  const count = parsed.args.length;
  if (count < least || count > most) {
    const plural = (number: number): string => `${number} argument${number === 1 ? "" : "s"}`;
    const wants =
      most === 0
        ? "accepts no arguments"
        : least === most
          ? `requires ${plural(least)}`
          : count < least
            ? `requires at least ${plural(least)}`
            : `requires at most ${plural(most)}`;
    throw new Fatal(`docker: '${path}' ${wants}\n\n${usage}\n\n${more}`);
  }
  for (const flag of parsed.given)
    if (command.flags[flag]!.usage.startsWith("(not simulated)"))
      throw new Fatal(`drydock: docker: '--${flag}' is not simulated`, 64);
  const engine = connect(process);
  return (
    (await command.run({
      process,
      engine,
      flags: parsed.values,
      given: parsed.given,
      args: parsed.args,
      path,
    })) ?? 0
  );
}

/** The daemon behind the socket, as far as this user may open it. */
function connect(process: Process): Engine {
  const { host } = process;
  const endpoint = `unix:///var/run/docker.sock`;
  const engine = engineOf(host.machine);
  const stat = host.isContainer ? undefined : attempt(() => host.files.stat(SOCKET, process));
  if (stat !== undefined && "type" in stat && !host.files.access(SOCKET, 2, process))
    throw new Fatal(
      `permission denied while trying to connect to the Docker daemon socket at ${endpoint}: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.51/containers/json": dial unix /var/run/docker.sock: connect: permission denied`,
    );
  if (stat === undefined || !("type" in stat) || engine.pid === undefined)
    throw new Fatal(`Cannot connect to the Docker daemon at ${endpoint}. Is the docker daemon running?`);
  return engine;
}
