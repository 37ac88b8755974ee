import { Interrupted, type Process } from "../../sim/host/index.ts";
import { fromCalendar, parseRfc3339, SECOND, type Bytes, type Time } from "../../sim/kernel/index.ts";
import { parseGoDuration } from "../../sim/kube/api/index.ts";
import { containerStatus, LogRenderer, tailStart, type Containerd } from "../../sim/kube/kubelet/index.ts";
import type { Command } from "./command.ts";
import { containerById } from "./filters.ts";
import { Fatal, rpcFailed } from "./said.ts";

/** cmd/crictl/logs.go; reads the file itself, as k8s.io/cri-client/pkg/logs does. */
export const logs: Command = {
  name: "logs",
  usage: "Fetch the logs of a container",
  argsUsage: "CONTAINER-ID",
  flags: [
    { name: "follow", aliases: ["f"], usage: "Follow log output", type: "bool" },
    {
      name: "tail",
      usage: "Number of lines to show from the end of the logs. Defaults to all",
      type: "int",
      default: "-1",
    },
    {
      name: "limit-bytes",
      usage: "Maximum bytes of logs to return. Defaults to no limit",
      type: "int",
      default: "-1",
    },
    {
      name: "since",
      usage: "Show logs since timestamp (e.g. 2013-01-02T13:23:37) or relative (e.g. 42m for 42 minutes)",
      type: "string",
    },
    { name: "timestamps", aliases: ["t"], usage: "Show timestamps", type: "bool" },
    {
      name: "previous",
      aliases: ["p"],
      usage: "Print the logs for the previous instance of the container in a pod if it exists",
      type: "bool",
    },
    {
      name: "reopen",
      aliases: ["r"],
      usage: "Reopen the container logs. Cannot be used together with any other flags",
      type: "bool",
      simulated: false,
    },
  ],
  clusters: true,
  async run({ process, args, ...services }) {
    const [id = ""] = args.operands;
    if (id === "") throw new Fatal("ID cannot be empty");
    const runtime = await services.runtime();
    const row = containerById(runtime, id);
    if ("error" in row) {
      await rpcFailed(process, "ContainerStatus from runtime service failed", row.error, [
        ["containerID", JSON.stringify(id)],
      ]);
      throw new Fatal(row.error);
    }
    let { logPath } = containerStatus(runtime, row);
    if (args.bool("previous")) {
      const { attempt, name } = row.config;
      if (attempt === 0) throw new Fatal(`previous terminated container ${name} not found`);
      logPath = logPath.replace(/[^/]*(\.[^.]*)$/, `${attempt - 1}$1`);
    }
    if (!process.host.files.exists(logPath))
      throw new Fatal(
        `failed to try resolving symlinks in path ${JSON.stringify(logPath)}: lstat ${logPath}: no such file or directory`,
      );
    const [tail, limit] = [args.int("tail"), args.int("limit-bytes")];
    const since = sinceTime(args.string("since"), process.now);
    const renderer = new LogRenderer({
      timestamps: args.bool("timestamps"),
      ...(limit < 0 ? {} : { limitBytes: limit }),
      ...(since === undefined ? {} : { since }),
    });
    const read = (): Bytes => (process.host.files.exists(logPath) ? process.host.files.read(logPath) : "");
    let data = read();
    let from = tail < 0 ? 0 : tailStart(data, tail);
    await process.write(1, renderer.render(data.slice(from)));
    if (!args.bool("follow") || args.bool("previous")) return;
    for (
      from = data.length;
      !renderer.full && runtime.containers.get(row.id)?.state === "running";
      from = data.length
    ) {
      if (!(await grown(process, runtime, row.id))) return;
      data = read();
      await process.write(1, renderer.render(data.slice(Math.min(from, data.length))));
    }
  },
};

/** Waits until a container's log has grown or the container has ended. False if the wait was broken off. */
async function grown(process: Process, runtime: Containerd, id: string): Promise<boolean> {
  try {
    await process.block<undefined>((wake) => runtime.followLog(id, () => wake(undefined)));
    return true;
  } catch (error) {
    if (error instanceof Interrupted) return false;
    throw error;
  }
}

/** docker/api/types/time GetTimestamp: a Go duration before now, RFC 3339 with or without parts, or seconds. */
function sinceTime(text: string, now: Time): Time | undefined {
  if (text === "") return undefined;
  const duration = parseGoDuration(text);
  if (typeof duration === "number") return now - duration;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * SECOND);
  const full = parseRfc3339(text) ?? parseRfc3339(`${text}Z`);
  if (full !== undefined) return full;
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day) return fromCalendar(Number(day[1]), Number(day[2]), Number(day[3]));
  throw new Fatal(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
}
