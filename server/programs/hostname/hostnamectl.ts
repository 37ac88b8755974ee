import { attempt, Errno, type Process, type Program } from "../../sim/host/index.ts";
import { parseOptions, type Flags, type Options } from "../options.ts";
import { versionOf } from "../gnu/versions.ts";

const FLAGS = {
  help: { short: "h", long: "help" },
  version: { long: "version" },
  noAsk: { long: "no-ask-password" },
  transient: { long: "transient" },
  static: { long: "static" },
  pretty: { long: "pretty", simulated: false },
  host: { short: "H", long: "host", arg: "[USER@]HOST", simulated: false },
  machine: { short: "M", long: "machine", arg: "CONTAINER", simulated: false },
  json: { long: "json", arg: "MODE", simulated: false },
  short: { short: "j", simulated: false },
} as const satisfies Flags;

type Given = Options<keyof typeof FLAGS>;

const NOT_SIMULATED = new Set(["icon-name", "chassis", "deployment", "location"]);

/** systemd's hostnamectl: the name in /etc/hostname and the kernel's. */
export const hostnamectl: Program = {
  name: "hostnamectl",
  summary: "control the system hostname",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: hostnamectl: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`hostnamectl: ${given.problem}\n`);
      return 1;
    }
    if (given.has("help")) {
      await process.print(HELP);
      return 0;
    }
    if (given.has("version")) {
      await process.print(`systemd ${versionOf(process, "systemd")}\n`);
      return 0;
    }
    const [verb = "status", ...words] = given.operands;
    if (NOT_SIMULATED.has(verb.replace(/^set-/, ""))) {
      await process.error(`drydock: hostnamectl: '${verb}' is not simulated\n`);
      return 64;
    }
    switch (verb) {
      case "status":
        if (words.length > 0) return fail(process, "Too many arguments.");
        return status(process, given);
      case "hostname":
        if (words.length === 0) {
          await process.print(`${shownName(process, given)}\n`);
          return 0;
        }
        return set(process, given, words);
      case "set-hostname":
        return set(process, given, words);
      default:
        return fail(process, `Unknown command verb '${verb}'.`);
    }
  },
};

async function fail(process: Process, words: string): Promise<number> {
  await process.error(`${words}\n`);
  return 1;
}

function staticName(process: Process): string {
  return (process.host.readText("/etc/hostname") ?? "").split("\n").find((line) => line.trim() !== "" && !line.startsWith("#"))?.trim() ?? ""; // prettier-ignore
}

function shownName(process: Process, given: Given): string {
  return given.has("static") ? staticName(process) : process.host.hostname;
}

async function set(process: Process, given: Given, words: readonly string[]): Promise<number> {
  const [name] = words;
  if (name === undefined) return fail(process, "Too few arguments.");
  if (words.length > 1) return fail(process, "Too many arguments.");
  const what = given.has("transient") && !given.has("static") ? "hostname" : "static hostname";
  if (process.uid !== 0) return fail(process, `Could not set ${what}: Interactive authentication required.`);
  const clean = name.replaceAll(/\s+/g, "-");
  if (!isValid(clean)) return fail(process, `Could not set ${what}: Invalid ${what} '${name}'`);
  if (what === "static hostname") {
    const written = attempt(() => process.host.files.write("/etc/hostname", `${clean}\n`, {}, process));
    if (written instanceof Errno) return fail(process, `Could not set static hostname: ${written.message}`);
  }
  process.host.update({ hostname: clean });
  return 0;
}

/** hostname_is_valid */
function isValid(name: string): boolean {
  return (
    name.length <= 64 && name.split(".").every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/.test(label))
  );
}

async function status(process: Process, given: Given): Promise<number> {
  if (given.has("static") || given.has("transient")) {
    await process.print(`${shownName(process, given)}\n`);
    return 0;
  }
  const read = (path: string): string => (process.host.readText(path) ?? "").trim();
  const release = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(read("/etc/os-release"))?.[1] ?? "Linux";
  const [name, own] = [process.host.hostname, staticName(process)];
  const rows: [string, string][] = [
    ["Static hostname", own === "" ? "(unset)" : own],
    ...(name === own ? [] : ([["Transient hostname", name]] as [string, string][])),
    ["Icon name", "computer-vm"],
    ["Chassis", "vm 🖴"],
    ["Machine ID", read("/etc/machine-id")],
    ["Boot ID", read("/proc/sys/kernel/random/boot_id").replaceAll("-", "")],
    ["Virtualization", "kvm"],
    ["Operating System", release],
    ["Kernel", `Linux ${read("/proc/sys/kernel/osrelease")}`],
    ["Architecture", "x86-64"],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  const width = Math.max(...shown.map(([label]) => label.length));
  await process.print(shown.map(([label, value]) => `${label.padStart(width)}: ${value}\n`).join(""));
  return 0;
}

const HELP = `hostnamectl [OPTIONS...] COMMAND ...

Show or change the name of the system.

Commands:
  status                 Show the names and what is known of the system
  hostname [NAME]        Show or set the name
  icon-name [NAME]       Show or set the name of the icon
  chassis [NAME]         Show or set the kind of chassis
  deployment [NAME]      Show or set what the system is for
  location [NAME]        Show or set where the system is

Options:
  -h --help              Show this help
     --version           Show the version
     --no-ask-password   Don't ask for passwords
  -H --host=[USER@]HOST  Work on another host
  -M --machine=CONTAINER Work on a container
     --transient         Only the transient name
     --static            Only the static name
     --pretty            Only the pretty name
     --json=pretty|short|off
                         Output as JSON
  -j                     As --json=pretty on a terminal, else short

See the hostnamectl(1) man page for details.
`;
