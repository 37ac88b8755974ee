import { tool } from "./gnu/tool.ts";

export const arch = tool({
  name: "arch",
  package: "coreutils",
  summary: "print machine hardware name (same as uname -m)",
  usage: ["[OPTION]..."],
  about: "Print machine architecture.",
  flags: {},
  async run(call) {
    if (call.operands.length > 0) return call.usage(`extra operand ${call.quote(call.operands[0]!)}`);
    const { machine } = call.process;
    await call.out.print(`${machine.hosts.profile(machine.row.profile).architecture}\n`);
    return 0;
  },
});
