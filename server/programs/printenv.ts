import { tool } from "./gnu/tool.ts";

export const printenv = tool({
  name: "printenv",
  package: "coreutils",
  summary: "print all or part of environment",
  usage: ["[OPTION]... [VARIABLE]..."],
  about:
    "Print the values of the specified environment VARIABLE(s).\nIf no VARIABLE is specified, print name and value pairs for them all.",
  stopAtOperand: true,
  trouble: 2,
  flags: { null: { short: "0", long: "null", help: "end each output line with NUL, not newline" } },
  async run(call) {
    const { env } = call.process;
    const end = call.has("null") ? "\0" : "\n";
    if (call.operands.length === 0) {
      await call.out.print(Object.entries(env).map(([name, value]) => `${name}=${value}${end}`).join("")); // prettier-ignore
      return 0;
    }
    let missing = false;
    for (const name of call.operands) {
      if (Object.hasOwn(env, name)) await call.out.print(env[name]! + end);
      else missing = true;
    }
    return missing ? 1 : 0;
  },
});
