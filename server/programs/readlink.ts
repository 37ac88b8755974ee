import { attempt, Errno } from "../sim/host/index.ts";
import { canonical } from "./gnu/canonical.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const readlink = tool({
  name: "readlink",
  package: "coreutils",
  summary: "print resolved symbolic links or canonical file names",
  usage: ["[OPTION]... FILE..."],
  about: "Print value of a symbolic link or canonical file name",
  flags: {
    canonicalize: { short: "f", long: "canonicalize", help: "canonicalize by following every symlink in every component of the given name recursively; all but the last component must exist" }, // prettier-ignore
    existing: { short: "e", long: "canonicalize-existing", help: "likewise; all components must exist" },
    missing: { short: "m", long: "canonicalize-missing", help: "likewise, without requirements on components existence" }, // prettier-ignore
    noNewline: { short: "n", long: "no-newline", help: "do not output the trailing delimiter" },
    quiet: { short: "q", long: "quiet", help: "suppress most error messages (on by default)" },
    silent: { short: "s", long: "silent" },
    verbose: { short: "v", long: "verbose", help: "report error messages" },
    zero: { short: "z", long: "zero", help: "end each output line with NUL, not newline" },
  },
  async run(call) {
    const { process, operands } = call;
    if (operands.length === 0) return call.usage("missing operand");
    const mode = call.options.lastOf("canonicalize", "existing", "missing");
    const verbose = call.options.lastOf("verbose", "quiet", "silent") === "verbose";
    const newline = !call.has("noNewline") || operands.length > 1;
    if (call.has("noNewline") && operands.length > 1) await call.say("ignoring --no-newline with multiple arguments");
    for (const operand of operands) {
      const found =
        mode === undefined
          ? attempt(() => process.host.files.readlink(operand, process))
          : canonical(
              process,
              operand,
              mode === "canonicalize" ? "all but last" : mode === "existing" ? "all" : "none",
            );
      if (!(found instanceof Errno)) await call.out.print(found + (newline ? (call.has("zero") ? "\0" : "\n") : ""));
      else {
        call.status = 1;
        if (verbose) await call.say(`${quoteIfNeeded(operand)}: ${found.message}`);
      }
    }
    return call.status;
  },
});
