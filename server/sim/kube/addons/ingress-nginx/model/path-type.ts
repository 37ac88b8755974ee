import type { Ingress } from "../../../api/index.ts";
import type { Location } from "./server.ts";

/** Whether requests are sent on with another path. */
export function needsRewrite({ annotations: { rewrite }, path }: Location): boolean {
  return rewrite.target !== "" && rewrite.target !== path;
}

/**
 * A prefix means whole elements: `/foo` becomes `location /foo/` and `location = /foo`
 * (internal/ingress/controller/location.go updateServerLocations).
 */
export function prefixLocations(locations: readonly Location[]): Location[] {
  const exact = new Set(locations.filter(({ pathType }) => pathType === "Exact").map(({ path }) => path));
  return locations.flatMap((place) => {
    if (place.path === "/" || place.pathType !== "Prefix") return [place];
    if (needsRewrite(place) || place.annotations.rewrite.useRegex) return [place];
    const prefix = {
      ...place,
      path: place.path.endsWith("/") ? place.path : `${place.path}/`,
      ingressPath: place.path,
    };
    if (exact.has(place.path)) return [prefix];
    return [prefix, { ...place, pathType: "Exact", ingressPath: place.path }];
  });
}

const STRICT = /^\/[A-Za-z0-9._\-/~]*$/;

/** What strict-validate-path-type refuses, one line for each path (internal/ingress/inspector ValidatePathType). */
export function pathTypeProblems({ spec }: Ingress): string[] {
  return (spec.rules ?? []).flatMap(({ http }) =>
    (http?.paths ?? []).flatMap(({ path = "", pathType = "" }) =>
      path === "" || pathType === "ImplementationSpecific" || STRICT.test(path)
        ? []
        : [`path ${path} cannot be used with pathType ${pathType}`],
    ),
  );
}
