import { attempt, type Process } from "../../sim/host/index.ts";
import {
  containerStatus,
  removeContainer,
  removeSandbox,
  stopContainer,
  stopSandbox,
  type Containerd,
} from "../../sim/kube/kubelet/index.ts";
import type { Command } from "./command.ts";
import { containerById, sandboxById } from "./filters.ts";
import { Exit, Fatal, rpcFailed, say } from "./said.ts";

/** cmd/crictl/container.go stopContainerCommand */
export const stop: Command = {
  name: "stop",
  usage: "Stop one or more running containers",
  argsUsage: "CONTAINER-ID [CONTAINER-ID...]",
  flags: [
    {
      name: "timeout",
      aliases: ["t"],
      usage: "Seconds to wait to kill the container after a graceful stop is requested",
      type: "int",
    },
    { name: "all", aliases: ["a"], usage: "Stop all running containers", type: "bool" },
  ],
  clusters: true,
  async run({ process, args, ...services }) {
    const runtime = await services.runtime();
    let ids = args.operands;
    if (args.bool("all")) {
      if (ids.length > 0) throw new Exit("cannot specify CONTAINER-ID(s) when using --all\n");
      ids = [...runtime.containers.values()].filter(({ state }) => state === "running").map(({ id }) => id);
      if (ids.length === 0) return process.print("No running containers found.\n");
    } else if (ids.length === 0) throw new Exit("you must specify at least one CONTAINER-ID or use --all\n");
    for (const id of ids) {
      const error = await stopOne(process, runtime, id, args.int("timeout"));
      if (error !== undefined) throw new Fatal(`stopping the container ${JSON.stringify(id)}: ${error}`);
    }
  },
};

/** Stops a container and prints its id; the error of the call. */
async function stopOne(
  process: Process,
  runtime: Containerd,
  id: string,
  timeout: number,
): Promise<string | undefined> {
  const row = containerById(runtime, id);
  // StopContainer does nothing to one that is not there (container_stop.go).
  if ("id" in row) {
    const outcome = await runtime.ask(process, (done) => stopContainer(runtime, row.id, timeout, done));
    if ("error" in outcome) {
      await rpcFailed(process, "StopContainer from runtime service failed", outcome.error, [
        ["containerID", JSON.stringify(id)],
      ]);
      return outcome.error;
    }
  }
  await process.print(`${id}\n`);
  return undefined;
}

/** cmd/crictl/container.go removeContainerCommand */
export const rm: Command = {
  name: "rm",
  usage: "Remove one or more containers",
  argsUsage: "CONTAINER-ID [CONTAINER-ID...]",
  flags: [
    {
      name: "force",
      aliases: ["f"],
      usage: "Force removal of the container, disregarding if running",
      type: "bool",
    },
    { name: "keep-logs", aliases: ["k"], usage: "Preserve the container log file and its rotations", type: "bool" },
    { name: "all", aliases: ["a"], usage: "Remove all containers", type: "bool" },
  ],
  clusters: true,
  async run({ process, args, help, ...services }) {
    const runtime = await services.runtime();
    const ids = args.bool("all") ? [...runtime.containers.keys()] : args.operands;
    if (ids.length === 0) return args.bool("all") ? say(process, "info", "No containers to remove") : help();
    const errors: string[] = [];
    for (const id of ids) {
      const error = await removeOne(process, runtime, id, args.bool("force"), args.bool("keep-logs"));
      if (error !== undefined) errors.push(error);
    }
    if (errors.length > 0) throw new Fatal(errors.length === 1 ? errors[0]! : `[${errors.join(", ")}]`);
  },
};

