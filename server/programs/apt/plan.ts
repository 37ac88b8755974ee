import type { Available } from "./package-list.ts";

export interface Plan {
  /** In the order in which they are fetched and unpacked: what others need comes before them. */
  readonly packages: readonly Available[];
  readonly requested: ReadonlySet<string>;
  /** Recommended, but not installed. */
  readonly recommended: readonly string[];
}

/** What has to come for these packages, beside what is there. */
export function planOf(
  names: readonly string[],
  available: ReadonlyMap<string, Available>,
  installed: ReadonlyMap<string, string>,
  withRecommends: boolean,
): Plan {
  const order = new Map<string, Available>();
  const seen = new Set<string>();
  const later: string[] = [];
  const visit = (name: string): void => {
    const found = available.get(name);
    if (!found || seen.has(name) || installed.has(name)) return;
    seen.add(name);
    for (const need of found.depends) visit(need);
    order.set(name, found);
    later.push(...found.recommends);
  };
  for (const name of names) visit(name);
  const recommended = new Set<string>();
  for (let at = 0; at < later.length; at++) {
    const name = later[at]!;
    if (withRecommends) visit(name);
    else if (!order.has(name) && !installed.has(name) && available.has(name)) recommended.add(name);
  }
  return { packages: [...order.values()], requested: new Set(names), recommended: [...recommended].sort() };
}
