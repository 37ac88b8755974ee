import { tool } from "./gnu/tool.ts";

export const tty = tool({
  name: "tty",
  package: "coreutils",
  summary: "print the file name of the terminal connected to standard input",
  usage: ["[OPTION]..."],
  about: "Print the file name of the terminal connected to standard input.",
  trouble: 2,
  flags: {
    silent: { short: "s", long: "silent", help: "print nothing, only return an exit status" },
    quiet: { long: "quiet" },
  },
  async run(call) {
    const { process, operands } = call;
    if (operands.length > 0) return call.usage(`extra operand ${call.quote(operands[0]!)}`);
    const terminal = process.fds.find(0)?.tty;
    if (!call.has("silent") && !call.has("quiet"))
      await call.out.print(terminal ? `/dev/${terminal.name}\n` : "not a tty\n");
    return terminal ? 0 : 1;
  },
});
