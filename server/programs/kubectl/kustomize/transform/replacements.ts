import { GoError } from "../../errors/go-error.ts";
import { quote } from "../../output/index.ts";
import type { ReplacementFields, ReplacementOptions, SelectorFields } from "../kustomization.ts";
import { fieldPath, lookup, matchPath } from "../path-match.ts";
import { idText, isSelectedBy, type ResId } from "../resid.ts";
import type { Resource } from "../resource.ts";
import type { Node } from "../yaml/node.ts";
import { selector } from "./patches.ts";

type Source = NonNullable<ReplacementFields["source"]>;
type Target = NonNullable<ReplacementFields["targets"]>[number];

/** Copies values from some fields to others (api/filters/replacement). */
export function replaceFields(resources: readonly Resource[], { source, targets }: ReplacementFields): void {
  if (!source || !targets) throw new GoError("replacements must specify a source and at least one target");
  const value = sourceValue(resources, source);
  for (const target of targets) replaceIn(resources, value, target);
}

function sourceValue(resources: readonly Resource[], source: Source): Node {
  const found = resources.filter((resource) => idsOf(resource).some((id) => isSelectedBy(id, selector(source))));
  if (found.length > 1) throw new GoError(`multiple matches for selector ${sourceText(source)}`);
  if (found.length === 0) throw new GoError(`nothing selected by ${sourceText(source)}`);
  const path = source.fieldPath || "metadata.name";
  let node;
  try {
    node = lookup(found[0]!.node!, fieldPath(path));
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`error looking up replacement source: ${error.message}`);
  }
  if (!node || node.isEmpty)
    throw new GoError(`fieldPath \`${path}\` is missing for replacement source ${idText(selector(source))}`);
  return refined(node, source.options);
}

function sourceText(source: Source): string {
  const { delimiter = "", index = 0, create = false } = source.options ?? {};
  const options = delimiter === "" && !create ? "" : `${delimiter}(${index}), create=${create}`;
  return [idText(selector(source)), source.fieldPath ?? "", options].filter((part) => part !== "").join(":");
}

function refined(node: Node, { delimiter = "", index = 0 }: ReplacementOptions = {}): Node {
  if (delimiter === "") return node;
  if (node.kind !== "scalar") throw new GoError("delimiter option can only be used with scalar nodes");
  const parts = node.value.split(delimiter);
  if (index >= parts.length || index < 0)
    throw new GoError(`options.index ${index} is out of bounds for value ${node.value}`);
  const copy = node.copy();
  copy.value = parts[index]!;
  return copy;
}

function idsOf(resource: Resource): ResId[] {
  return [...resource.previousIds, resource.id];
}

function replaceIn(resources: readonly Resource[], value: Node, target: Target): void {
  const { select, reject = [] } = target;
  if (!select) throw new GoError("target must specify resources to select");
  for (const resource of resources) {
    if (!resource.matches(select.labelSelector ?? "", select.annotationSelector ?? "")) continue;
    if (reject.some((each) => rejectsByTexts(resource, each))) continue;
    const takes = (id: ResId): boolean =>
      isSelectedBy(id, selector(select)) && !reject.some((each) => hasId(each) && isSelectedBy(id, selector(each)));
    if (idsOf(resource).some(takes)) copyTo(resource, value, target);
  }
}

function rejectsByTexts(resource: Resource, { labelSelector = "", annotationSelector = "" }: SelectorFields): boolean {
  return (labelSelector !== "" || annotationSelector !== "") && resource.matches(labelSelector, annotationSelector);
}

function hasId({ group, version, kind, name, namespace }: SelectorFields): boolean {
  return [group, version, kind, name, namespace].some((part) => part !== undefined && part !== "");
}

function copyTo(resource: Resource, value: Node, { fieldPaths = [], options = {} }: Target): void {
  for (const path of fieldPaths.length > 0 ? fieldPaths : ["metadata.name"]) {
    const failure = `unable to find ${options.create ? "or create " : ""}field ${quote(path)} in replacement target`;
    let fields: Node[];
    try {
      fields = matchPath(resource.node!, fieldPath(path), options.create ? value.kind : undefined);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(`${failure}: ${error.message}`);
    }
    if (fields.length === 0) throw new GoError(failure);
    for (const field of fields) setField(field, value.copy(), options);
  }
}

function setField(field: Node, value: Node, { delimiter = "", index = 0 }: ReplacementOptions): void {
  if (delimiter !== "") {
    if (field.kind !== "scalar") throw new GoError("delimiter option can only be used with scalar nodes");
    const parts = field.value.split(delimiter);
    if (index < 0) parts.unshift(value.value);
    else if (index >= parts.length) parts.push(value.value);
    else parts[index] = value.value;
    value.value = parts.join(delimiter);
  }
  // The type of a scalar stays: a number that is put into a text is text.
  if (field.kind === "scalar") field.value = value.value;
  else field.become(value);
}
