import { GoError } from "../../errors/go-error.ts";
import { editField, type FieldSpec } from "../field-spec.ts";
import type { ResMap } from "../resmap.ts";
import { gvkText, isSelected } from "../resid.ts";
import { Node } from "../yaml/node.ts";

export interface ReplicaChange {
  readonly name: string;
  readonly count: number;
}

/** Sets how many Pods something has (ReplicaCountTransformer). */
export function setReplicas(map: ResMap, { name, count }: ReplicaChange, specs: readonly FieldSpec[]): void {
  let found = false;
  for (const spec of specs)
    for (const resource of map.everMatching((id) => id.name === name && isSelected(id, spec))) {
      found = true;
      const value = new Node("scalar", { tag: "!!int", value: String(count) });
      editField(resource, spec, { set: (node) => node.become(value), create: () => Node.scalar("") });
    }
  if (!found)
    throw new GoError(
      `resource with name ${name} does not match a config with the following GVK [${specs.map(gvkText).join(" ")}]`,
    );
}
