import { tool } from "./gnu/tool.ts";

export const nproc = tool({
  name: "nproc",
  package: "coreutils",
  summary: "print the number of processing units available",
  usage: ["[OPTION]..."],
  about:
    "Print the number of processing units available to the current process,\nwhich may be less than the number of online processors",
  flags: {
    all: { long: "all", help: "print the number of installed processors" },
    ignore: { long: "ignore", arg: "N", help: "if possible, exclude N processing units" },
  },
  async run(call) {
    if (call.operands.length > 0) return call.usage(`extra operand ${call.quote(call.operands[0]!)}`);
    const ignore = call.value("ignore") ?? "0";
    if (!/^\d+$/.test(ignore)) return call.fail(`invalid number: ${call.quote(ignore)}`);
    await call.out.print(`${Math.max(1, call.process.machine.row.cpus - Number(ignore))}\n`);
    return 0;
  },
});
