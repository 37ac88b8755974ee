import type { Engine } from "../../../sim/docker/index.ts";
import type { ImageRow } from "../../../sim/kube/kubelet/index.ts";
import { parseRfc3339, rfc3339 } from "../../../sim/kernel/index.ts";
import { humanDuration, humanSize } from "../../crictl/units.ts";
import { bool, text, texts } from "../../kubectl/cobra/flag.ts";
import { build } from "../build/index.ts";
import { command, daemonSays, Fatal, type Command, type Group } from "../command.ts";
import { matching } from "../filters.ts";
import { renderRows } from "../format.ts";
import { inspect } from "../inspect.ts";
import { familiar } from "./familiar.ts";
import { pullInto } from "./pull.ts";
import { prune, rmi } from "./remove.ts";
import { commit, tag } from "./commit.ts";

const COLUMNS = [
  { heading: "REPOSITORY", key: "Repository" },
  { heading: "TAG", key: "Tag" },
  { heading: "IMAGE ID", key: "ID" },
  { heading: "CREATED", key: "CreatedSince" },
  { heading: "SIZE", key: "Size" },
  { heading: "DIGEST", key: "Digest" },
  { heading: "CREATED AT", key: "CreatedAt" },
] as const;

const images = (name: string): Command =>
  command({
    name,
    ...(name === "ls" ? { aliases: ["list"] } : {}),
    use: "[OPTIONS] [REPOSITORY[:TAG]]",
    summary: "List images",
    arguments: [0, 1],
    flags: {
      all: bool("Show all images (default hides intermediate images)", { shorthand: "a" }),
      filter: texts("Filter output based on conditions provided", { shorthand: "f" }),
      format: text("Format output using a custom template"),
      "no-trunc": bool("Don't truncate output"),
      quiet: bool("Only show image IDs", { shorthand: "q" }),
      digests: bool("(not simulated) digests"),
      tree: bool("(not simulated) tree"),
    },
    async run({ process, engine, flags, args }) {
      const wanted = args[0];
      const rows = [...engine.runtime.images.values()]
        .filter((row) =>
          matching(flags.filter, {
            reference: (value) =>
              row.repoTags.some((tag) => familiar(tag).split(":")[0] === value || familiar(tag) === value),
            dangling: (value) => (row.repoTags.length === 0) === (value === "true"),
          }),
        )
        .flatMap((row) =>
          (row.repoTags.length > 0 ? row.repoTags : ["<none>:<none>"]).map((tag) =>
            shown(engine, row, familiar(tag), flags["no-trunc"]),
          ),
        )
        .filter(
          ({ row: { Repository, Tag } }) =>
            wanted === undefined || wanted === Repository || wanted === `${Repository}:${Tag}`,
        )
        .sort((a, b) => b.created - a.created)
        .map(({ row }) => row);
      const format = { format: flags.format, quiet: flags.quiet, id: "ID" };
      await process.print(
        renderRows(
          COLUMNS,
          rows,
          COLUMNS.slice(0, 5).map(({ key }) => key),
          format,
        ),
      );
    },
  });

function shown(engine: Engine, image: ImageRow, tag: string, whole: boolean) {
  const at = tag.lastIndexOf(":");
  const created = parseRfc3339(engine.runtime.source.byName(image.name)!.spec.created)!;
  const row = {
    Repository: tag.slice(0, at),
    Tag: tag.slice(at + 1),
    ID: whole ? image.id : image.id.slice(7, 19),
    CreatedSince: `${humanDuration(engine.kernel.now - created)} ago`,
    Size: humanSize(image.size, 3),
    Digest: image.repoDigests[0]?.replace(/^.*@/, "") ?? "<none>",
    CreatedAt: `${rfc3339(created).slice(0, 19).replace("T", " ")} +0000 UTC`,
  };
  return { created, row };
}

const pull = command({
  name: "pull",
  use: "[OPTIONS] NAME[:TAG|@DIGEST]",
  summary: "Download an image from a registry",
  arguments: [1, 1],
  flags: {
    quiet: bool("Suppress verbose output", { shorthand: "q" }),
    "all-tags": bool("(not simulated) all tags", { shorthand: "a" }),
    platform: text("(not simulated) platform"),
  },
  async run({ process, engine, flags, args }) {
    const refuse = (why: string): never => {
      throw new Fatal(daemonSays(why));
    };
    if (!flags.quiet && !/[:@]/.test(args[0]!.replace(/^.*\//, ""))) await process.print("Using default tag: latest\n");
    const image = await pullInto(
      process,
      engine,
      args[0]!,
      flags.quiet ? undefined : (line) => process.print(line),
      refuse,
    );
    await process.print(`${image.repository}:${/:([^/]+)$/.exec(args[0]!)?.[1] ?? "latest"}\n`);
  },
});

export const imageCommands: readonly Command[] = [build, commit, images("images"), pull, rmi("rmi"), tag];
export const imageGroup: Group = {
  name: "image",
  summary: "Manage images",
  commands: [build, images("ls"), prune, pull, rmi("rm"), inspect("image"), tag],
};
