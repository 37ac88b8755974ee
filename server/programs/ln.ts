import { attempt, basename, dirname, Errno, join, resolve } from "../sim/host/index.ts";
import { directoryProblem, type Step } from "./copy/destination.ts";
import { Prompt } from "./gnu/prompt.ts";
import { relativePath } from "./gnu/canonical.ts";
import { quoteIfNeeded, shellQuote } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const ln = tool({
  name: "ln",
  package: "coreutils",
  summary: "make links between files",
  usage: ["[OPTION]... [-T] TARGET LINK_NAME", "[OPTION]... TARGET", "[OPTION]... TARGET... DIRECTORY", "[OPTION]... -t DIRECTORY TARGET..."], // prettier-ignore
  about: "In the 1st form, create a link to TARGET with the name LINK_NAME.",
  flags: {
    backup: { long: "backup", arg: "CONTROL", optional: true, simulated: false },
    backupShort: { short: "b", simulated: false },
    directory: { short: "dF", long: "directory", simulated: false },
    noDereference: { short: "n", long: "no-dereference", help: "treat LINK_NAME as a normal file if it is a symbolic link to a directory" }, // prettier-ignore
    force: { short: "f", long: "force", help: "remove existing destination files" },
    interactive: { short: "i", long: "interactive", help: "prompt whether to remove destinations" },
    logical: { short: "L", long: "logical", help: "dereference TARGETs that are symbolic links" },
    physical: { short: "P", long: "physical", help: "make hard links directly to symbolic links" },
    relative: { short: "r", long: "relative", help: "with -s, create links relative to link location" },
    symbolic: { short: "s", long: "symbolic", help: "make symbolic links instead of hard links" },
    suffix: { short: "S", long: "suffix", arg: "SUFFIX", simulated: false },
    targetDirectory: { short: "t", long: "target-directory", arg: "DIRECTORY", help: "specify the DIRECTORY in which to create the links" }, // prettier-ignore
    noTargetDirectory: { short: "T", long: "no-target-directory", help: "treat LINK_NAME as a normal file always" },
    verbose: { short: "v", long: "verbose", help: "print name of each linked file" },
  },
  async run(call) {
    if (call.has("relative") && !call.has("symbolic")) return call.fail("cannot do --relative without --symbolic");
    const steps = await linkNames(call);
    if (typeof steps === "number") return steps;
    const prompt = new Prompt(call.process);
    for (const step of steps) await link(call, step, prompt);
    return call.status;
  },
});

async function linkNames(call: Call<string>): Promise<readonly Step[] | number> {
  const { operands, process } = call;
  const directory = call.value("targetDirectory");
  if (operands.length === 0) return call.usage("missing file operand");
  const into = (place: string): Step[] =>
    (directory === undefined ? operands.slice(0, -1) : operands).map((from) => ({
      from,
      to: join(place, basename(from)),
    }));
  if (call.has("noTargetDirectory")) {
    if (operands.length === 1) return call.usage(`missing destination file operand after ${shellQuote(operands[0]!)}`);
    if (operands.length > 2) return call.usage(`extra operand ${shellQuote(operands[2]!)}`);
    return [{ from: operands[0]!, to: operands[1]! }];
  }
  if (directory !== undefined) {
    const problem = directoryProblem(process, directory);
    return problem ? call.fail(`failed to access ${shellQuote(directory)}: ${problem.message}`) : into(directory);
  }
  if (operands.length === 1) return [{ from: operands[0]!, to: join(".", basename(operands[0]!)) }];
  const last = operands.at(-1)!;
  const problem = directoryProblem(process, last, !call.has("noDereference"));
  if (!problem) return into(last);
  return operands.length === 2
    ? [{ from: operands[0]!, to: last }]
    : call.fail(`target ${shellQuote(last)}: ${problem.message}`);
}

async function link(call: Call<string>, { from, to }: Step, prompt: Prompt): Promise<void> {
  const { process } = call;
  const { files } = process.host;
  const symbolic = call.has("symbolic");
  const source = attempt(() => (call.has("logical") ? files.stat(from, process) : files.lstat(from, process)));
  if (!symbolic) {
    if (source instanceof Errno) return call.warn(`failed to access ${shellQuote(from)}: ${source.message}`);
    if (source.type === "dir") return call.warn(`${quoteIfNeeded(from)}: hard link not allowed for directory`);
  }
  const target = call.has("relative") ? relativePath(process, from, dirname(resolve(process.cwd, to))) : from;
  const existing = attempt(() => files.lstat(to, process));
  if (!(existing instanceof Errno)) {
    const forced = call.options.lastOf("force", "interactive");
    if (forced !== undefined) {
      if (existing.type === "dir") return call.warn(`${quoteIfNeeded(to)}: cannot overwrite directory`);
      if (!symbolic && isSame(call, from, to))
        return call.warn(`${shellQuote(from)} and ${shellQuote(to)} are the same file`);
      if (forced === "interactive" && !(await prompt.ask(`${call.name}: replace ${shellQuote(to)}? `))) return;
      attempt(() => files.unlink(to, process));
    }
  }
  const real = !symbolic && call.has("logical") ? files.realpath(from, process) : from;
  const made = attempt(() => (symbolic ? files.symlink(target, to, process) : files.link(real, to, process)));
  if (made instanceof Errno) {
    if (symbolic && target === "")
      return call.warn(`failed to create symbolic link ${shellQuote(to)} -> '': No such file or directory`);
    const what = symbolic
      ? `symbolic link ${shellQuote(to)}${made.code === "EEXIST" || made.code === "ENOENT" || target === "" ? "" : ` -> ${shellQuote(target)}`}`
      : `hard link ${shellQuote(to)}${made.code === "EEXIST" ? "" : ` => ${shellQuote(from)}`}`;
    return call.warn(`failed to create ${what}: ${made.message}`);
  }
  if (call.has("verbose")) await call.out.print(`${shellQuote(to)} ${symbolic ? "->" : "=>"} ${shellQuote(target)}\n`);
}

function isSame({ process }: Call<string>, from: string, to: string): boolean {
  const place = (path: string): string => {
    const found = attempt(() => process.host.files.locate(path, process));
    return found instanceof Errno || !found ? path : `${found.id}/${found.ino}`;
  };
  return place(from) === place(to);
}
