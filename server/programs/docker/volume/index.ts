import {
  createVolume, isRefused, mountpointOf, removeVolume, sizeOf, usersOf, type Engine, type VolumeRow,
} from "../../../sim/docker/index.ts"; // prettier-ignore
import { humanSize } from "../../crictl/units.ts";
import { bool, text, texts } from "../../kubectl/cobra/flag.ts";
import { answered, command, daemonSays, Fatal, forEach, type Group } from "../command.ts";
import { labelled, matching } from "../filters.ts";
import { renderRows } from "../format.ts";
import { inspect } from "../inspect.ts";
import { keyValues } from "../key-values.ts";

const create = command({
  name: "create",
  use: "[OPTIONS] [VOLUME]",
  summary: "Create a volume",
  arguments: [0, 1],
  flags: {
    driver: text("Specify volume driver name", { shorthand: "d", initial: "local" }),
    label: texts("Set metadata for a volume"),
    name: text("Specify volume name", { hidden: true }),
    opt: texts("(not simulated) driver options", { shorthand: "o" }),
  },
  async run({ process, engine, flags, args }) {
    if (flags.name !== "" && args.length > 0)
      throw new Fatal("conflicting options: cannot specify a volume-name through both --name and as a positional arg");
    const name = args[0] ?? (flags.name || undefined);
    const wanted = { driver: flags.driver, labels: keyValues(flags.label), ...(name === undefined ? {} : { name }) };
    const row = answered(createVolume(engine, wanted), isRefused);
    await process.print(`${row.name}\n`);
  },
});

const COLUMNS = [
  { heading: "DRIVER", key: "Driver" },
  { heading: "VOLUME NAME", key: "Name" },
  { heading: "SCOPE", key: "Scope" },
  { heading: "MOUNTPOINT", key: "Mountpoint" },
  { heading: "LABELS", key: "Labels" },
  { heading: "LINKS", key: "Links" },
  { heading: "SIZE", key: "Size" },
] as const;

const ls = command({
  name: "ls",
  aliases: ["list"],
  use: "[OPTIONS]",
  summary: "List volumes",
  arguments: [0, 0],
  flags: {
    filter: texts('Provide filter values (e.g. "dangling=true")', { shorthand: "f" }),
    format: text("Format output using a custom template"),
    quiet: bool("Only display volume names", { shorthand: "q" }),
    cluster: bool("(not simulated) swarm"),
  },
  async run({ process, engine, flags }) {
    const rows = [...engine.volumes.values()]
      .filter((row) => selected(engine, row, flags.filter))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, labels }) => ({
        Availability: "N/A",
        Driver: "local",
        Group: "N/A",
        Labels: Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
        Links: "N/A",
        Mountpoint: mountpointOf(name),
        Name: name,
        Scope: "local",
        Size: "N/A",
        Status: "N/A",
      }));
    const how = { format: flags.format, quiet: flags.quiet, id: "Name" };
    await process.print(renderRows(COLUMNS, rows, ["Driver", "Name"], how));
  },
});

function selected(engine: Engine, { name, labels }: VolumeRow, filters: readonly string[]): boolean {
  return matching(filters, {
    name: (value) => name.includes(value),
    driver: (value) => value === "local",
    label: (value) => labelled(labels, value),
    dangling: (value) => (usersOf(engine, name).length === 0) === ["1", "true"].includes(value),
  });
}

const rm = command({
  name: "rm",
  aliases: ["remove"],
  use: "[OPTIONS] VOLUME [VOLUME...]",
  summary: "Remove one or more volumes",
  arguments: [1, Infinity],
  flags: { force: bool("Force the removal of one or more volumes", { shorthand: "f" }) },
  run: ({ process, engine, args, flags }) =>
    forEach(process, args, (name) => {
      if (flags.force && !engine.volumes.has(name)) return undefined;
      const problem = removeVolume(engine, name);
      return problem && daemonSays(problem.error);
    }),
});

const prune = command({
  name: "prune",
  use: "[OPTIONS]",
  summary: "Remove unused local volumes",
  arguments: [0, 0],
  flags: {
    all: bool("Remove all unused volumes, not just anonymous ones", { shorthand: "a" }),
    filter: texts('Provide filter values (e.g. "label=<label>")'),
    force: bool("Do not prompt for confirmation", { shorthand: "f" }),
  },
  async run({ process, engine, flags }) {
    const which = flags.all ? "all" : "anonymous";
    if (!flags.force) {
      await process.print(
        `WARNING! This will remove ${which} local volumes not used by at least one container.\nAre you sure you want to continue? [y/N] `,
      );
      if (!/^y/i.test(await process.read(0, 4096))) return;
    }
    const gone = [...engine.volumes.values()].filter(
      (row) =>
        (flags.all || row.anonymous) &&
        usersOf(engine, row.name).length === 0 &&
        matching(flags.filter, { label: (value) => labelled(row.labels, value) }),
    );
    let freed = 0;
    for (const { name } of gone) {
      freed += sizeOf(engine, name);
      removeVolume(engine, name);
    }
    const names = gone.map(({ name }) => `${name}\n`).join("");
    await process.print(
      `${gone.length > 0 ? `Deleted Volumes:\n${names}\n` : ""}Total reclaimed space: ${humanSize(freed, 4)}\n`,
    );
  },
});

export const volumeGroup: Group = {
  name: "volume",
  summary: "Manage volumes",
  commands: [create, inspect("volume"), ls, prune, rm],
};
