import { tool } from "./gnu/tool.ts";

export const pwd = tool({
  name: "pwd",
  package: "coreutils",
  summary: "print name of current/working directory",
  usage: ["[OPTION]..."],
  about: "Print the full filename of the current working directory.\n\nIf no option is specified, -P is assumed.",
  flags: {
    logical: { short: "L", long: "logical", help: "use PWD from environment, even if it contains symlinks" },
    physical: { short: "P", long: "physical", help: "avoid all symlinks" },
  },
  async run(call) {
    const { process } = call;
    if (call.operands.length > 0) await call.say("ignoring non-option arguments");
    const logical = process.env["PWD"];
    const { files } = process.host;
    const real = files.realpath(process.cwd, process);
    const wanted =
      call.options.lastOf("logical", "physical") === "logical" && logical?.startsWith("/") ? logical : real;
    const usable =
      !/\/\.\.?(?:\/|$)/.test(wanted) && files.exists(wanted, process) && files.realpath(wanted, process) === real;
    await call.out.print(`${usable ? wanted : real}\n`);
    return 0;
  },
});
