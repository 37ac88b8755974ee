import { findImage, type Containerd, type ContainerRow } from "../../sim/kube/kubelet/index.ts";
import type { Command } from "./command.ts";
import { chosenContainers, CONTAINER_FILTERS, truncated } from "./filters.ts";
import { containerMessage } from "./messages.ts";
import { drawTable, printMessage } from "./output.ts";
import { Fatal } from "./said.ts";
import { humanDuration } from "./units.ts";

const STATES = { created: "Created", running: "Running", exited: "Exited" } as const;
const HEAD = ["CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID", "POD", "NAMESPACE"];

/** cmd/crictl/container.go listContainersCommand */
export const ps: Command = {
  name: "ps",
  usage: "List containers",
  flags: [
    { name: "verbose", aliases: ["v"], usage: "Show verbose information for containers", type: "bool" },
    { name: "id", usage: "Filter by container id", type: "string" },
    ...CONTAINER_FILTERS,
    { name: "quiet", aliases: ["q"], usage: "Only display container IDs", type: "bool" },
    {
      name: "output",
      aliases: ["o"],
      usage: "Output format, One of: json|yaml|table",
      type: "string",
      default: "table",
    },
    { name: "no-trunc", usage: "Show output without truncating the ID", type: "bool" },
    { name: "resolve-image-path", aliases: ["r"], usage: "Show image path instead of image id", type: "bool" },
  ],
  clusters: true,
  async run({ process, args, help, ...services }) {
    if (args.operands.length > 0) return help();
    const runtime = await services.runtime();
    await services.images();
    const rows = chosenContainers(runtime, args);
    const format = args.string("output");
    if (format === "json" || format === "yaml")
      return printMessage(process, { containers: rows.map(containerMessage) }, format);
    if (format !== "table") throw new Fatal(`listing containers: unsupported output format ${JSON.stringify(format)}`);
    if (args.bool("quiet")) return process.print(rows.map(({ id }) => `${id}\n`).join(""));
    if (args.bool("verbose")) return process.print(rows.map((row) => verbose(row, process.now)).join(""));
    const cut = args.bool("no-trunc") ? (id: string): string => id : truncated;
    const table = rows.map((row) => [
      cut(row.id),
      args.bool("resolve-image-path") ? imagePath(runtime, row) : cut(row.config.image),
      `${humanDuration(process.now - row.createdAt)} ago`,
      STATES[row.state],
      row.config.name,
      String(row.config.attempt),
      cut(row.sandbox),
      label(row, "io.kubernetes.pod.name"),
      label(row, "io.kubernetes.pod.namespace"),
    ]);
    await process.print(drawTable([HEAD, ...table]));
  },
};

function label({ config }: ContainerRow, name: string): string {
  return config.labels[name] ?? "unknown";
}

function imagePath(runtime: Containerd, { config }: ContainerRow): string {
  return findImage(runtime, config.image)?.repoTags[0] ?? config.image;
}

function verbose(row: ContainerRow, now: number): string {
  const { config } = row;
  const map = (title: string, words: Readonly<Record<string, string>>): string =>
    `${title}:\n${Object.keys(words)
      .sort()
      .map((key) => `\t${key} -> ${words[key]!}\n`)
      .join("")}`;
  return [
    `ID: ${row.id}\n`,
    `PodID: ${row.sandbox}\n`,
    `Namespace: ${label(row, "io.kubernetes.pod.namespace")}\n`,
    `Name: ${config.name}\n`,
    `Attempt: ${config.attempt}\n`,
    `State: ${STATES[row.state]}\n`,
    `Image: ${config.image}\n`,
    `Created: ${humanDuration(now - row.createdAt)} ago\n`,
    map("Labels", config.labels),
    map("Annotations", config.annotations),
    "\n",
  ].join("");
}
