import type { SandboxRow } from "../../sim/kube/kubelet/index.ts";
import type { CliFlag } from "./cli.ts";
import type { Command } from "./command.ts";
import { chosenSandboxes, truncated } from "./filters.ts";
import { sandboxMessage } from "./messages.ts";
import { drawTable, printMessage } from "./output.ts";
import { Fatal } from "./said.ts";
import { humanDuration } from "./units.ts";

export const SANDBOX_FILTERS: readonly CliFlag[] = [
  { name: "name", usage: "Filter by pod name regular expression pattern", type: "string" },
  { name: "namespace", usage: "Filter by pod namespace regular expression pattern", type: "string" },
  { name: "state", aliases: ["s"], usage: "Filter by pod state", type: "string" },
  { name: "label", usage: "Filter by key=value label", type: "strings" },
  { name: "latest", aliases: ["l"], usage: "Show the most recently created pod", type: "bool" },
  { name: "last", aliases: ["n"], usage: "Show last n recently created pods. Set 0 for unlimited", type: "int" },
];

/** cmd/crictl/sandbox.go listPodCommand */
export const pods: Command = {
  name: "pods",
  usage: "List pods",
  flags: [
    { name: "id", usage: "filter by pod id", type: "string" },
    ...SANDBOX_FILTERS,
    { name: "verbose", aliases: ["v"], usage: "Show verbose info for pods", type: "bool" },
    { name: "quiet", aliases: ["q"], usage: "List only pod IDs", type: "bool" },
    {
      name: "output",
      aliases: ["o"],
      usage: "Output format, One of: json|yaml|table",
      type: "string",
      default: "table",
    },
    { name: "no-trunc", usage: "Show output without truncating the ID", type: "bool" },
  ],
  clusters: true,
  async run({ process, args, ...services }) {
    const runtime = await services.runtime();
    const rows = chosenSandboxes(runtime, args);
    const format = args.string("output");
    if (format === "json" || format === "yaml")
      return printMessage(process, { items: rows.map(sandboxMessage) }, format);
    if (format !== "table")
      throw new Fatal(`listing pod sandboxes: unsupported output format ${JSON.stringify(format)}`);
    if (args.bool("quiet")) return process.print(rows.map(({ id }) => `${id}\n`).join(""));
    if (args.bool("verbose")) return process.print(rows.map((row) => verbose(row, process.now)).join(""));
    const table = rows.map(({ id, createdAt, state, config }) => [
      args.bool("no-trunc") ? id : truncated(id),
      `${humanDuration(process.now - createdAt)} ago`,
      stateWord(state),
      config.name,
      config.namespace,
      String(config.attempt),
      "(default)",
    ]);
    await process.print(
      drawTable([["POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME"], ...table]),
    );
  },
};

function stateWord(state: SandboxRow["state"]): string {
  return state === "ready" ? "Ready" : "NotReady";
}

function verbose({ id, config, state, createdAt }: SandboxRow, now: number): string {
  const map = (title: string, words: Readonly<Record<string, string>>): string =>
    `${title}:\n${Object.keys(words)
      .sort()
      .map((key) => `\t${key} -> ${words[key]!}\n`)
      .join("")}`;
  return [
    `ID: ${id}\n`,
    `Name: ${config.name}\n`,
    `UID: ${config.uid}\n`,
    `Namespace: ${config.namespace}\n`,
    config.attempt === 0 ? "" : `Attempt: ${config.attempt}\n`,
    `Status: ${stateWord(state)}\n`,
    `Created: ${humanDuration(now - createdAt)} ago\n`,
    map("Labels", config.labels),
    map("Annotations", config.annotations),
    "Runtime: (default)\n",
    "\n",
  ].join("");
}
