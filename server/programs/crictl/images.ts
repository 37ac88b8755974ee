import { findImage, pullImage, removeImage, type Containerd, type ImageRow } from "../../sim/kube/kubelet/index.ts";
import { RE2JS } from "re2js";
import type { Command } from "./command.ts";
import { truncated } from "./filters.ts";
import { imageMessage, isPinned } from "./messages.ts";
import { drawTable, printMessage } from "./output.ts";
import { Fatal, rpcFailed, say } from "./said.ts";
import { humanSize } from "./units.ts";

const NONE = "<none>";

/** cmd/crictl/image.go listImageCommand */
export const images: Command = {
  name: "images",
  aliases: ["image", "img"],
  usage: "List images",
  argsUsage: "[REPOSITORY[:TAG]]",
  flags: [
    { name: "verbose", aliases: ["v"], usage: "Show verbose info for images", type: "bool" },
    { name: "quiet", aliases: ["q"], usage: "Only show image IDs", type: "bool" },
    {
      name: "filter",
      aliases: ["f"],
      usage:
        "Filter output based on provided conditions.\nAvailable filters: \n* dangling=(boolean - true or false)\n* reference=/regular expression/\n* before=<image-name>[:<tag>]|<image id>|<image@digest>\n* since=<image-name>[:<tag>]|<image id>|<image@digest>\nMultiple filters can be combined together.",
      type: "strings",
    },
    { name: "output", aliases: ["o"], usage: "Output format, One of: json|yaml|table", type: "string" },
    { name: "digests", usage: "Show digests", type: "bool" },
    { name: "no-trunc", usage: "Show output without truncating the ID", type: "bool" },
    { name: "pinned", usage: "Show whether the image is pinned or not", type: "bool" },
  ],
  clusters: true,
  async run({ process, args, help, ...services }) {
    if (args.operands.length > 1) return help();
    const runtime = await services.images();
    const [wanted] = args.operands;
    const found = wanted === undefined ? undefined : findImage(runtime, wanted);
    let rows = wanted === undefined ? byReference(runtime) : found ? [found] : [];
    for (const filter of args.strings("filter")) rows = filtered(rows, filter);
    const format = args.string("output");
    if (format === "json" || format === "yaml")
      return printMessage(process, { images: rows.map((row) => imageMessage(runtime, row)) }, format);
    if (args.bool("quiet")) return process.print(rows.map(({ id }) => `${id}\n`).join(""));
    if (args.bool("verbose")) return process.print(rows.map((row) => verbose(runtime, row)).join(""));
    const [digests, pinned] = [args.bool("digests"), args.bool("pinned")];
    const cut = args.bool("no-trunc") ? (id: string): string => id : truncated;
    const head = ["IMAGE", "TAG", ...(digests ? ["DIGEST"] : []), "IMAGE ID", "SIZE", ...(pinned ? ["PINNED"] : [])];
    const table = rows.flatMap((row) => {
      const [name = NONE, digest = NONE] = row.repoDigests[0]?.split("@") ?? [];
      return namesOf(row, name).map(([repository, tag]) => [
        repository,
        tag,
        ...(digests ? [cut(digest)] : []),
        cut(row.id),
        humanSize(row.size, 3),
        ...(pinned ? [String(isPinned(runtime, row))] : []),
      ]);
    });
    await process.print(drawTable([head, ...table]));
  },
};

