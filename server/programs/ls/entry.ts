import { encode } from "../../sim/kernel/index.ts";
import type { Stat } from "../../sim/host/index.ts";
import { compareVersions } from "../gnu/version-order.ts";
import type { Settings } from "./settings.ts";

/** A file to list. For a link that is not followed: where it points, and what stands there. */
export interface Entry {
  readonly path: string;
  readonly name: string;
  readonly stat: Stat;
  readonly target?: string;
  readonly behind?: Stat;
}

/** Sorts by the bytes of names, as in the locale C.UTF-8 (other locales' collation is not simulated). */
export function sortEntries(entries: readonly Entry[], { sort, reverse, directoriesFirst }: Settings): Entry[] {
  if (sort === "none") return [...entries];
  const sign = reverse ? -1 : 1;
  return [...entries].sort(
    (a, b) =>
      (directoriesFirst ? directoryRank(a) - directoryRank(b) : 0) || sign * (compare(a, b, sort) || byName(a, b)),
  );
}

function directoryRank({ stat, behind }: Entry): number {
  return (behind ?? stat).type === "dir" ? 0 : 1;
}

function compare(a: Entry, b: Entry, sort: Settings["sort"]): number {
  switch (sort) {
    case "time":
      return b.stat.mtime - a.stat.mtime;
    case "size":
      return b.stat.size - a.stat.size;
    case "version":
      return compareVersions(encode(a.name), encode(b.name));
    case "extension": {
      const extension = ({ name }: Entry): string =>
        name.includes(".") ? encode(name.slice(name.lastIndexOf("."))) : "";
      return extension(a) < extension(b) ? -1 : extension(a) > extension(b) ? 1 : 0;
    }
    default:
      return 0;
  }
}

function byName(a: Entry, b: Entry): number {
  const [x, y] = [encode(a.name), encode(b.name)];
  return x < y ? -1 : x > y ? 1 : 0;
}
