import { tagImage } from "../../../sim/docker/index.ts";
import { isInvalid, parseReference, referenceText } from "../../../sim/images/index.ts";
import { MILLISECOND, type Bytes } from "../../../sim/kernel/index.ts";
import { readAll, type Process } from "../../../sim/host/index.ts";
import { humanSize } from "../../crictl/units.ts";
import { bool, text, texts } from "../../kubectl/cobra/flag.ts";
import { command, daemonSays, Fatal, type Call } from "../command.ts";
import { variables } from "../container/variables.ts";
import { familiar } from "../image/familiar.ts";
import { keyValues } from "../key-values.ts";
import { short, StepMaker, type Built, type Say } from "./builder.ts";
import { readContext, type Context } from "./context.ts";
import { parseDockerfile } from "./dockerfile.ts";
import { Builder, keepBuilt } from "./stages.ts";

/** Docker's packages have BuildKit in one of its own, which this machine does not have. */
export const DEPRECATED = `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            Install the buildx component to build images with BuildKit:
            https://docs.docker.com/go/buildx/

`;

/** Bytes of a Dockerfile from standard input. */
const LARGEST = 1024 * 1024;
/** What the daemon needs to read a context. */
const READING = 60 * MILLISECOND;

const FLAGS = {
  "build-arg": texts("Set build-time variables"),
  file: text('Name of the Dockerfile (Default is "PATH/Dockerfile")', { shorthand: "f" }),
  "force-rm": bool("Always remove intermediate containers"),
  label: texts("Set metadata for an image"),
  network: text("Set the networking mode for the RUN instructions during build", { initial: "default" }),
  "no-cache": bool("Do not use cache when building the image"),
  pull: bool("Always attempt to pull a newer version of the image"),
  quiet: bool("Suppress the build output and print image ID on success", { shorthand: "q" }),
  rm: bool("Remove intermediate containers after a successful build", { initial: true }),
  tag: texts('Name and optionally a tag in the "name:tag" format', { shorthand: "t" }),
  target: text("Set the target build stage to build."),
  "add-host": texts("(not simulated) hosts"),
  "cache-from": texts("(not simulated) cache"),
  compress: bool("(not simulated) compression"),
  iidfile: text("(not simulated) file of the id"),
  memory: text("(not simulated) memory limit", { shorthand: "m" }),
  platform: text("(not simulated) platform"),
  "security-opt": texts("(not simulated) security options"),
  "shm-size": text("(not simulated) shared memory"),
  squash: bool("(not simulated) squash"),
  ulimit: texts("(not simulated) limits"),
} as const;

type BuildCall = Call<typeof FLAGS>;

export const build = command({
  name: "build",
  use: "[OPTIONS] PATH | URL | -",
  summary: "Build an image from a Dockerfile",
  arguments: [1, 1],
  before: DEPRECATED,
  flags: FLAGS,
  async run(call) {
    const { process, engine, flags, args } = call;
    const tags = flags.tag.map(readTag);
    const context = await contextOf(process, args[0]!, flags.file);
    const kept: Bytes[] = [];
    const out = process.fds.find(1);
    const say: Say = flags.quiet ? (piece) => void kept.push(piece) : (piece) => out?.writeNow(piece);
    try {
      say(`Sending build context to Docker daemon ${humanSize(context.size, 4).padStart(8)}\r\r\n`);
      await process.sleep(READING);
      const built = await perform(call, context, say);
      keepBuilt(engine, built);
      say(`Successfully built ${short(built.id)}\n`);
      for (const tag of tags) {
        tagImage(engine, built.id, tag);
        say(`Successfully tagged ${familiar(tag)}\n`);
      }
      if (flags.quiet) await process.print(`${built.id}\n`);
    } catch (error) {
      if (kept.length > 0) await process.write(2, kept.join(""));
      throw error;
    }
  },
});

async function perform({ process, engine, flags }: BuildCall, context: Context, say: Say): Promise<Built> {
  const parsed = parseDockerfile(context.dockerfile, context.name);
  if ("error" in parsed) throw new Fatal(daemonSays(parsed.error));
  if (parsed.broken.length > 0) {
    const lines = parsed.broken.map((original) => `    ${original}\n`).join("");
    say(`\u001B[91m[WARNING]: Empty continuation line found in:\n${lines}[WARNING]: Empty continuation lines will become errors in a future release.\n\u001B[0m`); // prettier-ignore
  }
  const maker = new StepMaker(process, engine, say, {
    networkMode: flags.network === "default" ? "bridge" : flags.network,
    cache: !flags["no-cache"],
    remove: flags.rm,
    forceRemove: flags["force-rm"],
  });
  const options = {
    args: keyValues(variables(process, [], flags["build-arg"])),
    pull: flags.pull,
    target: flags.target,
  };
  const labels = flags.label.map((label) => (label.includes("=") ? label : `${label}=`));
  const own = parsed.instructions;
  const added =
    labels.length === 0
      ? []
      : [{ line: 0, keyword: "LABEL", original: `LABEL ${labels.join(" ")}`, flags: new Map<string, string>(), rest: labels.map(quoted).join(" ") }]; // prettier-ignore
  return new Builder(process, engine, maker, context, say, options).build([...own, ...added]);
}

function quoted(label: string): string {
  const at = label.indexOf("=");
  return `${label.slice(0, at)}='${label.slice(at + 1)}'`;
}

/** A folder, or `-`: a Dockerfile alone on standard input. */
async function contextOf(process: Process, path: string, file: string): Promise<Context> {
  if (/^(https?:|git@|git:|github\.com\/)/.test(path))
    throw new Fatal("drydock: docker: building from an address is not simulated", 64);
  if (path !== "-") return readContext(process, path, file);
  const dockerfile = (await readAll(process, process.fds.get(0), LARGEST)) ?? "";
  // An archive of the Dockerfile alone.
  const size = 512 + Math.ceil(dockerfile.length / 512) * 512 + 1024;
  return { folder: "/", ignored: () => true, dockerfile, name: "Dockerfile", size };
}

function readTag(tag: string): string {
  const reference = parseReference(tag);
  if (!isInvalid(reference)) return referenceText(reference);
  throw new Fatal(
    `invalid argument ${JSON.stringify(tag)} for "-t, --tag" flag: ${reference.invalid}\n\nUsage:  docker build [OPTIONS] PATH | URL | -\n\nRun 'docker build --help' for more information`,
    125,
  );
}
