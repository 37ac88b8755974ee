import type { Process } from "../../sim/host/index.ts";
import { automatic, fieldsOf, filesOf, readInstalled, setAutomatic, type Installed } from "../dpkg/database.ts";
import { compareVersions } from "../dpkg/version.ts";
import { choose } from "./choose.ts";
import { carryOut } from "./carry-out.ts";
import { readLists, type Available } from "./package-list.ts";
import { NOTHING, planOf, removalsOf, unneeded, type Plan } from "./plan.ts";
import { upgradesOf } from "./upgradable.ts";

export interface InstallOptions {
  readonly quiet: number;
  readonly yes: boolean;
  readonly recommends: boolean;
  readonly simulate: boolean;
  readonly allowHeld: boolean;
  readonly allowDowngrades: boolean;
  readonly onlyUpgrade: boolean;
  readonly noUpgrade: boolean;
  readonly downloadOnly: boolean;
  readonly program: "apt" | "apt-get";
}

/** What a command works on. */
interface State {
  readonly installed: ReadonlyMap<string, Installed>;
  readonly available: ReadonlyMap<string, readonly Available[]>;
}

/** `apt-get install`: the lists decide what comes; archives are fetched, then unpacked and set up one by one. */
export async function install(process: Process, words: readonly string[], options: InstallOptions): Promise<number> {
  const state = await begin(process, options);
  if (typeof state === "number") return state;
  const { installed, available } = state;
  const chosen = await choose(process, words, { installed, available, quiet: options.quiet, program: options.program });
  if (typeof chosen === "number") return chosen;
  const wanted: Available[] = [];
  const manual = new Set(automatic(process.host));
  for (const one of chosen) {
    const from = installed.get(one.name);
    const order = from ? compareVersions(one.version, from.version) : 1;
    if (from && (order === 0 || options.noUpgrade)) {
      await say(process, options, `${one.name} is already the newest version (${from.version}).\n`);
      if (manual.has(one.name)) {
        await say(process, options, `${one.name} set to manually installed.\n`);
        manual.delete(one.name);
      }
    } else if (!from && options.onlyUpgrade)
      await say(process, options, `Skipping ${one.name}, it is not installed and only upgrades are requested.\n`);
    else wanted.push(one);
  }
  if (!options.simulate && manual.size < automatic(process.host).size) setAutomatic(process.host, manual);
  return carryOut(process, planOf(wanted, available, installed, options.recommends), { ...state, options });
}

/** `apt-get upgrade`: the newest version of everything, but of what is held. */
export async function upgrade(process: Process, options: InstallOptions): Promise<number> {
  const state = await begin(process, options);
  if (typeof state === "number") return state;
  await say(process, options, `Calculating upgrade...${options.quiet === 0 ? " Done" : ""}\n`);
  const all = upgradesOf(state.installed, state.available);
  const wanted = all.filter(({ from }) => from.want !== "hold").map(({ to }) => to);
  const plan = planOf(wanted, state.available, state.installed, options.recommends);
  const kept = all.filter(({ from }) => from.want === "hold").map(({ from }) => from.name);
  return carryOut(process, { ...plan, kept }, { ...state, options, ask: true });
}

/** `apt-get remove`, `purge` and `autoremove`. */
export async function remove(
  process: Process,
  words: readonly string[],
  options: InstallOptions,
  how: "remove" | "purge" | "autoremove",
): Promise<number> {
  const state = await begin(process, options);
  if (typeof state === "number") return state;
  const { installed, available } = state;
  const names: string[] = [];
  let unknown = false;
  for (const name of words) {
    if (installed.has(name)) names.push(name);
    else if (available.has(name)) await say(process, options, `Package '${name}' is not installed, so not removed\n`);
    else {
      unknown = true;
      await process.error(`E: Unable to locate package ${name}\n`);
    }
  }
  if (unknown) return 100;
  let removals = removalsOf(names, installed);
  const stuck = removals.find(({ name, want }) => want === "hold" && !names.includes(name));
  if (stuck) return tellUnmet(process, stuck, removals);
  if (how === "autoremove") {
    const left = new Map([...installed].filter(([name]) => !removals.some((one) => one.name === name)));
    removals = [...removals, ...unneeded(left, automatic(process.host))];
  }
  const plan: Plan = { ...NOTHING, removals, requested: new Set(names) };
  const problem = removals.find((one) => !isRemovable(process, one));
  return carryOut(process, plan, {
    ...state,
    options,
    purge: how === "purge",
    ...(problem === undefined ? {} : { refused: `the removal of ${problem.name}` }),
  });
}

/** What has services is stopped when it goes, and of the base system nobody noted which files belong to what. */
function isRemovable({ host }: Process, one: Installed): boolean {
  const files = filesOf(host, one);
  return files !== undefined && !files.some((path) => path.startsWith("/usr/lib/systemd/system/"));
}

async function tellUnmet(
  process: Process,
  { name, depends, text }: Installed,
  gone: readonly Installed[],
): Promise<number> {
  const need = depends.find((one) => gone.some((other) => other.name === one)) ?? "";
  const field = fieldsOf(text).get("Depends")?.split(/,\s*/) ?? [];
  const wording = field.find((one) => one === need || one.startsWith(`${need} `)) ?? need;
  await process.print(`Some packages could not be installed. This may mean that you have
requested an impossible situation or if you are using the unstable
distribution that some required packages have not yet been created
or been moved out of Incoming.
The following information may help to resolve the situation:

The following packages have unmet dependencies:
 ${name} : Depends: ${wording} but it is not going to be installed
`);
  await process.error("E: Error, pkgProblemResolver::Resolve generated breaks, this may be caused by held packages.\n");
  return 100;
}

/** Locks and reads what is there; a number: who asks may not. */
async function begin(process: Process, options: InstallOptions): Promise<State | number> {
  if (process.row.uid !== 0 && !options.simulate) {
    const lock = "/var/lib/dpkg/lock-frontend";
    await process.error(
      `E: Could not open lock file ${lock} - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (${lock}), are you root?\n`,
    );
    return 100;
  }
  const done = options.quiet === 0 ? " Done" : "";
  await say(
    process,
    options,
    `Reading package lists...${done}\nBuilding dependency tree...${done}\nReading state information...${done}\n`,
  );
  return { installed: readInstalled(process.host), available: readLists(process.host) };
}

async function say(process: Process, { quiet }: InstallOptions, text: string): Promise<void> {
  if (quiet < 2) await process.print(text);
}
