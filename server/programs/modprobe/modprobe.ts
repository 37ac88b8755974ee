import type { Process, Program } from "../../sim/host/index.ts";
import { parseOptions } from "../options.ts";
import { directory, isModule, load, loadedModules, moduleName, modulePath, unload, withNeeds } from "./modules.ts";

const FLAGS = {
  all: { short: "a", long: "all" },
  remove: { short: "r", long: "remove" },
  removeDependencies: { long: "remove-dependencies", simulated: false },
  resolveAlias: { short: "R", long: "resolve-alias", simulated: false },
  firstTime: { long: "first-time" },
  ignoreInstall: { short: "i", long: "ignore-install" },
  useBlacklist: { short: "b", long: "use-blacklist" },
  force: { short: "f", long: "force", simulated: false },
  showDepends: { short: "D", long: "show-depends" },
  showConfig: { short: "c", long: "showconfig", simulated: false },
  dryRun: { short: "n", long: "show" },
  dry: { long: "dry-run" },
  configuration: { short: "C", long: "config", arg: "FILE", simulated: false },
  directory: { short: "d", long: "dirname", arg: "DIR", simulated: false },
  version: { short: "S", long: "set-version", arg: "VERSION", simulated: false },
  syslog: { short: "s", long: "syslog" },
  quiet: { short: "q", long: "quiet" },
  verbose: { short: "v", long: "verbose" },
  aboutVersion: { short: "V", long: "version" },
  help: { short: "h", long: "help", simulated: false },
} as const;

type Given = Exclude<ReturnType<typeof parseOptions<typeof FLAGS>>, { problem: string } | { notSimulated: string }>;

/** Loads and removes modules of the kernel (kmod 31). */
export const modprobe: Program = {
  name: "modprobe",
  summary: "add and remove modules from the Linux kernel",
  async run(process, args) {
    const options = parseOptions(FLAGS, args);
    if ("notSimulated" in options) {
      await process.error(`drydock: modprobe: '${options.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in options) {
      await process.error(`modprobe: ${options.problem}\n`);
      return 1;
    }
    if (options.has("aboutVersion")) {
      await process.print("kmod version 31\n+ZSTD +XZ -ZLIB +LIBCRYPTO -EXPERIMENTAL\n");
      return 0;
    }
    const { operands } = options;
    if (operands.length === 0) {
      await process.error("modprobe: ERROR: missing parameters. See -h.\n");
      return 1;
    }
    const many = options.has("all") || options.has("remove");
    let status = 0;
    for (const word of many ? operands : operands.slice(0, 1)) status = (await one(process, word, options)) || status;
    return status;
  },
};

async function one(process: Process, word: string, options: Given): Promise<number> {
  const name = moduleName(word);
  if (!isModule(name)) {
    if (!options.has("quiet")) {
      const level = options.has("all") ? "WARNING" : "FATAL";
      await process.error(`modprobe: ${level}: Module ${word} not found in directory ${directory(process)}\n`);
    }
    return 1;
  }
  return options.has("remove") ? remove(process, name, options) : insert(process, name, options);
}

async function insert(process: Process, name: string, options: Given): Promise<number> {
  const loaded = new Set(loadedModules(process).map((module) => module.name));
  if (options.has("showDepends")) {
    await process.print(withNeeds(name).map((needed) => `insmod ${modulePath(process, needed)} \n`).join("")); // prettier-ignore
    return 0;
  }
  if (loaded.has(name)) {
    if (!options.has("firstTime")) return 0;
    await process.error(`modprobe: ERROR: could not insert '${name}': Module already in kernel\n`);
    return 1;
  }
  const wanted = withNeeds(name).filter((needed) => !loaded.has(needed));
  if (options.has("verbose"))
    await process.print(wanted.map((needed) => `insmod ${modulePath(process, needed)} \n`).join(""));
  if (options.has("dryRun") || options.has("dry")) return 0;
  if (process.uid !== 0 || process.host.isContainer) {
    await process.error(`modprobe: ERROR: could not insert '${name}': Operation not permitted\n`);
    return 1;
  }
  load(process, name);
  return 0;
}

async function remove(process: Process, name: string, options: Given): Promise<number> {
  const module = loadedModules(process).find((loaded) => loaded.name === name);
  if (!module) {
    if (!options.has("firstTime")) return 0;
    await process.error(`modprobe: FATAL: Module ${name} is not in kernel.\n`);
    return 1;
  }
  if (module.usedBy.length > 0) {
    await process.error(`modprobe: FATAL: Module ${name} is in use.\n`);
    return 1;
  }
  if (options.has("verbose")) await process.print(`rmmod ${name}\n`);
  if (options.has("dryRun") || options.has("dry")) return 0;
  if (process.uid !== 0 || process.host.isContainer) {
    await process.error(`modprobe: ERROR: could not remove '${name}': Operation not permitted\n`);
    return 1;
  }
  unload(process, name);
  return 0;
}
