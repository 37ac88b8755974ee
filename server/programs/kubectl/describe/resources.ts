import type { Description } from "./description.ts";

interface Resources {
  readonly limits?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
}

/** Names of resources: cpu and memory first as sorted by name (kubectl pkg/util/resource SortedResourceNames). */
export function sortedNames(list: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.keys(list ?? {}).sort();
}

export function writeResources(out: Description, resources: Resources | undefined, level: number): void {
  for (const [title, list] of [
    ["Limits", resources?.limits],
    ["Requests", resources?.requests],
  ] as const) {
    if (!list || Object.keys(list).length === 0) continue;
    out.line(level, `${title}:`);
    for (const name of sortedNames(list)) out.line(level + 1, `${name}:\t${list[name]!}`);
  }
}
