import { attempt, capable, Errno } from "../sim/host/index.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";
import { runAmongFilesOf } from "./other-root.ts";
import { codeOf } from "./gnu/execute.ts";

/** The new root can be that of the machine: what a debugging Pod sees at /host. */
export const chroot = tool({
  name: "chroot",
  package: "coreutils",
  summary: "run command or interactive shell with special root directory",
  usage: ["[OPTION] NEWROOT [COMMAND [ARG]...]"],
  about:
    "Run COMMAND with root directory set to NEWROOT.\n\nIf no command is given, run '\"$SHELL\" -i' (default: '/bin/sh -i').",
  stopAtOperand: true,
  trouble: 125,
  flags: {
    groups: { long: "groups", arg: "G_LIST", simulated: false },
    userspec: { long: "userspec", arg: "USER:GROUP", simulated: false },
    skip: { long: "skip-chdir", simulated: false },
  },
  async run(call) {
    const { process } = call;
    const [root, ...command] = call.operands;
    if (root === undefined) return call.usage("missing operand");
    const { files } = process.host;
    const refuse = (error: Errno): number | Promise<number> =>
      call.fail(`cannot change root directory to ${shellQuote(root)}: ${error.message}`);
    const stat = attempt(() => files.stat(root, process));
    if (stat instanceof Errno) return refuse(stat);
    if (stat.type !== "dir") return refuse(new Errno("ENOTDIR"));
    if (!capable(process, "SYS_CHROOT")) return refuse(new Errno("EPERM"));
    const machine = process.machine.host;
    const [place, top] = [files.locate(root, process), machine.files.locate("/")];
    if (place?.id !== top?.id || place?.ino !== top?.ino) {
      await process.error(`drydock: chroot: a root other than a machine's is not simulated\n`);
      return 64;
    }
    const words = command.length > 0 ? command : [process.env["SHELL"] ?? "/bin/sh", "-i"];
    const ended = await runAmongFilesOf(process, machine, words);
    if (!(ended instanceof Errno)) return ended;
    await call.say(`failed to run command ${shellQuote(words[0]!)}: ${ended.message}`);
    return codeOf(ended);
  },
});
