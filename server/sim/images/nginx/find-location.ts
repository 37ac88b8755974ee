import type { Location } from "./config.ts";

export interface FoundLocation {
  readonly place: Location;
  readonly captures?: readonly (string | undefined)[];
  /** Exact or by an expression: expressions further out are not tried. */
  readonly final: boolean;
  /** `/dir` was asked for, and only `/dir/` is there (with proxy_pass). */
  readonly redirect?: boolean;
}

/** The location for a URI (ngx_http_core_find_location). Undefined: it stays where it is. */
export function findLocation(outer: Location, uri: string): FoundLocation | undefined {
  let best: Location | undefined;
  let redirect: Location | undefined;
  for (const place of outer.locations) {
    const { match } = place;
    if (match?.kind === "exact" && match.name === uri) return { place, final: true };
    if (match?.kind !== "prefix") continue;
    if (uri.startsWith(match.name) && match.name.length > nameLength(best)) best = place;
    if (match.name === `${uri}/` && place.scope.own("proxy_pass").length > 0) redirect = place;
  }
  const inner = best && findLocation(best, uri);
  if (inner?.final) return inner;
  const final = best?.match?.kind === "prefix" && best.match.final;
  for (const place of final ? [] : outer.locations) {
    if (place.match?.kind !== "regex") continue;
    const captures = place.match.pattern.match(uri);
    if (!captures) continue;
    return { captures, ...(findLocation(place, uri) ?? { place }), final: true };
  }
  if (redirect) return { place: redirect, final: true, redirect: true };
  return inner ?? (best && { place: best, final: false });
}

function nameLength(place: Location | undefined): number {
  return place?.match ? place.match.name.length : -1;
}
