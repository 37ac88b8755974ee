import { attempt, Errno, join } from "../sim/host/index.ts";
import { tool } from "./gnu/tool.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

export const mktemp = tool({
  name: "mktemp",
  package: "coreutils",
  summary: "create a temporary file or directory",
  usage: ["[OPTION]... [TEMPLATE]"],
  about:
    "Create a temporary file or directory, safely, and print its name.\nTEMPLATE must contain at least 3 consecutive 'X's in last component.\nIf TEMPLATE is not specified, use tmp.XXXXXXXXXX, and --tmpdir is implied.",
  flags: {
    directory: { short: "d", long: "directory", help: "create a directory, not a file" },
    dryRun: { short: "u", long: "dry-run", help: "do not create anything; merely print a name (unsafe)" },
    quiet: { short: "q", long: "quiet", help: "suppress diagnostics about file/dir-creation failure" },
    suffix: { long: "suffix", arg: "SUFF", help: "append SUFF to TEMPLATE; SUFF must not contain a slash" },
    directoryOf: { short: "p", arg: "DIR", help: "interpret TEMPLATE relative to DIR" },
    tmpdir: { long: "tmpdir", arg: "DIR", optional: true, help: "the same; if DIR is not specified, use $TMPDIR if set, else /tmp" }, // prettier-ignore
    template: { short: "t", help: "interpret TEMPLATE as a single file name component, relative to a directory" },
  },
  async run(call) {
    const { process, operands } = call;
    if (operands.length > 1) return call.usage("too many templates");
    const given = operands[0] ?? "tmp.XXXXXXXXXX";
    let suffix = call.value("suffix");
    let template = given;
    if (suffix === undefined) {
      const last = given.lastIndexOf("X");
      suffix = last < 0 ? "" : given.slice(last + 1);
      template = last < 0 ? given : given.slice(0, last + 1);
    } else if (!given.endsWith("X")) return call.fail(`with --suffix, template ${call.quote(given)} must end in X`);
    if (suffix.includes("/")) return call.fail(`invalid suffix ${call.quote(suffix)}, contains directory separator`);
    const marks = /X+$/.exec(template)?.[0] ?? "";
    if (marks.length < 3) return call.fail(`too few X's in template ${call.quote(given)}`);
    const where = call.value("directoryOf") ?? call.value("tmpdir");
    let base: string | undefined;
    if (call.has("template")) {
      if (given.includes("/")) return call.fail(`invalid template, ${call.quote(given)}, contains directory separator`);
      base = process.env["TMPDIR"] || where || "/tmp";
    } else if (where !== undefined || call.has("tmpdir") || operands.length === 0) {
      base = where || process.env["TMPDIR"] || "/tmp";
      if (given.startsWith("/"))
        return call.fail(`invalid template, ${call.quote(given)}; with --tmpdir, it may not be absolute`);
    }
    const { files } = process.host;
    const make = (path: string): void | Errno =>
      attempt(() => {
        if (!call.has("directory")) return files.write(path, "", { exclusive: true, mode: 0o600 }, process);
        files.mkdir(path, { mode: 0o700 }, process);
      });
    for (;;) {
      const name =
        template.slice(0, -marks.length) + process.kernel.random.text("mktemp", marks.length, ALPHABET) + suffix;
      const path = base === undefined ? name : join(base, name);
      const made = call.has("dryRun") ? (files.exists(path, process) ? new Errno("EEXIST") : undefined) : make(path);
      if (made instanceof Errno) {
        if (made.code === "EEXIST") continue;
        const shown = call.quote(base === undefined ? template + suffix : join(base, template + suffix));
        if (call.has("quiet")) return 1;
        return call.fail(
          `failed to create ${call.has("directory") ? "directory" : "file"} via template ${shown}: ${made.message}`,
        );
      }
      await call.out.print(`${path}\n`);
      return 0;
    }
  },
});
