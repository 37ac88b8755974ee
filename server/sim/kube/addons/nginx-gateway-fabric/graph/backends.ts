import type { Service } from "../../../api/index.ts";
import { routeUnresolved } from "../conditions.ts";
import type { BackendRef, Condition, ReferenceGrant } from "../kinds.ts";
import { forbidden, notFound, notSupported, required } from "./field-errors.ts";
import { mayRefer } from "./grants.ts";
import type { Backend } from "./model.ts";

export interface BackendWorld {
  readonly grants: readonly ReferenceGrant[];
  service(namespace: string, name: string): Service | undefined;
}

/** A backendRef with what is wrong with it. One that is not valid keeps its share, which is answered with 500 (backend_refs.go). */
export function resolveBackend(
  ref: BackendRef,
  routeNamespace: string,
  path: string,
  world: BackendWorld,
): { readonly backend: Backend; readonly condition?: Condition } {
  const weight = ref.weight ?? 1;
  const fail = (reason: Parameters<typeof routeUnresolved>[0], message: string) => ({
    backend: { weight, upstream: undefined },
    condition: routeUnresolved(reason, message),
  });
  if (ref.filters && ref.filters.length > 0) return fail("UnsupportedValue", `${path}.filters: Too many: ${ref.filters.length}: must have at most 0 items`); // prettier-ignore
  if (ref.group !== undefined && ref.group !== "" && ref.group !== "core") return fail("InvalidKind", notSupported(`${path}.group`, ref.group, "core", "")); // prettier-ignore
  if (ref.kind !== undefined && ref.kind !== "Service") return fail("InvalidKind", notSupported(`${path}.kind`, ref.kind, "Service")); // prettier-ignore
  const namespace = ref.namespace ?? routeNamespace;
  const { name } = ref;
  const from = { kind: "HTTPRoute", namespace: routeNamespace } as const;
  if (namespace !== routeNamespace && !mayRefer(world.grants, from, { kind: "Service", namespace, name }))
    return fail("RefNotPermitted", forbidden(`${path}.namespace`, `Backend ref to Service ${namespace}/${name} not permitted by any ReferenceGrant`)); // prettier-ignore
  if (ref.port === undefined) return fail("UnsupportedValue", required(`${path}.port`, "port cannot be nil"));
  const service = world.service(namespace, name);
  if (!service) return fail("BackendNotFound", notFound(`${path}.name`, name));
  const found = service.spec.ports?.find(({ port }) => port === ref.port);
  if (!found) return fail("BackendNotFound", `no matching port for Service ${name} and port ${ref.port}`);
  return { backend: { weight, upstream: `${namespace}_${name}_${ref.port}`, service, port: ref.port } };
}
