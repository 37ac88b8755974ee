import type { Installed } from "../dpkg/database.ts";
import { compareVersions } from "../dpkg/version.ts";
import type { Available } from "./package-list.ts";

/** One package that comes, or changes its version. */
export interface Change {
  readonly to: Available;
  readonly from?: Installed;
}

export interface Plan {
  /** In the order in which they are fetched and unpacked: what others need comes before them. */
  readonly changes: readonly Change[];
  readonly requested: ReadonlySet<string>;
  /** Recommended, but not installed. */
  readonly recommended: readonly string[];
  readonly removals: readonly Installed[];
  /** Held, and so not upgraded although they could be. */
  readonly kept: readonly string[];
}

export const NOTHING: Plan = { changes: [], requested: new Set(), recommended: [], removals: [], kept: [] };

/** What has to come for these packages, beside what is there. */
export function planOf(
  wanted: readonly Available[],
  available: ReadonlyMap<string, readonly Available[]>,
  installed: ReadonlyMap<string, Installed>,
  withRecommends: boolean,
): Plan {
  const order = new Map<string, Change>();
  const later: string[] = [];
  const visit = (to: Available | undefined): void => {
    if (!to || order.has(to.name)) return;
    const from = installed.get(to.name);
    if (from && !wanted.includes(to)) return;
    // Its place is taken before what it needs is looked at, which may need it in turn.
    order.set(to.name, { to });
    for (const need of to.depends) visit(available.get(need)?.[0]);
    order.delete(to.name);
    order.set(to.name, from ? { to, from } : { to });
    later.push(...to.recommends);
  };
  for (const one of wanted) visit(one);
  const recommended = new Set<string>();
  for (let at = 0; at < later.length; at++) {
    const name = later[at]!;
    if (withRecommends) visit(available.get(name)?.[0]);
    else if (!order.has(name) && !installed.has(name) && available.has(name)) recommended.add(name);
  }
  return {
    ...NOTHING,
    changes: [...order.values()],
    requested: new Set(wanted.map(({ name }) => name)),
    recommended: [...recommended].sort(),
  };
}

/** Packages and all that need them. */
export function removalsOf(names: readonly string[], installed: ReadonlyMap<string, Installed>): Installed[] {
  const gone = new Set(names);
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    for (const { name, depends } of installed.values()) if (depends.some((need) => gone.has(need))) gone.add(name);
  }
  return [...installed.values()].filter(({ name }) => gone.has(name));
}

/** Packages that came for others which are gone. */
export function unneeded(installed: ReadonlyMap<string, Installed>, automatic: ReadonlySet<string>): Installed[] {
  const left = new Map(installed);
  for (let before = -1; before !== left.size;) {
    before = left.size;
    const needed = new Set([...left.values()].flatMap(({ depends }) => depends));
    for (const name of left.keys()) if (automatic.has(name) && !needed.has(name)) left.delete(name);
  }
  return [...installed.values()].filter(({ name }) => !left.has(name));
}

export function isUpgrade({ from, to }: Change): boolean {
  return from !== undefined && compareVersions(to.version, from.version) > 0;
}

export function isDowngrade({ from, to }: Change): boolean {
  return from !== undefined && compareVersions(to.version, from.version) < 0;
}
