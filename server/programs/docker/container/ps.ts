import type { BoundPort, DockerContainer, Engine } from "../../../sim/docker/index.ts";
import { rfc3339, type Time } from "../../../sim/kernel/index.ts";
import { humanDuration } from "../../crictl/units.ts";
import { bool, integer, text, texts } from "../../kubectl/cobra/flag.ts";
import { quote } from "../../kubectl/output/index.ts";
import { command } from "../command.ts";
import { matching } from "../filters.ts";
import { renderRows } from "../format.ts";

const COLUMNS = [
  { heading: "CONTAINER ID", key: "ID" },
  { heading: "IMAGE", key: "Image" },
  { heading: "COMMAND", key: "Command" },
  { heading: "CREATED", key: "RunningFor" },
  { heading: "STATUS", key: "Status" },
  { heading: "PORTS", key: "Ports" },
  { heading: "NAMES", key: "Names" },
  { heading: "CREATED AT", key: "CreatedAt" },
  { heading: "STATE", key: "State" },
  { heading: "NETWORKS", key: "Networks" },
  { heading: "LABELS", key: "Labels" },
] as const;

export const ps = command({
  name: "ps",
  aliases: ["ls", "list"],
  use: "[OPTIONS]",
  summary: "List containers",
  arguments: [0, 0],
  flags: {
    all: bool("Show all containers (default shows just running)", { shorthand: "a" }),
    filter: texts("Filter output based on conditions provided", { shorthand: "f" }),
    format: text("Format output using a custom template"),
    last: integer("Show n last created containers (includes all states)", -1, { shorthand: "n" }),
    latest: bool("Show the latest created container (includes all states)", { shorthand: "l" }),
    "no-trunc": bool("Don't truncate output"),
    quiet: bool("Only display container IDs", { shorthand: "q" }),
    size: bool("(not simulated) sizes", { shorthand: "s" }),
  },
  async run({ process, engine, flags }) {
    const most = flags.latest ? 1 : flags.last < 0 ? Infinity : flags.last;
    const states = flags.filter.some((filter) => filter.startsWith("status=") || filter.startsWith("exited="));
    const all = flags.all || most < Infinity || states;
    const rows = [...engine.containers.values()]
      .sort((a, b) => b.created - a.created)
      .filter((row) => (all || engine.isRunning(row.id)) && passes(engine, row, flags.filter))
      .slice(0, most)
      .map((row) => shown(engine, row, flags["no-trunc"]));
    const format = { format: flags.format, quiet: flags.quiet, id: "ID" };
    await process.print(
      renderRows(
        COLUMNS,
        rows,
        COLUMNS.slice(0, 7).map(({ key }) => key),
        format,
      ),
    );
  },
});

function passes(engine: Engine, row: DockerContainer, filters: readonly string[]): boolean {
  const task = engine.task(row.id);
  return matching(filters, {
    name: (value) => new RegExp(value.replace(/^\^?\/?/, (start) => (start.startsWith("^") ? "^" : ""))).test(row.name),
    id: (value) => row.id.startsWith(value),
    status: (value) => task.state === value,
    exited: (value) => task.state === "exited" && task.exitCode === Number(value),
    ancestor: (value) => row.spec.image === value || row.spec.image.split(":")[0] === value,
    network: (value) =>
      Object.entries(row.endpoints).some(([name, { network }]) => name === value || network.startsWith(value)),
    publish: (value) => row.bound.some(({ hostPort }) => String(hostPort) === value.split("/")[0]),
    expose: (value) => exposedOf(engine, row).includes(value.includes("/") ? value : `${value}/tcp`),
    label: (value) => {
      const [key = "", wanted] = value.split(/=(.*)/s);
      return Object.hasOwn(row.spec.labels, key) && (wanted === undefined || row.spec.labels[key] === wanted);
    },
  });
}

function shown(engine: Engine, row: DockerContainer, whole: boolean) {
  const { kernel } = engine;
  const words = argvOf(engine, row).join(" ");
  const command = whole || words.length <= 20 ? words : `${words.slice(0, 19)}…`;
  return {
    ID: whole ? row.id : row.id.slice(0, 12),
    Image: row.spec.image.startsWith("sha256:") ? row.spec.image.slice(7, 19) : row.spec.image,
    Command: quote(command),
    RunningFor: `${humanDuration(kernel.now - row.created)} ago`,
    Status: statusOf(engine, row),
    Ports: portsText(engine, row),
    Names: row.name,
    CreatedAt: `${rfc3339(row.created).slice(0, 19).replace("T", " ")} +0000 UTC`,
    State: engine.task(row.id).state,
    Networks: Object.keys(row.endpoints).join(","),
    Labels: Object.entries(row.spec.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  };
}

/** What the container runs: the path and its arguments. */
export function argvOf(engine: Engine, { id, spec }: DockerContainer): string[] {
  const image = engine.runtime.source.byName(engine.task(id).image);
  const entrypoint = spec.entrypoint ?? image?.config.entrypoint ?? [];
  const cmd = spec.cmd.length > 0 || spec.entrypoint ? spec.cmd : (image?.config.cmd ?? []);
  return [...entrypoint, ...cmd];
}

/** `Up 5 seconds`, `Exited (0) 2 minutes ago`, `Created` (container/state.go). */
export function statusOf(engine: Engine, { id }: DockerContainer): string {
  const { state, startedAt, finishedAt, exitCode } = engine.task(id);
  const since = (from: Time): string => humanDuration(engine.kernel.now - from);
  if (state === "running") return `Up ${since(startedAt)}`;
  return state === "exited" ? `Exited (${exitCode}) ${since(finishedAt)} ago` : "Created";
}

export function exposedOf(engine: Engine, { id, spec }: DockerContainer): string[] {
  const image = engine.runtime.source.byName(engine.task(id).image);
  const all = [...(image?.config.exposedPorts ?? []), ...spec.exposed, ...spec.ports.map(({ container }) => container)];
  return [...new Set(all)].sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
}

/** `0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 443/tcp` (formatter.DisplayablePorts). */
function portsText(engine: Engine, row: DockerContainer): string {
  if (!engine.isRunning(row.id) || row.spec.networkMode === "host") return "";
  const published = new Set(row.bound.map(({ container }) => container));
  const open = exposedOf(engine, row).filter((port) => !published.has(port));
  const bound = [...row.bound].sort((a, b) => parseInt(a.container, 10) - parseInt(b.container, 10));
  return [...bound.map((one) => `${hostText(one)}->${one.container}`), ...open].join(", ");
}

export function hostText({ hostIp, hostPort }: BoundPort): string {
  return `${hostIp.includes(":") ? `[${hostIp}]` : hostIp}:${hostPort}`;
}
