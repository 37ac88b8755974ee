import { Errno, isWithin, resolve } from "../sim/host/index.ts";
import { canonical, relative } from "./gnu/canonical.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const realpath = tool({
  name: "realpath",
  package: "coreutils",
  summary: "print the resolved path",
  usage: ["[OPTION]... FILE..."],
  about: "Print the resolved absolute file name;\nall but the last component must exist",
  flags: {
    existing: { short: "e", long: "canonicalize-existing", help: "all components of the path must exist" },
    missing: { short: "m", long: "canonicalize-missing", help: "no path components need exist or be a directory" },
    logical: { short: "L", long: "logical", simulated: false },
    physical: { short: "P", long: "physical", help: "resolve symlinks as encountered (default)" },
    quiet: { short: "q", long: "quiet", help: "suppress most error messages" },
    relativeTo: { long: "relative-to", arg: "DIR", help: "print the resolved path relative to DIR" },
    relativeBase: { long: "relative-base", arg: "DIR", help: "print absolute paths unless paths below DIR" },
    strip: { short: "s", long: "strip", help: "don't expand symlinks" },
    noSymlinks: { long: "no-symlinks" },
    zero: { short: "z", long: "zero", help: "end each output line with NUL, not newline" },
  },
  async run(call) {
    const { process, operands } = call;
    if (operands.length === 0) return call.usage("missing operand");
    const mode = call.options.lastOf("existing", "missing");
    const find = (path: string): string | Errno => {
      if (call.has("strip") || call.has("noSymlinks")) {
        if (path === "") return new Errno("ENOENT");
        const plain = resolve(process.cwd, path);
        return mode === "existing" && !process.host.files.exists(plain, process) ? new Errno("ENOENT") : plain;
      }
      return canonical(process, path, mode === undefined ? "all but last" : mode === "existing" ? "all" : "none");
    };
    const bases: Record<string, string | undefined> = {};
    for (const flag of ["relativeTo", "relativeBase"] as const) {
      const path = call.value(flag);
      if (path === undefined) continue;
      const found = find(path);
      if (found instanceof Errno) return call.fail(`${quoteIfNeeded(path)}: ${found.message}`);
      bases[flag] = found;
    }
    const base = bases["relativeBase"];
    let to = bases["relativeTo"] ?? base;
    if (base !== undefined && to !== undefined && !isWithin(to, base)) to = undefined;
    for (const operand of operands) {
      const found = find(operand);
      if (found instanceof Errno) {
        call.status = 1;
        if (!call.has("quiet")) await call.say(`${quoteIfNeeded(operand)}: ${found.message}`);
        continue;
      }
      const shown = to === undefined || (base !== undefined && !isWithin(found, base)) ? found : relative(to, found);
      await call.out.print(shown + (call.has("zero") ? "\0" : "\n"));
    }
    return call.status;
  },
});
