import { exitCode, fork, type Process } from "../sim/host/index.ts";
import { becomeCommand, codeOf } from "./gnu/execute.ts";
import { tool, type Call } from "./gnu/tool.ts";

/** sys-utils/setsid.c */
export const setsid = tool({
  name: "setsid",
  package: "util-linux",
  title: "setsid from util-linux",
  summary: "run a program in a new session",
  usage: ["[options] <program> [arguments ...]"],
  about: "Run a program in a session of its own.",
  stopAtOperand: true,
  flags: {
    terminal: { short: "c", long: "ctty", simulated: false },
    fork: { short: "f", long: "fork", help: "always fork" },
    wait: { short: "w", long: "wait", help: "wait for the program to end, and end as it does" },
  },
  async run(call) {
    const { process } = call;
    if (call.operands.length === 0) return call.usage("no command specified");
    // Who leads a group cannot leave it: a child does it instead.
    if (!call.has("fork") && process.row.pgid !== process.pid) return become(call, process);
    const child = fork(process, (forked) => become(call, forked));
    if (!call.has("wait")) return 0;
    for (;;) {
      const { change, status } = await process.wait([child.pid]);
      if (change === "exited") return exitCode(status!);
    }
  },
});

async function become(call: Call<string>, process: Process): Promise<number> {
  process.machine.startSession(process.pid);
  const error = await becomeCommand(process, call.operands);
  await process.error(`${call.name}: failed to execute ${call.operands[0]}: ${error.message}\n`);
  return codeOf(error);
}
