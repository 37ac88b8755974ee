import type { Process } from "../../sim/host/index.ts";
import type { Installed } from "../dpkg/database.ts";
import { fetchAll } from "./archives.ts";
import { agrees, columns } from "./ask.ts";
import { sizeText } from "./fetch.ts";
import type { InstallOptions } from "./install.ts";
import { releaseWords, type Available } from "./package-list.ts";
import { isDowngrade, isUpgrade, type Plan } from "./plan.ts";
import { unpack } from "./unpack.ts";
import { upgradesOf } from "./upgradable.ts";

interface Circumstances {
  readonly installed: ReadonlyMap<string, Installed>;
  readonly available: ReadonlyMap<string, readonly Available[]>;
  readonly options: InstallOptions;
  /** Who types it is asked even if all that comes was named. */
  readonly ask?: boolean;
  readonly purge?: boolean;
  /** What of the plan cannot be done here. */
  readonly refused?: string;
}

/** What stands in the place of an archive of which nothing is in the world. */
const NOT_SIMULATED = "drydock: not simulated";

/** Tells what will be done, asks, and does it (apt-private/private-install.cc InstallPackages). */
export async function carryOut(process: Process, plan: Plan, circumstances: Circumstances): Promise<number> {
  const { options, purge = false } = circumstances;
  const say = async (text: string): Promise<void> => (options.quiet < 2 ? process.print(text) : undefined);
  const held = heldOf(plan, circumstances);
  const downgraded = plan.changes.filter(isDowngrade).map(({ to }) => to.name);
  await say(announcement(plan, held, downgraded, circumstances));
  if (plan.changes.length === 0 && plan.removals.length === 0) return 0;
  if (options.yes && held.length > 0 && !options.allowHeld)
    return fail(process, "Held packages were changed and -y was used without --allow-change-held-packages.");
  if (options.yes && downgraded.length > 0 && !options.allowDowngrades)
    return fail(process, "Packages were downgraded and -y was used without --allow-downgrades.");
  if (options.simulate) {
    await process.print(simulation(plan, purge));
    return 0;
  }
  const download = plan.changes.reduce((sum, { to }) => sum + to.size, 0);
  if (download > 0) await say(`Need to get ${sizeText(download)} of archives.\n`);
  await say(spaceLine(plan, circumstances));
  const more = plan.changes.length > plan.requested.size || plan.removals.length > 0 || circumstances.ask === true;
  if ((more || held.length > 0 || downgraded.length > 0) && !options.yes && !(await agrees(process))) {
    await process.print("Abort.\n");
    return 1;
  }
  if (circumstances.refused !== undefined) return refuse(process, options, circumstances.refused);
  const packages = plan.changes.map(({ to }) => to);
  const archives = await fetchAll(process, packages, say);
  if (!archives) return 100;
  const strange = packages.find(({ name }) => archives.get(name)?.startsWith(NOT_SIMULATED));
  if (strange) return refuse(process, options, `${strange.name} ${strange.version}`);
  if (options.downloadOnly) {
    await say("Download complete and in download only mode\n");
    return 0;
  }
  if (packages.some(({ name }) => name === "ca-certificates" || name === "libpam-cap"))
    await process.error("debconf: delaying package configuration, since apt-utils is not installed\n");
  await unpack(process, plan, archives);
  return 0;
}

function heldOf({ changes, removals }: Plan, { installed }: Circumstances): string[] {
  return [...changes.map(({ to }) => to.name), ...removals.map(({ name }) => name)]
    .filter((name) => installed.get(name)?.want === "hold")
    .sort();
}

function announcement(
  plan: Plan,
  held: readonly string[],
  downgraded: readonly string[],
  state: Circumstances,
): string {
  const fresh = plan.changes.filter(({ from }) => !from).map(({ to }) => to.name).sort(); // prettier-ignore
  const upgraded = plan.changes.filter(isUpgrade).map(({ to }) => to.name).sort(); // prettier-ignore
  const removed = plan.removals.map(({ name }) => name).sort();
  const list = (title: string, names: readonly string[]): string => (names.length > 0 ? `${title}:\n${columns(names)}` : ""); // prettier-ignore
  const touched = new Set([...upgraded, ...downgraded, ...removed]);
  const left = upgradesOf(state.installed, state.available).filter(({ from }) => !touched.has(from.name)).length;
  const down = downgraded.length > 0 ? `, ${downgraded.length} downgraded` : "";
  return [
    list(
      "The following additional packages will be installed",
      fresh.filter((name) => !plan.requested.has(name)),
    ),
    list("Recommended packages", plan.recommended),
    list("The following packages will be REMOVED", state.purge ? removed.map((name) => `${name}*`) : removed),
    list("The following NEW packages will be installed", fresh),
    list("The following packages have been kept back", plan.kept.toSorted()),
    list("The following held packages will be changed", held),
    list("The following packages will be upgraded", upgraded),
    list("The following packages will be DOWNGRADED", downgraded.toSorted()),
    `${upgraded.length} upgraded, ${fresh.length} newly installed${down}, ${removed.length} to remove and ${left} not upgraded.\n`,
  ].join("");
}

function simulation({ changes, removals }: Plan, purge: boolean): string {
  const words = ({ version, arch }: Available, to: Available): string => `(${version} ${releaseWords(to)} [${arch}])`;
  return [
    ...removals.map(({ shown, version }) => `${purge ? "Purg" : "Remv"} ${shown} [${version}]\n`),
    ...changes.map(({ to, from }) => `Inst ${to.name} ${from ? `[${from.version}] ` : ""}${words(to, to)}\n`),
    ...changes.map(({ to }) => `Conf ${to.name} ${words(to, to)}\n`),
  ].join("");
}

/** What it takes more, or gives back: of what is installed, dpkg's database knows how much. */
function spaceLine({ changes, removals }: Plan, { available }: Circumstances): string {
  const sizeOf = (one: Installed | undefined): number => {
    if (!one) return 0;
    const noted = /^Installed-Size: (\d+)$/m.exec(one.text)?.[1];
    return noted !== undefined
      ? Number(noted)
      : (available.get(one.name)?.find(({ version }) => version === one.version)?.installed ?? 0);
  };
  const space =
    1024 *
    (changes.reduce((sum, { to, from }) => sum + to.installed - sizeOf(from), 0) -
      removals.reduce((sum, one) => sum + sizeOf(one), 0));
  return space >= 0
    ? `After this operation, ${sizeText(space)} of additional disk space will be used.\n`
    : `After this operation, ${sizeText(-space)} disk space will be freed.\n`;
}

async function fail(process: Process, text: string): Promise<number> {
  await process.error(`E: ${text}\n`);
  return 100;
}

async function refuse(process: Process, { program }: InstallOptions, what: string): Promise<number> {
  await process.error(`drydock: ${program}: ${what} is not simulated; nothing was changed\n`);
  return 64;
}
