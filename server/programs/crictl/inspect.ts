import type { Process } from "../../sim/host/index.ts";
import { findImage, type Containerd, type ContainerRow, type SandboxRow } from "../../sim/kube/kubelet/index.ts";
import type { JsonObject } from "../kubectl/output/golang/kind.ts";
import { OUTPUT, QUIET, TEMPLATE, type Command } from "./command.ts";
import { chosenContainers, chosenSandboxes, CONTAINER_FILTERS, containerById, sandboxById } from "./filters.ts";
import { containerInfo, containerStatusMessage, imageMessage, sandboxInfo, sandboxStatusMessage } from "./messages.ts";
import { printStatuses } from "./output.ts";
import { SANDBOX_FILTERS } from "./pods.ts";
import { Fatal, rpcFailed, say } from "./said.ts";
import { humanDuration, humanSize } from "./units.ts";

const NOTHING = "No IDs provided or nothing found per filter";

/** cmd/crictl/container.go containerStatusCommand */
export const inspect: Command = {
  name: "inspect",
  usage: "Display the status of one or more containers",
  argsUsage: "CONTAINER-ID [CONTAINER-ID...]",
  flags: [OUTPUT, QUIET, TEMPLATE, ...CONTAINER_FILTERS],
  clusters: false,
  async run({ process, args, help, ...services }) {
    const runtime = await services.runtime();
    await services.images();
    const ids = args.operands.length > 0 ? args.operands : chosenContainers(runtime, args).map(({ id }) => id);
    if (ids.length === 0) {
      await say(process, "error", NOTHING);
      return help();
    }
    const format = args.string("output") || "json";
    const statuses: JsonObject[] = [];
    for (const id of ids) {
      const row = containerById(runtime, id);
      if ("error" in row) {
        await rpcFailed(process, "ContainerStatus from runtime service failed", row.error, [
          ["containerID", JSON.stringify(id)],
        ]);
        throw new Fatal(`get the status of containers: get container status: ${row.error}`);
      }
      if (format === "table") await process.print(containerText(row, process));
      else
        statuses.push({
          status: containerStatusMessage(runtime, row),
          ...(args.bool("quiet") ? {} : { info: containerInfo(runtime, row) }),
        });
    }
    if (statuses.length > 0) await printStatuses(process, statuses, format, args.string("template"));
  },
};

function containerText({ id, config, ...row }: ContainerRow, { now }: Process): string {
  const ago = (at: number): string => `${humanDuration(now - at)} ago`;
  return [
    `ID: ${id}\n`,
    `Name: ${config.name}\n`,
    config.attempt === 0 ? "" : `Attempt: ${config.attempt}\n`,
    `State: CONTAINER_${row.state.toUpperCase()}\n`,
    `Created: ${ago(row.createdAt)}\n`,
    row.state === "created" ? "" : `Started: ${ago(row.startedAt)}\n`,
    row.state === "exited" ? `Finished: ${ago(row.finishedAt)}\nExit Code: ${row.exitCode}\n` : "",
    map("Labels", config.labels),
    map("Annotations", config.annotations),
  ].join("");
}

function map(title: string, words: Readonly<Record<string, string>>): string {
  const lines = Object.keys(words)
    .sort()
    .map((key) => `\t${key} -> ${words[key]!}\n`);
  return `${title}:\n${lines.join("")}`;
}

/** cmd/crictl/sandbox.go podStatusCommand */
export const inspectp: Command = {
  name: "inspectp",
  usage: "Display the status of one or more pods",
  argsUsage: "POD-ID [POD-ID...]",
  flags: [OUTPUT, QUIET, TEMPLATE, ...SANDBOX_FILTERS],
  clusters: true,
  async run({ process, args, help, ...services }) {
    const runtime = await services.runtime();
    const ids = args.operands.length > 0 ? args.operands : chosenSandboxes(runtime, args).map(({ id }) => id);
    if (ids.length === 0) {
      await say(process, "error", NOTHING);
      return help();
    }
    const format = args.string("output") || "json";
    const statuses: JsonObject[] = [];
    for (const id of ids) {
      const row = sandboxById(runtime, id);
      if ("error" in row) throw new Fatal(`get the status of pod sandboxes: get pod sandbox status: ${row.error}`);
      if (format === "table") await process.print(sandboxText(row, process));
      else
        statuses.push({
          status: sandboxStatusMessage(row),
          ...(args.bool("quiet") ? {} : { info: sandboxInfo(runtime, row) }),
        });
    }
    if (statuses.length > 0) await printStatuses(process, statuses, format, args.string("template"));
  },
};

function sandboxText({ id, config, ips, state, createdAt }: SandboxRow, { now }: Process): string {
  return [
    `ID: ${id}\n`,
    `Name: ${config.name}\n`,
    `UID: ${config.uid}\n`,
    `Namespace: ${config.namespace}\n`,
    `Attempt: ${config.attempt}\n`,
    `Status: SANDBOX_${state === "ready" ? "READY" : "NOTREADY"}\n`,
    `Created: ${humanDuration(now - createdAt)} ago\n`,
    `IP Addresses: ${ips[0] ?? ""}\n`,
    ...ips.slice(1).map((ip) => `Additional IP: ${ip}\n`),
    map("Labels", config.labels),
    map("Annotations", config.annotations),
  ].join("");
}

/** cmd/crictl/image.go imageStatusCommand */
export const inspecti: Command = {
  name: "inspecti",
  usage: "Return the status of one or more images",
  argsUsage: "IMAGE-ID [IMAGE-ID...]",
  flags: [OUTPUT, QUIET, TEMPLATE],
  clusters: true,
  async run({ process, args, help, ...services }) {
    if (args.operands.length === 0) return help();
    const runtime = await services.images();
    const format = args.string("output") || "json";
    const statuses: JsonObject[] = [];
    for (const id of args.operands) {
      const row = findImage(runtime, id);
      if (!row) throw new Fatal(`no such image ${JSON.stringify(id)} present`);
      const tags = row.repoTags.map((tag) => `Tag: ${tag}\n`).join("");
      const digests = row.repoDigests.map((digest) => `Digest: ${digest}\n`).join("");
      if (format === "table") await process.print(`ID: ${row.id}\n${tags}${digests}Size: ${humanSize(row.size, 3)}\n`);
      else
        statuses.push({
          status: imageMessage(runtime, row),
          ...(args.bool("quiet") ? {} : { info: imageInfo(runtime, row.name) }),
        });
    }
    if (statuses.length > 0) await printStatuses(process, statuses, format, args.string("template"));
  },
};

/** The image's own configuration (image_status.go toCRIImageInfo). */
function imageInfo(runtime: Containerd, name: string): JsonObject {
  const image = runtime.source.byName(name);
  if (!image) return {};
  const { user, entrypoint, cmd, env, workingDir, exposedPorts, stopSignal } = image.config;
  return {
    imageSpec: {
      created: image.spec.created,
      architecture: "amd64",
      os: "linux",
      config: {
        ...(user === undefined ? {} : { User: user }),
        ...(exposedPorts === undefined
          ? {}
          : { ExposedPorts: Object.fromEntries(exposedPorts.map((port) => [port, {}])) }),
        Env: [...(env ?? [])],
        ...(entrypoint === undefined ? {} : { Entrypoint: [...entrypoint] }),
        ...(cmd === undefined ? {} : { Cmd: [...cmd] }),
        ...(workingDir === undefined ? {} : { WorkingDir: workingDir }),
        ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }),
      },
    },
  };
}
