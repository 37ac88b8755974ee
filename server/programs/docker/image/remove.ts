import { byShortId, forgetBuilt, type Engine } from "../../../sim/docker/index.ts";
import { isInvalid, parseReference, referenceText } from "../../../sim/images/index.ts";
import { findImage, removeImage, type ImageRow } from "../../../sim/kube/kubelet/index.ts";
import { humanSize } from "../../crictl/units.ts";
import { bool, texts } from "../../kubectl/cobra/flag.ts";
import { command, daemonSays, type Command } from "../command.ts";
import { familiar } from "./familiar.ts";

export const rmi = (name: string): Command =>
  command({
    name,
    use: "[OPTIONS] IMAGE [IMAGE...]",
    summary: "Remove one or more images",
    arguments: [1, Infinity],
    flags: {
      force: bool("Force removal of the image", { shorthand: "f" }),
      "no-prune": bool("(not simulated) parents"),
    },
    async run({ process, engine, flags, args }) {
      let failed = 0;
      for (const arg of args) {
        const row = findImage(engine.runtime, arg) ?? byShortId(engine, arg);
        const done = row
          ? remove(engine, row, arg, flags.force)
          : { problem: `No such image: ${/[:@]/.test(arg) ? arg : `${arg}:latest`}` };
        if ("problem" in done) {
          failed = 1;
          await process.error(`${daemonSays(done.problem)}\n`);
        } else await process.print(done.said);
      }
      return failed;
    },
  });

/** Takes one name away, or the image with its last one (daemon/images/image_delete.go). By its id all of its names go. */
function remove(
  engine: Engine,
  row: ImageRow,
  arg: string,
  force: boolean,
): { readonly problem: string } | { readonly said: string } {
  const { images } = engine.runtime;
  const reference = parseReference(arg);
  const named = isInvalid(reference) ? undefined : referenceText(reference);
  const byName = named !== undefined && row.repoTags.includes(named);
  if (byName && row.repoTags.length > 1) {
    images.set(row.id, { ...row, repoTags: row.repoTags.filter((tag) => tag !== named) });
    return { said: `Untagged: ${familiar(named)}\n` };
  }
  if (!byName && row.repoTags.length > 1 && !force)
    return {
      problem: `conflict: unable to delete ${row.id.slice(7, 19)} (must be forced) - image is referenced in multiple repositories`,
    };
  const problem = inUse(engine, row, arg, force);
  return problem === undefined ? { said: forget(engine, row) } : { problem };
}

/** Removes an image and what was made for it alone; what the daemon says of it. */
function forget(engine: Engine, row: ImageRow): string {
  const { runtime } = engine;
  const before = new Set(runtime.builtImages.keys());
  removeImage(runtime, row.id);
  forgetBuilt(engine, row.id);
  const gone = [...before].filter((id) => id !== row.id && !runtime.builtImages.has(id)).reverse();
  const untagged = [...row.repoTags, ...row.repoDigests].map((tag) => `Untagged: ${familiar(tag)}\n`).join("");
  return untagged + [row.id, ...gone].map((id) => `Deleted: ${id}\n`).join("");
}

function inUse(engine: Engine, row: ImageRow, name: string, force: boolean): string | undefined {
  const user = [...engine.containers.values()].find(({ imageId }) => imageId === row.id);
  if (!user) return undefined;
  const shownName = familiar(row.repoTags[0] ?? name);
  const running = engine.isRunning(user.id);
  if (force && !running) return undefined;
  const how = running ? "running container" : "stopped container";
  return running
    ? `conflict: unable to remove repository reference "${shownName.replace(/:latest$/, "")}" (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${row.id.slice(7, 19)}`
    : `conflict: unable to delete ${row.id.slice(7, 19)} (must be forced) - image is being used by ${how} ${user.id.slice(0, 12)}`;
}

export const prune = command({
  name: "prune",
  use: "[OPTIONS]",
  summary: "Remove unused images",
  arguments: [0, 0],
  flags: {
    all: bool("Remove all unused images, not just dangling ones", { shorthand: "a" }),
    filter: texts("(not simulated) filters"),
    force: bool("Do not prompt for confirmation", { shorthand: "f" }),
  },
  async run({ process, engine, flags }) {
    if (!flags.force) {
      const what = flags.all ? "images without at least one container associated to them" : "dangling images";
      await process.print(`WARNING! This will remove all ${what}.\nAre you sure you want to continue? [y/N] `);
      if (!/^y/i.test(await process.read(0, 4096))) return;
    }
    const used = new Set([...engine.containers.values()].map(({ imageId }) => imageId));
    const gone = [...engine.runtime.images.values()].filter(
      (row) => !used.has(row.id) && (flags.all || row.repoTags.length === 0),
    );
    let freed = 0;
    let said = "";
    for (const row of gone) {
      freed += row.size;
      said += forget(engine, row).replaceAll("Untagged:", "untagged:").replaceAll("Deleted:", "deleted:");
    }
    await process.print(
      `${said === "" ? "" : `Deleted Images:\n${said}\n`}Total reclaimed space: ${humanSize(freed, 4)}\n`,
    );
  },
});
