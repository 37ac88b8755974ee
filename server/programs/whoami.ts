import { tool } from "./gnu/tool.ts";

export const whoami = tool({
  name: "whoami",
  package: "coreutils",
  summary: "print effective user name",
  usage: ["[OPTION]..."],
  about: "Print the user name associated with the current effective user ID.\nSame as id -un.",
  flags: {},
  async run(call) {
    const { process, operands } = call;
    if (operands.length > 0) return call.usage(`extra operand ${call.quote(operands[0]!)}`);
    const user = process.host.users.byUid(process.uid);
    if (!user) return call.fail(`cannot find name for user ID ${process.uid}`);
    await call.out.print(`${user.name}\n`);
    return 0;
  },
});
