import { attempt, Errno } from "../sim/host/index.ts";
import { parseMode } from "./gnu/mode.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const mkdir = tool({
  name: "mkdir",
  package: "coreutils",
  summary: "make directories",
  usage: ["[OPTION]... DIRECTORY..."],
  about: "Create the DIRECTORY(ies), if they do not already exist.",
  flags: {
    context: { short: "Z", long: "context", simulated: false },
    mode: { short: "m", long: "mode", arg: "MODE", help: "set file mode (as in chmod), not a=rwx - umask" },
    parents: { short: "p", long: "parents", help: "no error if existing, make parent directories as needed" },
    verbose: { short: "v", long: "verbose", help: "print a message for each created directory" },
  },
  async run(call) {
    const { process, operands } = call;
    const { files } = process.host;
    if (operands.length === 0) return call.usage("missing operand");
    const text = call.value("mode");
    const change = text === undefined ? undefined : parseMode(text, process.umask);
    if (text !== undefined && !change) return call.fail(`invalid mode ${call.quote(text)}`);
    const created = async (path: string): Promise<void> => {
      if (call.has("verbose")) await call.out.print(`${call.name}: created directory ${shellQuote(path)}\n`);
    };
    for (const path of operands) {
      if (call.has("parents")) {
        const problem = await parents(path, created);
        if (problem) {
          await call.warn(`cannot create directory ${call.quote(problem.path)}: ${problem.error.message}`);
          continue;
        }
        const stat = attempt(() => files.stat(path, process));
        if (!(stat instanceof Errno) && stat.type === "dir") continue;
      }
      const made = attempt(() => files.mkdir(path, {}, process));
      if (made instanceof Errno) {
        await call.warn(`cannot create directory ${call.quote(path)}: ${made.message}`);
        continue;
      }
      await created(path);
      if (change) files.chmod(path, change(0o777, true), process);
    }
    return call.status;

    async function parents(
      path: string,
      tell: (path: string) => Promise<void>,
    ): Promise<{ path: string; error: Errno } | undefined> {
      const parts = path.split("/");
      for (let count = 1; count < parts.length; count++) {
        const parent = parts.slice(0, count).join("/");
        if (parent === "" || parts[count] === "" || files.exists(parent, process)) {
          const stat = parent === "" ? undefined : attempt(() => files.stat(parent, process));
          if (stat && !(stat instanceof Errno) && stat.type !== "dir")
            return { path: parent, error: new Errno("ENOTDIR") };
          continue;
        }
        const made = attempt(() => files.mkdir(parent, {}, process));
        if (made instanceof Errno) return { path: parent, error: made };
        await tell(parent);
      }
      return undefined;
    }
  },
});
