import type { BindConfiguration } from "./servers.ts";

/** Names to try with the search list: with fewer dots than `ndots` the list first, else the name alone (dighost.c setup_lookup). */
export function searchNames(name: string, { search, ndots }: Pick<BindConfiguration, "search" | "ndots">): string[] {
  if (name.endsWith(".")) return [name];
  const dots = name.split(".").length - 1;
  if (dots >= ndots) return [`${name}.`];
  return [...search.map((domain) => `${name}.${domain}.`), `${name}.`];
}