/** imageByRef */
function byReference(runtime: Containerd): ImageRow[] {
  const key = ({ repoTags, repoDigests }: ImageRow): string => repoTags[0] ?? repoDigests[0] ?? "";
  return [...runtime.images.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** normalizeRepoTagPair */
function namesOf({ repoTags }: ImageRow, name: string): [string, string][] {
  if (repoTags.length === 0) return [[name, NONE]];
  return repoTags.map((tag) => {
    const colon = tag.lastIndexOf(":");
    return [tag.slice(0, colon), tag.slice(colon + 1)];
  });
}

/** filterImagesList */
function filtered(rows: ImageRow[], filter: string): ImageRow[] {
  const [key = "", value] = filter.split(/=(.*)/s);
  const names = (row: ImageRow): readonly string[] => [row.id, ...row.repoTags, ...row.repoDigests];
  const at = rows.findIndex((row) => names(row).includes(value ?? ""));
  switch (key) {
    case "dangling":
      return rows.filter(({ repoTags }) => (repoTags.length === 0) === (value === "true"));
    case "reference": {
      const pattern = RE2JS.compile(value ?? "");
      return rows.filter((row) => names(row).some((name) => pattern.matcher(name).find()));
    }
    case "before":
      return at < 0 ? [] : rows.slice(at + 1);
    case "since":
      return at < 0 ? [] : rows.slice(0, at);
    default:
      throw new Fatal(`listing images: invalid filter: ${filter}`);
  }
}

function verbose(runtime: Containerd, row: ImageRow): string {
  return [
    `ID: ${row.id}\n`,
    ...row.repoTags.map((tag) => `RepoTags: ${tag}\n`),
    ...row.repoDigests.map((digest) => `RepoDigests: ${digest}\n`),
    `Size: ${row.size}\n`,
    isPinned(runtime, row) ? "Pinned: true\n" : "",
    "\n",
  ].join("");
}

/** cmd/crictl/image.go pullImageCommand */
export const pull: Command = {
  name: "pull",
  usage: "Pull an image from a registry",
  argsUsage: "NAME[:TAG|@DIGEST]",
  flags: [
    { name: "creds", usage: "Use USERNAME[:PASSWORD] for accessing the registry", type: "string", simulated: false },
    { name: "auth", usage: "Use AUTH_STRING for accessing the registry", type: "string", simulated: false },
    { name: "username", aliases: ["u"], usage: "Use USERNAME for accessing the registry", type: "string", simulated: false }, // prettier-ignore
    { name: "annotation", aliases: ["a"], usage: "Annotation to be set on the pulled image", type: "strings", simulated: false }, // prettier-ignore
    { name: "pod-config", usage: "Use `pod-config.[json|yaml]` to override the pull context", type: "string", simulated: false }, // prettier-ignore
    { name: "pull-timeout", aliases: ["pt"], usage: "Maximum time to be used for pulling the image, disabled if set to 0s", type: "duration", default: "0s", simulated: false }, // prettier-ignore
  ],
  clusters: true,
  async run({ process, args, help, ...services }) {
    const [name] = args.operands;
    if (name === undefined) throw new Fatal("Image name cannot be empty");
    if (args.operands.length > 1) return help();
    const runtime = await services.images();
    const outcome = await runtime.ask(process, (done) => pullImage(runtime, name, done));
    if ("error" in outcome) {
      await rpcFailed(process, "PullImage from image service failed", outcome.error, [["image", JSON.stringify(name)]]);
      throw new Fatal(`pulling image: ${outcome.error}`);
    }
    await process.print(`Image is up to date for ${(outcome.ok as { image: string }).image}\n`);
  },
};

/** cmd/crictl/image.go removeImageCommand */
export const rmi: Command = {
  name: "rmi",
  usage: "Remove one or more images",
  argsUsage: "IMAGE-ID [IMAGE-ID...]",
  flags: [
    { name: "all", aliases: ["a"], usage: "Remove all images", type: "bool" },
    { name: "prune", aliases: ["q"], usage: "Remove all unused images", type: "bool" },
  ],
  clusters: true,
  async run({ process, args, help, ...services }) {
    const runtime = await services.images();
    const [all, prune] = [args.bool("all"), args.bool("prune")];
    const ids = new Set(args.operands);
    if (all || prune) for (const row of runtime.images.values()) if (!prune || !isPinned(runtime, row)) ids.add(row.id);
    if (prune) for (const { config } of runtime.containers.values()) ids.delete(config.image);
    if (ids.size === 0) {
      if (!all && !prune) return help();
      return say(process, "info", "No images to remove");
    }
    let errored = false;
    for (const id of ids) {
      const row = findImage(runtime, id);
      if (!row) {
        await say(process, "error", `no such image ${id}`);
        errored = true;
        continue;
      }
      removeImage(runtime, row.id);
      const names = row.repoTags.length > 0 ? row.repoTags : row.repoDigests;
      await process.print(names.map((each) => `Deleted: ${each}\n`).join(""));
    }
    if (errored) throw new Fatal("unable to remove the image(s)");
  },
};
