import { attempt, Errno, type Stat } from "../sim/host/index.ts";
import { octalMode, parseMode, permissionLetters, type ModeChange } from "./gnu/mode.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { walk } from "./gnu/walk.ts";

export const chmod = tool({
  name: "chmod",
  package: "coreutils",
  summary: "change file mode bits",
  usage: [
    "[OPTION]... MODE[,MODE]... FILE...",
    "[OPTION]... OCTAL-MODE FILE...",
    "[OPTION]... --reference=RFILE FILE...",
  ],
  about: "Change the mode of each FILE to MODE.",
  flags: {
    changes: { short: "c", long: "changes", help: "like verbose but report only when a change is made" },
    silent: { short: "f", long: "silent", help: "suppress most error messages" },
    quiet: { long: "quiet" },
    verbose: { short: "v", long: "verbose", help: "output a diagnostic for every file processed" },
    noPreserveRoot: { long: "no-preserve-root", help: "do not treat '/' specially (the default)" },
    preserveRoot: { long: "preserve-root", help: "fail to operate recursively on '/'" },
    reference: { long: "reference", arg: "RFILE", help: "use RFILE's mode instead of specifying MODE values" },
    recursive: { short: "R", long: "recursive", help: "change files and directories recursively" },
    minus: { long: "minus-mode", arg: "MODE" },
  },
  // A mode may look like an option: chmod -x file.
  rewrite(args) {
    const end = args.includes("--") ? args.indexOf("--") : args.length;
    return args.map((arg, at) =>
      at < end && /^-[rwxXstugo0-7,+=-]+$/.test(arg) && !arg.startsWith("--") ? `--minus-mode=${arg}` : arg,
    );
  },
  async run(call) {
    const { process, options } = call;
    const { files } = process.host;
    const reference = call.value("reference");
    const dashed = options.values("minus").join(",") || undefined;
    const words = [...call.operands];
    let text = dashed;
    if (text === undefined && reference === undefined) text = words.shift();
    if (text === undefined && reference === undefined) return call.usage("missing operand");
    if (words.length === 0)
      return call.usage(
        text === undefined || dashed !== undefined ? "missing operand" : `missing operand after ${call.quote(text)}`,
      );
    let change: ModeChange;
    if (reference !== undefined) {
      const stat = attempt(() => files.stat(reference, process));
      if (stat instanceof Errno)
        return call.fail(`failed to get attributes of ${shellQuote(reference)}: ${stat.message}`);
      change = () => stat.mode;
    } else {
      const parsed = parseMode(text!, process.umask);
      if (!parsed) return call.usage(`invalid mode: ${call.quote(text!)}`);
      change = parsed;
    }
    const silent = call.has("silent") || call.has("quiet");
    const complain = async (message: string): Promise<void> => {
      if (silent) call.status = 1;
      else await call.warn(message);
    };
    for (const operand of words) {
      if (call.has("recursive")) {
        if (call.has("preserveRoot") && files.exists(operand, process) && files.realpath(operand, process) === "/") {
          await call.warn("it is dangerous to operate recursively on '/'");
          await call.warn("use --no-preserve-root to override this failsafe");
          continue;
        }
        const failed = (path: string, error: Errno): Promise<void> =>
          complain(
            `cannot ${error.code === "EACCES" ? "read directory" : "access"} ${shellQuote(path)}: ${error.message}`,
          );
        for await (const { path, stat } of walk(process, operand, failed))
          if (stat.type !== "link") await one(call, path, stat, change, complain);
        continue;
      }
      const own = attempt(() => files.lstat(operand, process));
      const stat = attempt(() => files.stat(operand, process));
      if (!(own instanceof Errno) && stat instanceof Errno && own.type === "link")
        await complain(`cannot operate on dangling symlink ${shellQuote(operand)}`);
      else if (stat instanceof Errno) await complain(`cannot access ${shellQuote(operand)}: ${stat.message}`);
      else await one(call, operand, stat, change, complain);
    }
    return call.status;
  },
});

async function one(
  call: Call<string>,
  path: string,
  stat: Stat,
  change: ModeChange,
  complain: (message: string) => Promise<void>,
): Promise<void> {
  const { process, out } = call;
  const before = stat.mode & 0o7777;
  const after = change(before, stat.type === "dir") & 0o7777;
  const show = (mode: number): string => `${octalMode(mode)} (${permissionLetters(mode)})`;
  const set = attempt(() => process.host.files.chmod(path, after, process));
  if (set instanceof Errno) {
    await complain(`changing permissions of ${shellQuote(path)}: ${set.message}`);
    if (call.has("verbose"))
      await out.print(`failed to change mode of ${shellQuote(path)} from ${show(before)} to ${show(after)}\n`);
  } else if (before !== after) {
    if (call.has("verbose") || call.has("changes"))
      await out.print(`mode of ${shellQuote(path)} changed from ${show(before)} to ${show(after)}\n`);
  } else if (call.has("verbose")) await out.print(`mode of ${shellQuote(path)} retained as ${show(before)}\n`);
}
