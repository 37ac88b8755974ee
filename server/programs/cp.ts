import { Copier, type CopyRules } from "./copy/copy.ts";
import { destinations } from "./copy/destination.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const cp = tool({
  name: "cp",
  package: "coreutils",
  summary: "copy files and directories",
  usage: ["[OPTION]... [-T] SOURCE DEST", "[OPTION]... SOURCE... DIRECTORY", "[OPTION]... -t DIRECTORY SOURCE..."],
  about: "Copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY.",
  flags: {
    archive: { short: "a", long: "archive", help: "same as -dR --preserve=all" },
    attributes: { long: "attributes-only", simulated: false },
    backup: { long: "backup", arg: "CONTROL", optional: true, simulated: false },
    backupShort: { short: "b", simulated: false },
    copyContents: { long: "copy-contents", simulated: false },
    keepLinks: { short: "d", help: "same as --no-dereference --preserve=links" },
    force: {
      short: "f",
      long: "force",
      help: "if an existing destination file cannot be opened, remove it and try again",
    },
    interactive: { short: "i", long: "interactive", help: "prompt before overwrite (overrides a previous -n option)" },
    followOperands: { short: "H", help: "follow command-line symbolic links in SOURCE" },
    link: { short: "l", long: "link", help: "hard link files instead of copying" },
    dereference: { short: "L", long: "dereference", help: "always follow symbolic links in SOURCE" },
    noClobber: { short: "n", long: "no-clobber", help: "do not overwrite an existing file" },
    noDereference: { short: "P", long: "no-dereference", help: "never follow symbolic links in SOURCE" },
    preserve: { short: "p", help: "same as --preserve=mode,ownership,timestamps" },
    preserveList: { long: "preserve", arg: "ATTR_LIST", optional: true, help: "preserve the specified attributes: mode, ownership, timestamps, links, all" }, // prettier-ignore
    noPreserve: { long: "no-preserve", arg: "ATTR_LIST", help: "don't preserve the specified attributes" },
    parents: { long: "parents", simulated: false },
    recursive: { short: "Rr", long: "recursive", help: "copy directories recursively" },
    reflink: { long: "reflink", arg: "WHEN", optional: true, simulated: false },
    removeDestination: { long: "remove-destination", help: "remove each existing destination file before attempting to open it" }, // prettier-ignore
    sparse: { long: "sparse", arg: "WHEN", simulated: false },
    stripSlashes: { long: "strip-trailing-slashes", help: "remove any trailing slashes from each SOURCE argument" },
    symbolicLink: { short: "s", long: "symbolic-link", help: "make symbolic links instead of copying" },
    suffix: { short: "S", long: "suffix", arg: "SUFFIX", simulated: false },
    targetDirectory: { short: "t", long: "target-directory", arg: "DIRECTORY", help: "copy all SOURCE arguments into DIRECTORY" }, // prettier-ignore
    noTargetDirectory: { short: "T", long: "no-target-directory", help: "treat DEST as a normal file" },
    update: { short: "u", long: "update", help: "copy only when the SOURCE file is newer than the destination file or when the destination file is missing" }, // prettier-ignore
    verbose: { short: "v", long: "verbose", help: "explain what is being done" },
    oneFileSystem: { short: "x", long: "one-file-system", simulated: false },
    context: { short: "Z", long: "context", simulated: false },
  },
  async run(call) {
    const preserve = await preserved(call);
    if (typeof preserve === "number") return preserve;
    const steps = await destinations(call);
    if (typeof steps === "number") return steps;
    const copier = new Copier(call, rulesOf(call, preserve));
    const seen = new Set<string>();
    for (const step of steps) {
      const from = call.has("stripSlashes") ? step.from.replace(/(.)\/+$/, "$1") : step.from;
      if (seen.has(from) && steps.length > 1 && !call.process.host.files.exists(`${from}/`, call.process)) {
        await call.say(`warning: source file ${shellQuote(from)} specified more than once`);
        continue;
      }
      seen.add(from);
      await copier.copy(from, step.to);
    }
    return call.status;
  },
});

function rulesOf(call: Call<string>, preserve: CopyRules["preserve"]): CopyRules {
  const recursive = call.has("recursive") || call.has("archive");
  const links = call.options.lastOf("followOperands", "dereference", "noDereference", "archive", "keepLinks");
  const follow =
    links === "dereference"
      ? "all"
      : links === "followOperands"
        ? "operands"
        : links !== undefined || recursive
          ? "none"
          : "all";
  const clobber = call.options.lastOf("interactive", "noClobber", "force");
  return {
    recursive,
    follow,
    preserve,
    clobber:
      call.has("noClobber") && clobber !== "interactive" ? "never" : clobber === "interactive" || call.has("interactive") ? "ask" : call.has("update") ? "newer" : "always", // prettier-ignore
    force: call.has("force"),
    removeFirst: call.has("removeDestination"),
    verbose: call.has("verbose"),
    as: call.has("link") ? "hard link" : call.has("symbolicLink") ? "symbolic link" : "copy",
    exact: call.has("noTargetDirectory"),
  };
}

type Kept = { -readonly [K in keyof CopyRules["preserve"]]: boolean };

const ATTRIBUTES: readonly (readonly [readonly string[], readonly (keyof Kept)[]])[] = [
  [["mode"], ["mode"]],
  [["timestamps"], ["times"]],
  [["ownership"], ["owner"]],
  [["links"], ["links"]],
  [["context"], []],
  [["xattr"], []],
  [["all"], ["mode", "owner", "times", "links"]],
];

/** What is kept of each file. A number is the exit code after a message. */
async function preserved(call: Call<string>): Promise<Kept | number> {
  const keep: Kept = { mode: false, owner: false, times: false, links: false, plainMode: false };
  for (const { flag, value } of call.options.given) {
    if (flag === "archive") Object.assign(keep, { mode: true, owner: true, times: true, links: true });
    else if (flag === "keepLinks") keep.links = true;
    else if (flag === "preserve") Object.assign(keep, { mode: true, owner: true, times: true });
    else if (flag === "preserveList" || flag === "noPreserve") {
      const on = flag === "preserveList";
      for (const word of (value ?? "mode,ownership,timestamps").split(",")) {
        const fields = await call.choose(on ? "--preserve" : "--no-preserve", word, ATTRIBUTES);
        if (typeof fields === "number") return fields;
        for (const field of fields.meaning) keep[field] = on;
        if (fields.meaning.includes("mode")) keep.plainMode = !on;
      }
    }
  }
  return keep;
}
