import type { Process, Program } from "../../sim/host/index.ts";
import { commandHelp, flagLines, parseCli, type CliArguments, type CliFlag } from "./cli.ts";
import type { Call, Command } from "./command.ts";
import { configCommand } from "./config.ts";
import { connect, DEFAULT_CONFIG, readConfig } from "./endpoint.ts";
import { exec } from "./exec.ts";
import { images, pull, rmi } from "./images.ts";
import { info, version } from "./info.ts";
import { inspect, inspecti, inspectp } from "./inspect.ts";
import { rm, rmp, stop, stopp } from "./lifecycle.ts";
import { logs } from "./logs.ts";
import { pods } from "./pods.ts";
import { ps } from "./ps.ts";
import { Exit, Fatal, say } from "./said.ts";
import { stats, statsp } from "./stats.ts";

const VERSION = "v1.33.0";

const GLOBAL: readonly CliFlag[] = [
  { name: "config", aliases: ["c"], usage: "Location of the client config file. If not specified and the default does not exist, the program's directory is searched as well", type: "string", default: DEFAULT_CONFIG }, // prettier-ignore
  { name: "runtime-endpoint", aliases: ["r"], usage: "Endpoint of CRI container runtime service", type: "string" },
  { name: "image-endpoint", aliases: ["i"], usage: "Endpoint of CRI image manager service", type: "string" },
  { name: "timeout", aliases: ["t"], usage: "Timeout of connecting to the server in seconds", type: "duration", default: "2s" }, // prettier-ignore
  { name: "debug", aliases: ["D"], usage: "Enable debug mode", type: "bool", simulated: false },
  { name: "enable-tracing", usage: "Enable OpenTelemetry tracing.", type: "bool", simulated: false },
  { name: "profile-cpu", usage: "Write a pprof CPU profile to the provided path.", type: "string", simulated: false },
  { name: "version", aliases: ["v"], usage: "print the version", type: "bool" },
];

/** Commands that crictl has besides those below: they say that they are not simulated. */
const MISSING: readonly (readonly [name: string, usage: string])[] = [
  ["attach", "Attach to a running container"],
  ["checkpoint", "Checkpoint one or more running containers"],
  ["completion", "Output shell completion code"],
  ["create", "Create a new container"],
  ["events", "Stream the events of containers"],
  ["imagefsinfo", "Return image filesystem info"],
  ["metricsp", "List pod metrics. Metrics are unstructured key/value pairs gathered by CRI meant to replace cAdvisor's /metrics/cadvisor endpoint."],
  ["port-forward", "Forward local port to a pod"],
  ["run", "Run a new container inside a sandbox"],
  ["runp", "Run a new pod"],
  ["runtime-config", "Retrieve the container runtime configuration"],
  ["start", "Start one or more created containers"],
  ["update", "Update one or more running containers"],
  ["update-runtime-config", "Update the runtime configuration"],
]; // prettier-ignore

/** crictl of cri-tools: reads what containerd of its machine holds, over its socket. */
export const crictl: Program = {
  name: "crictl",
  summary: "client for CRI",
  async run(process, args) {
    const global = parseCli(GLOBAL, args, false);
    let path = DEFAULT_CONFIG;
    const commands: readonly Command[] = [
      configCommand(() => path),
      exec, images, info, inspect, inspecti, inspectp, logs, pods, ps, pull, rm, rmi, rmp, stats, statsp, stop, stopp, version,
      ...MISSING.map(([name, usage]): Command => ({ name, usage, flags: [], clusters: false })),
    ]; // prettier-ignore
    try {
      if (global === "help") return await print(process, appHelp(commands));
      if ("notSimulated" in global) return await unsimulated(process, global.notSimulated);
      if ("problem" in global) {
        await process.print(`Incorrect Usage: ${global.problem}\n\n${appHelp(commands)}`);
        throw new Fatal(global.problem);
      }
      if (global.bool("version")) return await print(process, `crictl version ${VERSION}\n`);
      path = setting(process, global, "config", "CRI_CONFIG_FILE") ?? DEFAULT_CONFIG;
      const [name, ...rest] = global.operands;
      if (name === undefined || name === "help" || name === "h") return await print(process, appHelp(commands));
      const command = commands.find((one) => one.name === name || one.aliases?.includes(name));
      if (!command) {
        await process.error(`No help topic for '${name}'\n`);
        return 3;
      }
      return await runCommand(process, command, rest, global, path);
    } catch (error) {
      if (error instanceof Exit) {
        await process.error(error.message);
        return error.code;
      }
      if (!(error instanceof Fatal)) throw error;
      await say(process, "fatal", error.message);
      return 1;
    }
  },
};

function setting(process: Process, global: CliArguments, flag: string, variable: string): string | undefined {
  return global.isSet(flag) ? global.string(flag) : process.env[variable] || undefined;
}

async function runCommand(
  process: Process,
  command: Command,
  rest: readonly string[],
  global: CliArguments,
  path: string,
): Promise<number> {
  const help = commandHelp({ ...command, name: `crictl ${command.name}` });
  if (!command.run) return unsimulated(process, command.name);
  const args = parseCli(command.flags, rest, command.clusters);
  if (args === "help") return print(process, help);
  if ("notSimulated" in args) return unsimulated(process, `${command.name} ${args.notSimulated}`);
  if ("problem" in args) {
    await process.print(`Incorrect Usage: ${args.problem}\n\n${help}\n`);
    throw new Fatal(args.problem);
  }
  const given = global.isSet("config") || process.env["CRI_CONFIG_FILE"] !== undefined;
  const config = command.name === "config" ? undefined : await readConfig(process, path, given);
  const runtime =
    setting(process, global, "runtime-endpoint", "CONTAINER_RUNTIME_ENDPOINT") ??
    (config?.["runtime-endpoint"] || undefined);
  const image =
    setting(process, global, "image-endpoint", "IMAGE_SERVICE_ENDPOINT") ?? (config?.["image-endpoint"] || runtime);
  const call: Call = {
    process,
    args,
    runtime: () => connect(process, runtime, "runtime"),
    images: () => connect(process, image, "image"),
    help: async () => process.print(help),
  };
  await command.run(call);
  return 0;
}

async function print(process: Process, text: string): Promise<number> {
  await process.print(text);
  return 0;
}

async function unsimulated(process: Process, what: string): Promise<number> {
  await process.error(`drydock: crictl: '${what}' is not simulated\n`);
  return 64;
}

function appHelp(commands: readonly Command[]): string {
  const lines =
    [...commands, { name: "help", aliases: ["h"], usage: "Shows a list of commands or help for one command" }] // prettier-ignore
      .map(({ name, aliases = [], usage }) => [[name, ...aliases].join(", "), usage] as const)
      .sort(([a], [b]) => (a.startsWith("help") ? 1 : b.startsWith("help") ? -1 : a < b ? -1 : 1));
  const width = Math.max(...lines.map(([names]) => names.length)) + 2;
  const listed = lines.map(([names, usage]) => `   ${names.padEnd(width)}${usage}\n`).join("");
  return `NAME:\n   crictl - client for CRI\n\nUSAGE:\n   crictl [global options] command [command options]\n\nVERSION:\n   ${VERSION}\n\nCOMMANDS:\n${listed}\nGLOBAL OPTIONS:\n${flagLines(GLOBAL)}`;
}
