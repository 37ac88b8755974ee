import { ANY_HOSTNAME } from "./model.ts";

/** The hostnames of a route that a listener serves (route_common.go findAcceptedHostnames). */
export function acceptedHostnames(listener = "", route: readonly string[] = []): readonly string[] {
  if (route.length === 0) return [listener === "" ? ANY_HOSTNAME : listener];
  return route.filter((name) => match(listener, name)).map((name) => moreSpecific(listener, name));
}

function match(listener: string, route: string): boolean {
  return listener === "" || listener === route || covers(listener, route) || covers(route, listener);
}

function covers(wildcard: string, name: string): boolean {
  return wildcard.startsWith("*.") && name.endsWith(wildcard.slice(1));
}

/** Of two that match each other. */
export function moreSpecific(a: string, b: string): string {
  if (a === b || b === "") return a;
  if (a === "") return b;
  if (!a.startsWith("*.")) return b.startsWith("*.") ? a : "";
  return b.startsWith("*.") && a.split(".").length > b.split(".").length ? a : b;
}
