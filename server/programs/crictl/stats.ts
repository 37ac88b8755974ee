import type { Inode } from "../../sim/host/index.ts";
import { MICROSECOND, SECOND, type Time } from "../../sim/kernel/index.ts";
import type { Containerd, ContainerRow, SandboxRow } from "../../sim/kube/kubelet/index.ts";
import type { JsonObject } from "../kubectl/output/golang/kind.ts";
import { usageOf } from "../procps/usage.ts";
import type { CliArguments, CliFlag } from "./cli.ts";
import type { Call, Command } from "./command.ts";
import { truncated } from "./filters.ts";
import { drawTable, printMessage } from "./output.ts";
import { humanSize } from "./units.ts";

const CLEAR = "\x1b[2J\x1b[H";
const BLOCK = 4096;

const COMMON: readonly CliFlag[] = [
  { name: "label", usage: "Filter by key=value label", type: "strings" },
  { name: "output", aliases: ["o"], usage: "Output format, One of: json|yaml|table", type: "string" },
  { name: "seconds", aliases: ["s"], usage: "Sample duration for CPU usage in seconds", type: "int", default: "1" },
  { name: "watch", aliases: ["w"], usage: "Watch pod resources", type: "bool" },
];

/** What a container or Pod has used. `cpu` in microseconds of processor time, the others in bytes. */
interface Sample {
  readonly cpu: number;
  readonly memory: number;
}

function sample(processes: readonly Parameters<typeof usageOf>[0][], now: Time): Sample {
  let [cpu, memory] = [0, 0];
  for (const row of processes) {
    const usage = usageOf(row, now);
    cpu += usage.time;
    memory += (usage.resident - usage.shared) * 1024;
  }
  return { cpu, memory };
}

function ofContainer(runtime: Containerd, { id }: ContainerRow): Sample {
  return sample(runtime.machine.processesOf(id), runtime.kernel.now);
}

/** The files that a container has written itself: their blocks, and how many. */
function writable(
  runtime: Containerd,
  { id, image }: ContainerRow,
): { readonly bytes: number; readonly inodes: number } {
  const base = runtime.source.byName(image)?.files.rows;
  const files = runtime.kernel.state.table<number, Inode>(`files/${id}`);
  let [bytes, inodes] = [0, 0];
  for (const [ino, inode] of files.entries()) {
    if (base?.get(ino) === inode) continue;
    const size = inode.type === "file" ? inode.data.length : 0;
    bytes += Math.max(Math.ceil(size / BLOCK), 1) * BLOCK;
    inodes++;
  }
  return { bytes, inodes };
}

/** cmd/crictl/container_stats.go */
export const stats: Command = {
  name: "stats",
  usage: "List container(s) resource usage statistics",
  argsUsage: "[ID]",
  flags: [
    { name: "all", aliases: ["a"], usage: "Show all containers (default shows just running)", type: "bool" },
    { name: "id", usage: "Filter by container id", type: "string" },
    { name: "pod", aliases: ["p"], usage: "Filter by pod id", type: "string" },
    ...COMMON,
  ],
  clusters: true,
  async run(call) {
    const { process, args, help } = call;
    if (args.operands.length > 1) return help();
    const runtime = await call.runtime();
    const id = args.string("id") || (args.operands[0] ?? "");
    const rows = (): ContainerRow[] =>
      [...runtime.containers.values()]
        .filter((row) => row.state === "running" && row.id.startsWith(id) && row.sandbox.startsWith(args.string("pod")))
        .filter((row) => hasLabels(row.config.labels, args))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    const format = args.string("output");
    if (format === "json" || format === "yaml")
      return printMessage(process, { stats: rows().map((row) => statsMessage(runtime, row)) }, format);
    await repeatedly(call, async () => {
      const before = new Map(rows().map((row) => [row.id, ofContainer(runtime, row)]));
      const began = process.now;
      await process.sleep(args.int("seconds") * SECOND);
      const table = rows().flatMap((row) => {
        const old = before.get(row.id);
        if (!old) return [];
        const now = ofContainer(runtime, row);
        const { bytes, inodes } = writable(runtime, row);
        return [
          [
            truncated(row.id),
            row.config.name,
            percent(now.cpu - old.cpu, process.now - began),
            humanSize(now.memory),
            humanSize(bytes),
            String(inodes),
            humanSize(0),
          ],
        ];
      });
      await process.print(
        CLEAR + drawTable([["CONTAINER", "NAME", "CPU %", "MEM", "DISK", "INODES", "SWAP"], ...table]),
      );
    });
  },
};

