import type { Process, Program } from "../../sim/host/index.ts";
import { parseOptions, type Options } from "../options.ts";
import { policy, search, show } from "./apt-cache.ts";
import { aptVersion } from "./apt-version.ts";
import { install, remove, upgrade, type InstallOptions } from "./install.ts";
import { list } from "./list.ts";
import { update } from "./update.ts";

const FLAGS = {
  yes: { short: "y", long: "yes" },
  assumeYes: { long: "assume-yes" },
  assumeNo: { long: "assume-no", simulated: false },
  quiet: { short: "q", long: "quiet", arg: "LEVEL", optional: true },
  noRecommends: { long: "no-install-recommends" },
  recommends: { long: "install-recommends" },
  noUpgrade: { long: "no-upgrade" },
  onlyUpgrade: { long: "only-upgrade" },
  allowHeld: { long: "allow-change-held-packages" },
  allowDowngrades: { long: "allow-downgrades" },
  option: { short: "o", long: "option", arg: "KEY=VALUE", simulated: false },
  configuration: { short: "c", long: "config-file", arg: "FILE", simulated: false },
  simulate: { short: "s", long: "simulate" },
  dryRun: { long: "dry-run" },
  downloadOnly: { short: "d", long: "download-only" },
  fixMissing: { short: "m", long: "fix-missing" },
  fixBroken: { short: "f", long: "fix-broken" },
  reinstall: { long: "reinstall", simulated: false },
  purge: { long: "purge" },
  installed: { long: "installed" },
  upgradable: { long: "upgradable" },
  upgradeable: { long: "upgradeable" },
  allVersions: { short: "a", long: "all-versions" },
  version: { short: "v", long: "version" },
  help: { short: "h", long: "help" },
} as const;

/** What the real ones have, and these have not. */
const ELSEWHERE: Readonly<Record<"apt" | "apt-get", readonly string[]>> = {
  "apt-get": ["source", "build-dep", "satisfy", "dselect-upgrade", "check", "download", "changelog", "indextargets", "reinstall"],
  apt: ["source", "build-dep", "satisfy", "edit-sources", "download", "changelog", "showsrc", "depends", "rdepends", "reinstall"],
}; // prettier-ignore

type Name = "apt" | "apt-get";
type Given = Options<keyof typeof FLAGS>;

function program(name: Name): Program {
  return {
    name,
    summary: "fetches lists of packages and installs packages",
    async run(process, args) {
      const given = parseOptions(
        FLAGS,
        args.map((word) => (word === "-qq" ? "-q=2" : word)),
      );
      if ("notSimulated" in given) return refuse(process, name, given.notSimulated);
      if ("problem" in given) return fail(process, problemWords(given.problem));
      const version = `apt ${aptVersion(process.host)} (amd64)\n`;
      if (given.has("version")) return say(process, version);
      const [command, ...words] = given.operands;
      if (command === undefined || given.has("help"))
        return say(process, `${version}Usage: ${name} [options] command\n`);
      if (name === "apt" && !process.isTty(1))
        await process.error("\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n");
      return run(process, name, given, command, words);
    },
  };
}

/** apt's archiver for packages of Debian and Ubuntu. */
export const aptGet = program("apt-get");
export const apt = program("apt");

async function run(
  process: Process,
  name: Name,
  given: Given,
  command: string,
  words: readonly string[],
): Promise<number> {
  const options = optionsOf(process, name, given);
  if (options.simulate && process.row.uid !== 0 && options.quiet < 2) await process.print(onlySimulation(name));
  switch (command) {
    case "update":
      return update(process, name, options.quiet);
    case "install":
      return install(process, words, options);
    case "upgrade":
    case "dist-upgrade":
    case "full-upgrade":
      return words.length > 0 ? install(process, words, { ...options, onlyUpgrade: true }) : upgrade(process, options);
    case "remove":
    case "purge":
      return remove(process, words, options, given.has("purge") ? "purge" : command);
    case "autoremove":
    case "autopurge":
      return remove(process, words, options, "autoremove");
    // No archive is kept, so none is to be cleaned away.
    case "clean":
    case "autoclean":
      return 0;
  }
  if (name === "apt") {
    if (command === "list")
      return list(process, words, {
        installed: given.has("installed"),
        upgradable: given.has("upgradable") || given.has("upgradeable"),
        all: given.has("allVersions"),
      });
    if (command === "policy") return policy(process, words);
    if (command === "show") return show(process, words, "apt");
    if (command === "search") return search(process, words, "apt");
  }
  if (ELSEWHERE[name].includes(command)) return refuse(process, name, command);
  return fail(process, `Invalid operation ${command}`);
}

function optionsOf(process: Process, name: Name, given: Given): InstallOptions {
  const level = given.value("quiet");
  const loud = process.isTty(1) ? 0 : 1;
  const quiet = given.has("quiet") ? (level === "=2" || level === "2" ? 2 : 1) : loud;
  return {
    program: name,
    quiet,
    yes: given.has("yes") || given.has("assumeYes") || quiet === 2,
    recommends: !given.has("noRecommends"),
    simulate: given.has("simulate") || given.has("dryRun"),
    allowHeld: given.has("allowHeld"),
    allowDowngrades: given.has("allowDowngrades"),
    onlyUpgrade: given.has("onlyUpgrade"),
    noUpgrade: given.has("noUpgrade"),
    downloadOnly: given.has("downloadOnly"),
  };
}

/** What is said to who may not change anything. */
function onlySimulation(name: Name): string {
  return `NOTE: This is only a simulation!
      ${name} needs root privileges for real execution.
      Keep also in mind that locking is deactivated,
      so don't depend on the relevance to the real current situation!
`;
}

/** getopt's words in apt's. */
function problemWords(problem: string): string {
  const long = /^unrecognized option '(.*)'$/.exec(problem)?.[1];
  if (long !== undefined) return `Command line option ${long} is not understood in combination with the other options`;
  const short = /^invalid option -- '(.)'$/.exec(problem)?.[1];
  if (short !== undefined)
    return `Command line option '${short}' [from -${short}] is not understood in combination with the other options.`;
  return `Command line option ${problem}`;
}

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
