import { attempt, Errno, isWithin, type Stat } from "../sim/host/index.ts";
import { Copier } from "./copy/copy.ts";
import { destinations, type Step } from "./copy/destination.ts";
import { Prompt } from "./gnu/prompt.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { isAtLeast } from "./gnu/versions.ts";

export const mv = tool({
  name: "mv",
  package: "coreutils",
  summary: "move (rename) files",
  usage: ["[OPTION]... [-T] SOURCE DEST", "[OPTION]... SOURCE... DIRECTORY", "[OPTION]... -t DIRECTORY SOURCE..."],
  about: "Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.",
  flags: {
    backup: { long: "backup", arg: "CONTROL", optional: true, simulated: false },
    backupShort: { short: "b", simulated: false },
    force: { short: "f", long: "force", help: "do not prompt before overwriting" },
    interactive: { short: "i", long: "interactive", help: "prompt before overwrite" },
    noClobber: { short: "n", long: "no-clobber", help: "do not overwrite an existing file" },
    stripSlashes: { long: "strip-trailing-slashes", help: "remove any trailing slashes from each SOURCE argument" },
    suffix: { short: "S", long: "suffix", arg: "SUFFIX", simulated: false },
    targetDirectory: { short: "t", long: "target-directory", arg: "DIRECTORY", help: "move all SOURCE arguments into DIRECTORY" }, // prettier-ignore
    noTargetDirectory: { short: "T", long: "no-target-directory", help: "treat DEST as a normal file" },
    update: { short: "u", long: "update", help: "move only when the SOURCE file is newer than the destination file or when the destination file is missing" }, // prettier-ignore
    verbose: { short: "v", long: "verbose", help: "explain what is being done" },
    context: { short: "Z", long: "context", simulated: false },
  },
  async run(call) {
    const steps = await destinations(call);
    if (typeof steps === "number") return steps;
    const prompt = new Prompt(call.process);
    for (const { from, to } of steps)
      await move(call, { from: call.has("stripSlashes") ? from.replace(/(.)\/+$/, "$1") : from, to }, prompt);
    return call.status;
  },
});

async function move(call: Call<string>, { from, to }: Step, prompt: Prompt): Promise<void> {
  const { process } = call;
  const { files } = process.host;
  const source = attempt(() => files.lstat(from, process));
  if (source instanceof Errno) return call.warn(`cannot stat ${shellQuote(from)}: ${source.message}`);
  const target = attempt(() => files.lstat(to, process));
  if (!(target instanceof Errno)) {
    const same = attempt(() => files.realpath(from, process));
    if (
      !(same instanceof Errno) &&
      same === attempt(() => files.realpath(to, process)) &&
      source.type !== "link" &&
      target.type !== "link"
    )
      return call.warn(
        source.type === "dir"
          ? `cannot move ${shellQuote(from)} to a subdirectory of itself, ${shellQuote(to)}`
          : `${shellQuote(from)} and ${shellQuote(to)} are the same file`,
      );
    if (source.type !== "dir" && target.type === "dir")
      return call.warn(`cannot overwrite directory ${shellQuote(to)} with non-directory`);
    if (source.type === "dir" && target.type !== "dir")
      return call.warn(`cannot overwrite non-directory ${shellQuote(to)} with directory ${shellQuote(from)}`);
    if (!(await mayReplace(call, source, target, to, prompt))) return;
  }
  const moved = attempt(() => files.rename(from, to, process));
  if (!(moved instanceof Errno)) return tell(call, `renamed ${shellQuote(from)} -> ${shellQuote(to)}`);
  if (moved.code === "EXDEV") return across(call, from, to);
  const inside = attempt(() => files.realpath(to, process, true));
  const real = attempt(() => files.realpath(from, process));
  if (moved.code === "EINVAL" && !(inside instanceof Errno) && !(real instanceof Errno) && isWithin(inside, real))
    return call.warn(`cannot move ${shellQuote(from)} to a subdirectory of itself, ${shellQuote(to)}`);
  if (moved.code === "ENOTEMPTY" && isAtLeast(process, "coreutils", "9.2"))
    return call.warn(`cannot overwrite ${shellQuote(to)}: ${moved.message}`);
  return call.warn(`cannot move ${shellQuote(from)} to ${shellQuote(to)}: ${moved.message}`);
}

async function mayReplace(
  call: Call<string>,
  source: Stat,
  target: Stat,
  to: string,
  prompt: Prompt,
): Promise<boolean> {
  const how = call.options.lastOf("force", "interactive", "noClobber");
  if (how === "noClobber") return false;
  if (call.has("update") && source.mtime <= target.mtime) return false;
  return how !== "interactive" || prompt.ask(`${call.name}: overwrite ${shellQuote(to)}? `);
}

async function tell(call: Call<string>, message: string): Promise<void> {
  if (call.has("verbose")) await call.out.print(`${message}\n`);
}

/** To another file system: a copy with everything kept, then the original goes. */
async function across(call: Call<string>, from: string, to: string): Promise<void> {
  const { process } = call;
  const { files } = process.host;
  const target = attempt(() => files.lstat(to, process));
  if (!(target instanceof Errno) && target.type !== "dir") attempt(() => files.unlink(to, process));
  const copier = new Copier(call, {
    recursive: true,
    follow: "none",
    preserve: { mode: true, owner: true, times: true, links: true, plainMode: false },
    clobber: "always",
    force: true,
    removeFirst: false,
    verbose: call.has("verbose"),
    as: "copy",
    exact: true,
  });
  if (!(await copier.copy(from, to))) return;
  const removed = attempt(() => files.removeTree(from, process));
  if (removed instanceof Errno) await call.warn(`cannot remove ${shellQuote(from)}: ${removed.message}`);
  else await tell(call, `removed ${shellQuote(from)}`);
}
