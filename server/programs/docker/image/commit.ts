import {
  byShortId, commitContainer, isRefused, keepImage, tagImage, type DockerContainer, type Engine,
} from "../../../sim/docker/index.ts"; // prettier-ignore
import { isInvalid, parseReference, referenceText, type ImageConfig } from "../../../sim/images/index.ts";
import { findImage } from "../../../sim/kube/kubelet/index.ts";
import { MILLISECOND } from "../../../sim/kernel/index.ts";
import { bool, text, texts } from "../../kubectl/cobra/flag.ts";
import { CHANGES, changed } from "../build/change.ts";
import { parseDockerfile } from "../build/dockerfile.ts";
import { answered, command, daemonSays, Fatal } from "../command.ts";
import { exposedOf } from "../container/ps.ts";

const COMMITTING = 300 * MILLISECOND;

export const commit = command({
  name: "commit",
  use: "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
  summary: "Create a new image from a container's changes",
  arguments: [1, 2],
  flags: {
    author: text('Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")', { shorthand: "a" }),
    change: texts("Apply Dockerfile instruction to the created image", { shorthand: "c" }),
    message: text("Commit message", { shorthand: "m" }),
    pause: bool("(not simulated) pause", { shorthand: "p", initial: true }),
  },
  async run({ process, engine, flags, args }) {
    const reference = args[1] === undefined ? undefined : parseReference(args[1]);
    if (reference !== undefined && isInvalid(reference)) throw new Fatal(reference.invalid);
    const row = answered(engine.container(args[0]!), isRefused);
    const config = withChanges(configOf(engine, row), flags.change);
    await process.sleep(COMMITTING);
    const built = commitContainer(engine, row, { config, author: flags.author, comment: flags.message });
    keepImage(engine, built);
    if (reference !== undefined) tagImage(engine, built.id, referenceText(reference));
    await process.print(`${built.id}\n`);
  },
});

/** How the container starts is how those of its image do. */
function configOf(engine: Engine, row: DockerContainer): ImageConfig {
  const { spec } = row;
  const { config } = engine.runtime.source.byName(engine.task(row.id).image)!;
  const exposed = exposedOf(engine, row);
  const { entrypoint = config.entrypoint } = spec;
  const cmd = spec.cmd.length > 0 || spec.entrypoint ? spec.cmd : config.cmd;
  return {
    ...config,
    ...(entrypoint ? { entrypoint } : {}),
    ...(cmd ? { cmd } : {}),
    env: [...(config.env ?? []).filter((entry) => !overridden(entry, spec.env)), ...spec.env],
    ...(spec.user === "" ? {} : { user: spec.user }),
    ...(spec.workingDir === "" ? {} : { workingDir: spec.workingDir }),
    ...(exposed.length === 0 ? {} : { exposedPorts: exposed }),
    labels: { ...config.labels, ...spec.labels },
    ...(spec.stopSignal === undefined ? {} : { stopSignal: spec.stopSignal }),
  };
}

function overridden(entry: string, env: readonly string[]): boolean {
  const name = entry.slice(0, entry.indexOf("=") + 1);
  return env.some((own) => own.startsWith(name));
}

function withChanges(config: ImageConfig, changes: readonly string[]): ImageConfig {
  let out = config;
  for (const change of changes) {
    const parsed = parseDockerfile(change, "");
    if ("error" in parsed) {
      const unknown = /unknown instruction: (.*)$/.exec(parsed.error);
      throw new Fatal(
        daemonSays(unknown ? `${unknown[1]!.toLowerCase()} is not a valid change command` : parsed.error),
      );
    }
    for (const instruction of parsed.instructions) {
      if (!CHANGES.includes(instruction.keyword))
        throw new Fatal(daemonSays(`${instruction.keyword.toLowerCase()} is not a valid change command`));
      const next = changed(out, instruction, {}, { cmd: true });
      if ("error" in next) throw new Fatal(daemonSays(next.error));
      out = next;
    }
  }
  return out;
}

export const tag = command({
  name: "tag",
  use: "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
  summary: "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
  arguments: [2, 2],
  flags: {},
  async run({ engine, args }) {
    const [source = "", target = ""] = args;
    const reference = parseReference(target);
    if (isInvalid(reference))
      throw new Fatal(
        `Error parsing reference: ${JSON.stringify(target)} is not a valid repository/tag: ${reference.invalid}`,
      );
    const row = findImage(engine.runtime, source) ?? byShortId(engine, source);
    if (!row) throw new Fatal(daemonSays(`No such image: ${/[:@]/.test(source) ? source : `${source}:latest`}`));
    tagImage(engine, row.id, referenceText(reference));
  },
});
