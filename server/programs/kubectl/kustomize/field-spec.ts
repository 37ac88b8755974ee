import { GoError } from "../errors/go-error.ts";
import type { Resource } from "./resource.ts";
import { compareGvk, idText, isSelected, sameGvk, type Gvk } from "./resid.ts";
import { Node } from "./yaml/node.ts";

/** Where in objects of a kind something stands: `spec/template/spec/containers[]/image` (api/types/fieldspec.go). */
export interface FieldSpec extends Gvk {
  readonly path: string;
  readonly create: boolean;
}

export interface FieldEdit {
  readonly set: (node: Node) => void;
  /** What is made where the field is missing, if the spec says so; nothing by default. */
  readonly create?: () => Node;
}

/** Edits what a spec finds in an object (api/filters/fieldspec). */
export function editField(resource: Resource, spec: FieldSpec, edit: FieldEdit): void {
  if (resource.node === undefined || !isSelected(resource.gvk, spec)) return;
  try {
    walk(resource.node, splitPath(spec.path, "/"), spec, edit);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`considering field '${spec.path}' of object ${idText(resource.id)}: ${error.message}`);
  }
}

export function editFields(resource: Resource, specs: readonly FieldSpec[], edit: FieldEdit): void {
  for (const spec of specs) editField(resource, spec, edit);
}

function walk(node: Node, path: readonly string[], spec: FieldSpec, edit: FieldEdit): void {
  if (path.length === 0) return edit.set(node);
  if (node.isNull) return;
  if (node.kind === "scalar") throw new GoError("expected sequence or mapping node");
  if (node.kind === "map") return walkMap(node, path, spec, edit);
  for (const item of node.items) {
    try {
      walk(item, path, spec, edit);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(`visit traversal on path: [${path.join(" ")}]: ${error.message}`);
    }
  }
}

function walkMap(map: Node, [part, ...rest]: readonly string[], spec: FieldSpec, edit: FieldEdit): void {
  const name = part!.replace(/\[\]$/, "");
  if (name === "") throw new GoError("cannot set or create an empty field name");
  const mayCreate = spec.create && edit.create !== undefined && name === part;
  const make = (): Node => (rest.length === 0 ? edit.create!() : Node.map());
  let field = map.get(name);
  if (field === undefined) {
    if (!mayCreate) return;
    field = make();
    map.entries.push({ key: name, node: field });
  } else if (field.isNull) {
    if (mayCreate) field.become(make());
    else if (name !== part) field.become(Node.list());
  }
  walk(field, rest, spec, edit);
}

/** Parts between separators; a backslash before one keeps it (api/internal/utils PathSplitter). */
export function splitPath(path: string, separator: string): string[] {
  const parts: string[] = [];
  let joins = false;
  for (const part of path.split(separator)) {
    const ends = part.endsWith("\\");
    const text = ends ? part.slice(0, -1) : part;
    if (joins) parts[parts.length - 1] += `${separator}${text}`;
    else parts.push(text);
    joins = ends;
  }
  return parts;
}

/** Adds specs to others; the same place may not be said to be created by one and not by the other. */
export function mergeSpecs(specs: readonly FieldSpec[], more: readonly FieldSpec[]): FieldSpec[] {
  const merged = [...specs];
  for (const spec of more) {
    const same = merged.find((other) => other.path === spec.path && sameGvk(other, spec));
    if (same && same.create !== spec.create) throw new GoError("conflicting fieldspecs");
    if (!same) merged.push(spec);
  }
  return merged;
}

export function sortSpecs(specs: readonly FieldSpec[]): FieldSpec[] {
  return specs.toSorted(compareGvk);
}
