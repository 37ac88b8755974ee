import type { Process } from "../../sim/host/index.ts";
import { readInstalled, type Installed } from "../dpkg/database.ts";
import { compareVersions } from "../dpkg/version.ts";
import { readLists, type Available } from "./package-list.ts";

export interface Upgrade {
  readonly from: Installed;
  readonly to: Available;
}

/** Installed packages of which the lists have a newer version. */
export function upgradesOf(
  installed: ReadonlyMap<string, Installed>,
  available: ReadonlyMap<string, readonly Available[]>,
): Upgrade[] {
  return [...installed.values()].flatMap((from) => {
    const [to] = available.get(from.name) ?? [];
    return to && compareVersions(to.version, from.version) > 0 ? [{ from, to }] : [];
  });
}

/** What `apt update` says at the end. */
export function upgradable(process: Process, quiet: number): string {
  const { host } = process;
  const count = upgradesOf(readInstalled(host), readLists(host)).length;
  const done = quiet === 0 ? " Done" : "";
  const head = `Building dependency tree...${done}\nReading state information...${done}\n`;
  if (count === 0) return `${head}All packages are up to date.\n`;
  const words = count === 1 ? "1 package can be upgraded" : `${count} packages can be upgraded`;
  return `${head}${words}. Run 'apt list --upgradable' to see ${count === 1 ? "it" : "them"}.\n`;
}
