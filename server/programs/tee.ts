import { attempt, Errno, open, type OpenFile } from "../sim/host/index.ts";
import { chunks } from "./gnu/input.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const tee = tool({
  name: "tee",
  package: "coreutils",
  summary: "read from standard input and write to standard output and files",
  usage: ["[OPTION]... [FILE]..."],
  about: "Copy standard input to each FILE, and also to standard output.",
  flags: {
    append: { short: "a", long: "append", help: "append to the given FILEs, do not overwrite" },
    ignore: { short: "i", long: "ignore-interrupts", help: "ignore interrupt signals" },
    pipes: { short: "p", help: "operate in a more appropriate MODE with pipes" },
    errors: { long: "output-error", arg: "MODE", optional: true, simulated: false },
  },
  async run(call) {
    const { process } = call;
    if (call.has("ignore")) process.on("SIGINT", "ignore");
    if (call.has("pipes")) process.on("SIGPIPE", "ignore");
    const append = call.has("append");
    const outputs: { name: string; file: OpenFile }[] = [{ name: "standard output", file: process.fds.get(1) }];
    for (const name of call.operands) {
      const file = attempt(() => open(process.host, name, { write: true, append, truncate: !append }, process));
      if (file instanceof Errno) {
        await call.warn(`${quoteIfNeeded(name)}: ${file.message}`);
        continue;
      }
      process.fds.add(file, 3);
      outputs.push({ name, file });
    }
    for await (const chunk of chunks(process, process.fds.get(0), call.out)) {
      for (const output of outputs.slice()) {
        try {
          await output.file.write(process, chunk);
        } catch (error) {
          if (!(error instanceof Errno)) throw error;
          outputs.splice(outputs.indexOf(output), 1);
          const quiet = call.has("pipes") && error.code === "EPIPE";
          if (!quiet) await call.warn(`${quoteIfNeeded(output.name)}: ${error.message}`);
        }
      }
      if (outputs.length === 0) break;
    }
    return call.status;
  },
});
