import { execInContainer, execSync, type Containerd } from "../../sim/kube/kubelet/index.ts";
import type { Process } from "../../sim/host/index.ts";
import { decode, encode } from "../../sim/kernel/index.ts";
import type { Command } from "./command.ts";
import { chosenContainers, CONTAINER_FILTERS, containerById } from "./filters.ts";
import { Fatal, rpcFailed, say } from "./said.ts";

const FILTERS = ["name", "pod", "image", "state", "label", "latest", "last"] as const;

/** cmd/crictl/exec.go */
export const exec: Command = {
  name: "exec",
  usage: "Run a command in a running container",
  argsUsage: "[CONTAINER-ID] COMMAND [ARG...]",
  description:
    "The CONTAINER-ID is only required if none of the following filter flags are set:\n--image, --label, --last, --latest, --name, --pod, --state",
  flags: [
    { name: "sync", aliases: ["s"], usage: "Run the command synchronously", type: "bool" },
    { name: "timeout", usage: "Timeout in seconds", type: "int" },
    { name: "tty", aliases: ["t"], usage: "Allocate a pseudo-TTY", type: "bool" },
    { name: "interactive", aliases: ["i"], usage: "Keep STDIN open", type: "bool" },
    {
      name: "transport",
      aliases: ["r"],
      usage: "Transport protocol to use, one of: spdy|websocket",
      type: "string",
      default: "spdy",
    },
    ...CONTAINER_FILTERS.filter(({ name }) => (FILTERS as readonly string[]).includes(name)).map((flag) => ({
      ...flag,
      ...(flag.name === "state" ? { aliases: [] } : {}),
    })),
    {
      name: "quiet",
      aliases: ["q"],
      usage: "Do not print the container ID if multiple containers are selected",
      type: "bool",
    },
    { name: "ignore-errors", aliases: ["e"], usage: "Ignore errors during command execution", type: "bool" },
    {
      name: "parallel",
      aliases: ["x"],
      usage: "Run the command in parallel if multiple containers are selected",
      type: "bool",
      simulated: false,
    },
  ],
  clusters: true,
  async run({ process, args, help, ...services }) {
    const [first] = args.operands;
    if (first === undefined) return help();
    const runtime = await services.runtime();
    await services.images();
    let [ids, command] = [[first], args.operands.slice(1)];
    const filtered = FILTERS.some((name) => args.isSet(name));
    if (filtered) {
      command = [...args.operands];
      ids = chosenContainers(runtime, args).map(({ id }) => id);
      if (ids.length === 0) {
        await say(process, "error", "No containers found per filter flags");
        return help();
      }
    } else if (command.length === 0) return help();
    const ignore = args.bool("ignore-errors");
    if (ignore && !args.bool("quiet"))
      await say(
        process,
        "warning",
        "The `--ignore-errors` option has been set all errors returned by the command will be ignored.",
      );
    const errors: string[] = [];
    for (const id of ids) {
      if (filtered && !args.bool("quiet")) await process.print(`${id}:\n`);
      const options = { tty: args.bool("tty"), stdin: args.bool("interactive"), timeout: args.int("timeout") };
      const error = args.bool("sync")
        ? await synchronously(process, runtime, id, command, options.timeout)
        : await streamed(process, runtime, id, command, options);
      if (error !== undefined)
        errors.push(`execing command in container ${id}${args.bool("sync") ? " synchronously" : ""}: ${error}`);
    }
    if (errors.length > 0 && !ignore) throw new Fatal(errors.join("\n"));
  },
};

async function synchronously(
  process: Process,
  runtime: Containerd,
  id: string,
  command: readonly string[],
  timeout: number,
): Promise<string | undefined> {
  const row = containerById(runtime, id);
  const outcome =
    "error" in row ? row : await runtime.ask(process, (done) => execSync(runtime, row.id, command, timeout, done));
  if ("error" in outcome) {
    await rpcFailed(process, "ExecSync cmd from runtime service failed", outcome.error, [
      ["containerID", JSON.stringify(id)],
      ["cmd", JSON.stringify(command)],
    ]);
    return outcome.error;
  }
  const { stdout, stderr, exitCode } = outcome.ok as { stdout: string; stderr: string; exitCode: number };
  if (exitCode !== 0) return `command '${command.join(" ")}' exited with ${exitCode}: ${decode(stderr)}`;
  await process.write(1, `${stdout}\n${encode(decode(stderr))}\n`);
  return undefined;
}

async function streamed(
  process: Process,
  runtime: Containerd,
  id: string,
  command: readonly string[],
  { tty, stdin }: { readonly tty: boolean; readonly stdin: boolean },
): Promise<string | undefined> {
  const row = containerById(runtime, id);
  const stopped =
    "error" in row
      ? row.error
      : row.state === "running"
        ? undefined
        : `rpc error: code = Unknown desc = container is in CONTAINER_${row.state.toUpperCase()} state`;
  if ("error" in row || stopped !== undefined) {
    await rpcFailed(process, "Exec cmd from runtime service failed", stopped!, [
      ["containerID", JSON.stringify(id)],
      ["cmd", JSON.stringify(command)],
    ]);
    return stopped!;
  }
  if (tty && !stdin) return "tty=true must be specified with interactive=true";
  if (tty && !process.isTty(0)) return "input is not a terminal";
  const remote = execInContainer(runtime, row.id, command, tty);
  const status = await remote.start(process, {
    stdin: stdin ? process.fds.find(0) : undefined,
    stdout: process.fds.find(1),
    stderr: tty ? undefined : process.fds.find(2),
    tty,
  });
  if (status.status === "Success") return undefined;
  const causes = (status.details as { causes?: readonly { message: string }[] } | undefined)?.causes;
  if (status.reason === "NonZeroExitCode") return `command terminated with exit code ${causes?.[0]?.message ?? "1"}`;
  return `Internal error occurred: ${causes?.[0]?.message ?? status.message ?? ""}`;
}