/** cmd/crictl/pod_stats.go */
export const statsp: Command = {
  name: "statsp",
  usage:
    "List pod statistics. Stats represent a structured API that will fulfill the Kubelet's /stats/summary endpoint.",
  argsUsage: "[ID]",
  flags: [{ name: "id", usage: "Filter by pod id", type: "string" }, ...COMMON],
  clusters: true,
  async run(call) {
    const { process, args, help } = call;
    if (args.operands.length > 1) return help();
    const runtime = await call.runtime();
    const id = args.string("id") || (args.operands[0] ?? "");
    const rows = (): SandboxRow[] =>
      [...runtime.sandboxes.values()]
        .filter((row) => row.state === "ready" && row.id.startsWith(id) && hasLabels(row.config.labels, args))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    const ofPod = ({ id: sandbox, pid }: SandboxRow): Sample => {
      const own = pid === undefined ? undefined : runtime.machine.process(pid);
      const all = [...runtime.containers.values()]
        .filter((container) => container.sandbox === sandbox)
        .flatMap((container) => runtime.machine.processesOf(container.id));
      return sample(own ? [own, ...all] : all, runtime.kernel.now);
    };
    const format = args.string("output");
    if (format === "json" || format === "yaml") {
      const messages = rows().map((row) => podStatsMessage(runtime, row, ofPod(row)));
      return printMessage(process, { stats: messages }, format);
    }
    await repeatedly(call, async () => {
      const before = new Map(rows().map((row) => [row.id, ofPod(row)]));
      const began = process.now;
      await process.sleep(args.int("seconds") * SECOND);
      const table = rows().flatMap((row) => {
        const old = before.get(row.id);
        if (!old) return [];
        const now = ofPod(row);
        const cpu = percent(now.cpu - old.cpu, process.now - began);
        return [[row.config.name, truncated(row.id), cpu, humanSize(now.memory)]];
      });
      await process.print(CLEAR + drawTable([["POD", "POD ID", "CPU %", "MEM"], ...table]));
    });
  },
};

function hasLabels(labels: Readonly<Record<string, string>>, args: CliArguments): boolean {
  return args.strings("label").every((text) => {
    const [key = "", value] = text.split(/=(.*)/s);
    return labels[key] === value;
  });
}

/** Once, or with `--watch` until the program is interrupted. */
async function repeatedly({ process, args }: Pick<Call, "process" | "args">, show: () => Promise<void>): Promise<void> {
  await show();
  while (args.bool("watch")) {
    await process.sleep(SECOND / 2);
    await show();
  }
}

function percent(used: number, time: number): string {
  return time <= 0 ? "0.00" : ((used * 100) / time).toFixed(2);
}

function nanos(time: Time): string {
  return String(Math.round((time / MICROSECOND) * 1000));
}

function statsMessage(runtime: Containerd, row: ContainerRow): JsonObject {
  const { cpu, memory } = ofContainer(runtime, row);
  const { bytes, inodes } = writable(runtime, row);
  const timestamp = nanos(runtime.kernel.now);
  return {
    attributes: {
      id: row.id,
      metadata: { name: row.config.name, attempt: row.config.attempt },
      labels: { ...row.config.labels },
      annotations: { ...row.config.annotations },
    },
    cpu: { timestamp, usageCoreNanoSeconds: { value: String(cpu * 1000) }, usageNanoCores: null },
    memory: { timestamp, workingSetBytes: { value: String(memory) } },
    writableLayer: {
      timestamp,
      fsId: { mountpoint: "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs" },
      usedBytes: { value: String(bytes) },
      inodesUsed: { value: String(inodes) },
    },
    swap: null,
  };
}

function podStatsMessage(runtime: Containerd, row: SandboxRow, { cpu, memory }: Sample): JsonObject {
  const timestamp = nanos(runtime.kernel.now);
  const { name, uid, namespace, attempt, labels, annotations } = row.config;
  return {
    attributes: {
      id: row.id,
      metadata: { name, uid, namespace, attempt },
      labels: { ...labels },
      annotations: { ...annotations },
    },
    linux: {
      cpu: { timestamp, usageCoreNanoSeconds: { value: String(cpu * 1000) } },
      memory: { timestamp, workingSetBytes: { value: String(memory) } },
    },
  };
}
