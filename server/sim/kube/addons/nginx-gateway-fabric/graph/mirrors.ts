import { keyOf, type Condition, type HttpRoute, type Mirror } from "../kinds.ts";
import { resolveBackend, type BackendWorld } from "./backends.ts";
import type { GraphMirror } from "./model.ts";

/** Locations for nobody but nginx itself. */
export const INTERNAL = "/_ngf-internal";

/** The mirrors of a rule, with what is wrong with their Services (httproute.go buildHTTPMirrorRoutes, state/mirror). */
export function resolveMirrors(
  route: HttpRoute,
  at: number,
  world: BackendWorld,
): readonly { readonly mirror: GraphMirror; readonly condition?: Condition }[] {
  const filters = route.spec.rules![at]!.filters ?? [];
  return filters.flatMap(({ requestMirror }, index) => {
    if (!requestMirror) return [];
    const { backendRef: ref } = requestMirror;
    const field = `spec.rules[${at}].filters[${index}].requestMirror.backendRef`;
    const { backend, condition } = resolveBackend(ref, route.metadata.namespace!, field, world);
    const service = ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`;
    const path = `${INTERNAL}-mirror-${service}-${keyOf(route)}-${at}`;
    return [{ mirror: { path, percent: percentOf(requestMirror), backend }, ...(condition ? { condition } : {}) }];
  });
}

function percentOf({ percent, fraction }: Mirror): number {
  if (percent !== undefined) return percent;
  return fraction ? Math.min(100, (fraction.numerator * 100) / (fraction.denominator ?? 100)) : 100;
}
