import type { Process, Program } from "../../sim/host/index.ts";
import { automatic, readInstalled, setAutomatic, setWant } from "../dpkg/database.ts";
import { aptVersion } from "./apt-version.ts";
import { readLists } from "./package-list.ts";

const USAGE = `Usage: apt-mark [options] {auto|manual} pkg1 [pkg2 ...]

apt-mark is a simple command line interface for marking packages
as manually or automatically installed. It can also be used to
manipulate the dpkg(1) selection states of packages, and to list
all packages with or without a certain marking.

Most used commands:
  auto - Mark the given packages as automatically installed
  manual - Mark the given packages as manually installed
  minimize-manual - Mark all dependencies of meta packages as automatically installed.
  hold - Mark a package as held back
  unhold - Unset a package set as held back
  showauto - Print the list of automatically installed packages
  showmanual - Print the list of manually installed packages
  showhold - Print the list of packages on hold

See apt-mark(8) for more information about the available commands.
Configuration options and syntax is detailed in apt.conf(5).
Information about how to configure sources can be found in sources.list(5).
Package and version choices can be expressed via apt_preferences(5).
Security details are available in apt-secure(8).
`;

const NO_ROOT_FOR_DPKG = `dpkg: error: required read/write access to the dpkg database directory /var/lib/dpkg
E: Sub-process dpkg --set-selections returned an error code (2)
E: Executing dpkg failed. Are you root?
`;
const NO_ROOT_FOR_STATES = `E: Could not create temporary file for /var/lib/apt/extended_states - mkstemp (13: Permission denied)
E: Failed to write temporary StateFile /var/lib/apt/extended_states
`;

/** What an administrator wants of packages: to keep their versions, or to go when nobody needs them. */
export const aptMark: Program = {
  name: "apt-mark",
  summary: "show, set and unset various settings for a package",
  async run(process, args) {
    const option = args.find((word) => word.startsWith("-"));
    const version = `apt ${aptVersion(process.host)} (amd64)\n`;
    if (option === "-v" || option === "--version") return print(process, version, 0);
    if (option === "-h" || option === "--help") return print(process, version + USAGE, 0);
    if (option !== undefined && !/^(?:-q+|-qq|--quiet)$/.test(option)) {
      await process.error(`drydock: apt-mark: '${option}' is not simulated\n`);
      return 64;
    }
    const [command, ...names] = args.filter((word) => !word.startsWith("-"));
    if (command === undefined) return print(process, version + USAGE, 1);
    if (command.startsWith("show")) return show(process, command, names);
    if (["hold", "unhold", "auto", "manual", "markauto", "unmarkauto"].includes(command))
      return mark(process, command, names);
    if (command === "minimize-manual") {
      await process.error("drydock: apt-mark: 'minimize-manual' is not simulated\n");
      return 64;
    }
    return fail(process, `Invalid operation ${command}`);
  },
};

async function show(process: Process, command: string, names: readonly string[]): Promise<number> {
  const { host } = process;
  const auto = automatic(host);
  const tests: Readonly<Record<string, (name: string, want: string) => boolean>> = {
    showhold: (_, want) => want === "hold",
    showholds: (_, want) => want === "hold",
    showheld: (_, want) => want === "hold",
    showauto: (name) => auto.has(name),
    showmanual: (name) => !auto.has(name),
  };
  const test = tests[command];
  if (!test) return fail(process, `Invalid operation ${command}`);
  const found = [...readInstalled(host).values()].filter(
    ({ name, want }) => test(name, want) && (names.length === 0 || names.includes(name)),
  );
  return print(process, found.map(({ name }) => `${name}\n`).join(""), 0);
}

async function mark(process: Process, command: string, names: readonly string[]): Promise<number> {
  const { host } = process;
  const installed = readInstalled(host);
  const available = readLists(host);
  const known = [...new Set(names)].filter((name) => installed.has(name) || available.has(name));
  for (const name of names) if (!known.includes(name)) await process.error(`E: Unable to locate package ${name}\n`);
  if (known.length === 0) return fail(process, "No packages found");
  if (known.length < new Set(names).size) return 100;
  if (process.row.uid !== 0) {
    await process.error(command.endsWith("hold") ? NO_ROOT_FOR_DPKG : NO_ROOT_FOR_STATES);
    return 100;
  }
  if (command.endsWith("hold")) return hold(process, command, known);
  const auto = new Set(automatic(host));
  const wanted = command === "auto" || command === "markauto";
  for (const name of known) {
    const words = wanted ? "automatically" : "manually";
    if (!installed.has(name)) await process.print(`${name} can not be marked as it is not installed.\n`);
    else if (auto.has(name) === wanted) await process.print(`${name} was already set to ${words} installed.\n`);
    else {
      if (wanted) auto.add(name);
      else auto.delete(name);
      await process.print(`${name} set to ${words} installed.\n`);
    }
  }
  setAutomatic(host, auto);
  return 0;
}

async function hold(process: Process, command: string, names: readonly string[]): Promise<number> {
  const { host } = process;
  const installed = readInstalled(host);
  for (const name of names) {
    const one = installed.get(name);
    if (!one && command === "hold") {
      await process.error(`drydock: apt-mark: a hold of '${name}', which is not installed, is not simulated\n`);
      return 64;
    }
    const held = one?.want === "hold";
    if (command === "hold") {
      if (!held) setWant(host, name, "hold");
      await process.print(held ? `${name} was already set on hold.\n` : `${name} set on hold.\n`);
    } else {
      if (held) setWant(host, name, "install");
      await process.print(held ? `Canceled hold on ${name}.\n` : `${name} was already not on hold.\n`);
    }
  }
  return 0;
}

async function print(process: Process, text: string, code: number): Promise<number> {
  await process.print(text);
  return code;
}

async function fail(process: Process, text: string): Promise<number> {
  await process.error(`E: ${text}\n`);
  return 100;
}
