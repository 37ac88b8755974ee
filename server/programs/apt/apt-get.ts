import type { Process, Program } from "../../sim/host/index.ts";
import { parseOptions } from "../options.ts";
import { install, type InstallOptions } from "./install.ts";
import { update } from "./update.ts";

const FLAGS = {
  yes: { short: "y", long: "yes" },
  assumeYes: { long: "assume-yes" },
  assumeNo: { long: "assume-no", simulated: false },
  quiet: { short: "q", long: "quiet", arg: "LEVEL", optional: true },
  noRecommends: { long: "no-install-recommends" },
  recommends: { long: "install-recommends" },
  noUpgrade: { long: "no-upgrade" },
  option: { short: "o", long: "option", arg: "KEY=VALUE", simulated: false },
  configuration: { short: "c", long: "config-file", arg: "FILE", simulated: false },
  simulate: { short: "s", long: "simulate", simulated: false },
  downloadOnly: { short: "d", long: "download-only", simulated: false },
  fixMissing: { short: "m", long: "fix-missing" },
  fixBroken: { short: "f", long: "fix-broken" },
  reinstall: { long: "reinstall", simulated: false },
  version: { short: "v", long: "version" },
  help: { short: "h", long: "help" },
} as const;

const COMMANDS = [
  "upgrade",
  "remove",
  "purge",
  "source",
  "build-dep",
  "satisfy",
  "dist-upgrade",
  "full-upgrade",
  "dselect-upgrade",
  "check",
  "download",
  "changelog",
  "indextargets",
];

function program(name: "apt" | "apt-get"): Program {
  return {
    name,
    summary: "fetches lists of packages and installs packages",
    async run(process, args) {
      const given = parseOptions(
        FLAGS,
        args.map((word) => (word === "-qq" ? "-q=2" : word)),
      );
      if ("notSimulated" in given) return refuse(process, name, given.notSimulated);
      if ("problem" in given) return fail(process, `Command line option ${given.problem}`);
      if (given.has("version")) return say(process, "apt 2.6.1 (amd64)\n");
      const [command, ...words] = given.operands;
      if (command === undefined || given.has("help"))
        return say(process, `apt 2.6.1 (amd64)\nUsage: ${name} [options] command\n`);
      if (name === "apt" && !process.isTty(1))
        await process.error("\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n");
      const quiet = given.has("quiet")
        ? given.value("quiet") === "=2" || given.value("quiet") === "2"
          ? 2
          : 1
        : process.isTty(1)
          ? 0
          : 1;
      const options: InstallOptions = {
        quiet,
        yes: given.has("yes") || given.has("assumeYes") || quiet === 2,
        recommends: !given.has("noRecommends"),
      };
      if (command === "update") return update(process, quiet);
      if (command === "install") return install(process, words, options);
      if (command === "clean" || command === "autoclean") return 0;
      if (command === "autoremove") return install(process, [], options);
      if (COMMANDS.includes(command)) return refuse(process, name, command);
      return fail(process, `Invalid operation ${command}`);
    },
  };
}

/** Debian's package manager (apt 2.6.1). */
export const aptGet = program("apt-get");
export const apt = program("apt");

async function say(process: Process, text: string): Promise<number> {
  await process.print(text);
  return 0;
}

async function refuse(process: Process, name: string, what: string): Promise<number> {
  await process.error(`drydock: ${name}: '${what}' is not simulated\n`);
  return 64;
}

async function fail(process: Process, text: string): Promise<number> {
  await process.error(`E: ${text}\n`);
  return 100;
}
