import type { AnyKind } from "./kind.ts";
import type { GroupKind, GroupResource } from "./status.ts";

/** How errors call a resource. */
export function resourceGroup(kind: AnyKind): GroupResource {
  return { group: kind.group, resource: kind.plural };
}

/** How errors call a kind. */
export function kindGroup(kind: AnyKind): GroupKind {
  return { group: kind.group, kind: kind.kind };
}
