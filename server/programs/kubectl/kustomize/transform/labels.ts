import { editFields, type FieldSpec } from "../field-spec.ts";
import type { Resource } from "../resource.ts";
import { Node, sortedNames } from "../yaml/node.ts";

/** Puts texts into maps: labels or annotations (api/filters/labels, annotations). */
export function addTexts(
  resources: readonly Resource[],
  texts: Readonly<Record<string, string>>,
  specs: readonly FieldSpec[],
): void {
  const names = sortedNames(texts);
  for (const resource of resources)
    for (const name of names)
      editFields(resource, specs, { set: (map) => setText(map, name, texts[name]!), create: () => Node.map() });
}

function setText(map: Node, name: string, text: string): void {
  map.set(name, Node.text(text));
}
