import { attempt, Errno, join, open } from "../sim/host/index.ts";
import { becomeCommand, codeOf } from "./gnu/execute.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const nohup = tool({
  name: "nohup",
  package: "coreutils",
  summary: "run a command immune to hangups, with output to a non-tty",
  usage: ["COMMAND [ARG]...", "OPTION"],
  about:
    "Run COMMAND, ignoring hangup signals.\n\nIf standard input is a terminal, redirect it from an unreadable file.\nIf standard output is a terminal, append output to 'nohup.out' if possible,\n'$HOME/nohup.out' otherwise.",
  stopAtOperand: true,
  trouble: 125,
  flags: {},
  async run(call) {
    const { process, operands } = call;
    if (operands.length === 0) return call.usage("missing operand");
    const [input, output, errors] = [process.isTty(0), process.isTty(1), process.isTty(2)];
    if (input) process.fds.set(0, open(process.host, "/dev/null", { write: true }, process));
    let name = "";
    if (output) {
      const home = process.env["HOME"];
      const candidates = ["nohup.out", ...(home === undefined ? [] : [join(home, "nohup.out")])];
      let problem: Errno | undefined;
      for (const path of candidates) {
        const file = attempt(() => open(process.host, path, { write: true, append: true, mode: 0o600 }, process));
        if (file instanceof Errno) {
          problem = file;
          await call.say(`failed to open '${path}': ${file.message}`);
          continue;
        }
        problem = undefined;
        name = path;
        process.fds.set(1, file);
        break;
      }
      if (problem) return 125;
      await call.say(input ? `ignoring input and appending output to '${name}'` : `appending output to '${name}'`);
    } else if (errors)
      await call.say(input ? "ignoring input and redirecting stderr to stdout" : "redirecting stderr to stdout");
    else if (input) await call.say("ignoring input");
    const messages = process.fds.get(2);
    if (errors) process.fds.set(2, process.fds.get(1));
    process.on("SIGHUP", "ignore");
    const error = await becomeCommand(process, operands);
    process.fds.set(2, messages);
    await call.say(`failed to run command ${shellQuote(operands[0]!)}: ${error.message}`);
    return codeOf(error);
  },
});
