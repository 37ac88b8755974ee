import { editField, type FieldSpec } from "../field-spec.ts";
import { isSelected, type Gvk } from "../resid.ts";
import { NOTE, type Resource } from "../resource.ts";
import { Node } from "../yaml/node.ts";

/** Kinds whose names mean something by themselves. */
const KEPT: readonly Gvk[] = [
  { group: "", version: "", kind: "CustomResourceDefinition" },
  { group: "apiregistration.k8s.io", version: "", kind: "APIService" },
  { group: "", version: "", kind: "Namespace" },
];

/** Puts a text before or behind names (PrefixTransformer, SuffixTransformer). */
export function addAffix(
  resources: readonly Resource[],
  side: "prefix" | "suffix",
  affix: string,
  specs: readonly FieldSpec[],
): void {
  if (affix === "") return;
  for (const resource of resources) {
    const id = resource.originalId;
    if (KEPT.some((gvk) => isSelected(id, gvk))) continue;
    for (const spec of specs) {
      if (!isSelected(id, spec)) continue;
      if (spec.path === "metadata/name") {
        resource.addNote(side === "prefix" ? NOTE.prefixes : NOTE.suffixes, affix);
        resource.storePreviousId();
      }
      editField(resource, spec, {
        set: (node) => node.take(Node.scalar(side === "prefix" ? affix + node.value : node.value + affix)),
      });
    }
  }
}