async function removeOne(
  process: Process,
  runtime: Containerd,
  id: string,
  force: boolean,
  keepLogs: boolean,
): Promise<string | undefined> {
  const row = containerById(runtime, id);
  if ("error" in row) {
    await rpcFailed(process, "ContainerStatus from runtime service failed", row.error, [
      ["containerID", JSON.stringify(id)],
    ]);
    return `getting container status ${JSON.stringify(id)}: ${row.error}`;
  }
  if (row.state === "running") {
    if (!force) return `container ${JSON.stringify(id)} is running, please stop it first`;
    const error = await stopOne(process, runtime, id, 0);
    if (error !== undefined) return `stopping the container ${JSON.stringify(id)}: ${error}`;
  }
  const { logPath } = containerStatus(runtime, row);
  removeContainer(runtime, row.id);
  runtime.podChanged(row.podUid);
  await process.print(`${id}\n`);
  if (keepLogs) return undefined;
  const removed = attempt(() => process.host.files.unlink(logPath));
  if (removed instanceof Error)
    await say(
      process,
      "error",
      `removing log file ${logPath} for container ${JSON.stringify(id)} failed: remove ${logPath}: no such file or directory`,
    );
  return undefined;
}

/** cmd/crictl/sandbox.go stopPodCommand */
export const stopp: Command = {
  name: "stopp",
  usage: "Stop one or more running pods",
  argsUsage: "POD-ID [POD-ID...]",
  flags: [],
  clusters: false,
  async run({ process, args, help, ...services }) {
    if (args.operands.length === 0) return help();
    const runtime = await services.runtime();
    for (const id of args.operands) {
      const error = await stopPod(process, runtime, id);
      if (error !== undefined) throw new Fatal(`stopping the pod sandbox ${JSON.stringify(id)}: ${error}`);
    }
  },
};

async function stopPod(process: Process, runtime: Containerd, id: string): Promise<string | undefined> {
  const row = sandboxById(runtime, id);
  if ("id" in row) {
    const outcome = await runtime.ask(process, (done) => stopSandbox(runtime, row.id, done));
    runtime.podChanged(row.config.uid);
    if ("error" in outcome) {
      await rpcFailed(process, "StopPodSandbox from runtime service failed", outcome.error, [
        ["podSandboxID", JSON.stringify(id)],
      ]);
      return outcome.error;
    }
  }
  await process.print(`Stopped sandbox ${id}\n`);
  return undefined;
}

/** cmd/crictl/sandbox.go removePodCommand */
export const rmp: Command = {
  name: "rmp",
  usage: "Remove one or more pods",
  argsUsage: "POD-ID [POD-ID...]",
  flags: [
    {
      name: "force",
      aliases: ["f"],
      usage: "Force removal of the pod sandbox, disregarding if running",
      type: "bool",
    },
    { name: "all", aliases: ["a"], usage: "Remove all pods", type: "bool" },
  ],
  clusters: true,
  async run({ process, args, help, ...services }) {
    const runtime = await services.runtime();
    const ids = args.bool("all") ? [...runtime.sandboxes.keys()] : args.operands;
    if (ids.length === 0) return args.bool("all") ? say(process, "info", "No pods to remove") : help();
    const errors: string[] = [];
    for (const id of ids) {
      const row = sandboxById(runtime, id);
      if ("error" in row) {
        errors.push(`getting sandbox status of pod ${JSON.stringify(id)}: ${row.error}`);
        continue;
      }
      if (row.state === "ready") {
        if (!args.bool("force")) {
          errors.push(`pod sandbox ${JSON.stringify(id)} is running, please stop it first`);
          continue;
        }
        const error = await stopPod(process, runtime, id);
        if (error !== undefined) {
          errors.push(`stopping the pod sandbox ${JSON.stringify(id)} failed: ${error}`);
          continue;
        }
      }
      for (const container of runtime.containers.values())
        if (container.sandbox === row.id) removeContainer(runtime, container.id);
      removeSandbox(runtime, row.id);
      runtime.podChanged(row.config.uid);
      await process.print(`Removed sandbox ${id}\n`);
    }
    if (errors.length > 0) throw new Fatal(errors.length === 1 ? errors[0]! : `[${errors.join(", ")}]`);
  },
};
