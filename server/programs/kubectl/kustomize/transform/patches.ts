import {
  applyJsonPatch,
  isObject,
  PatchError,
  type JsonArray,
  type JsonObject,
} from "../../../../sim/kube/api/index.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, quote, type Json } from "../../output/index.ts";
import { readYaml } from "../../yaml/read.ts";
import type { PatchFields, SelectorFields } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import { checkMetadata } from "../metadata.ts";
import { inFile, readResources } from "../read-resources.ts";
import type { ResMap, Selector } from "../resmap.ts";
import { idText, sameId, type ResId } from "../resid.ts";
import { NOTE, type Resource } from "../resource.ts";
import { fromJson, toJson } from "../yaml/json.ts";

/** A patch that was read: objects to merge, or operations. */
export interface Patch {
  readonly merges: readonly Resource[];
  readonly operations: JsonArray | undefined;
  readonly target: Selector | undefined;
  /** As messages name it: `[path: "p.yaml"]`. */
  readonly source: string;
}

/** Reads an element of `patches` (PatchTransformer Config). `config` is that element as YAML. */
export async function readPatch(fields: PatchFields, loader: Loader, config: string): Promise<Patch> {
  const { path = "", target, options = {} } = fields;
  const inline = (fields.patch ?? "").trim();
  if (inline === "" && path === "") throw new GoError(`must specify one of patch and path in\n${config}`);
  if (inline !== "" && path !== "") throw new GoError(`patch and path can't be set at the same time\n${config}`);
  const text = path === "" ? inline : await textOf(path, loader);
  const source = path === "" ? `[patch: ${quote(text)}]` : `[path: ${quote(path)}]`;
  const merges = attempt(() => readResources(text));
  const operations = attempt(() => readOperations(text));
  if (merges?.length && operations?.length)
    throw new GoError(`illegally qualifies as both an SM and JSON patch: ${source}`);
  if (!merges && !operations) throw new GoError(`unable to parse SM or JSON patch from ${source}`);
  for (const merge of merges ?? []) {
    if (options["allowNameChange"]) merge.enable(NOTE.allowNameChange);
    if (options["allowKindChange"]) merge.enable(NOTE.allowKindChange);
  }
  return { merges: merges ?? [], operations: merges ? undefined : operations, target: target && selector(target), source }; // prettier-ignore
}

async function textOf(path: string, loader: Loader): Promise<string> {
  try {
    return await loader.text(path);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`failed to get the patch file from path(${path}): ${error.message}`);
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}

/** JSON patch operations, in JSON or YAML. */
function readOperations(text: string): JsonArray {
  if (text === "") throw new GoError("empty json patch operations");
  const read = readYaml(text);
  if (isFailure(read)) throw new GoError(read.error);
  const operations = (read.value ?? []) as Json;
  if (!Array.isArray(operations) || !operations.every((operation) => isObject(operation as never)))
    throw new GoError("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  return operations as JsonArray;
}

export function selector(fields: SelectorFields): Selector {
  return {
    group: "",
    version: "",
    kind: "",
    name: "",
    namespace: "",
    labelSelector: "",
    annotationSelector: "",
    ...fields,
  };
}

export function applyPatch(map: ResMap, patch: Patch): void {
  if (patch.operations) applyOperations(map, patch, patch.operations);
  else applyMerges(map, patch);
}

function applyMerges(map: ResMap, { merges, target, source }: Patch): void {
  if (target) {
    if (merges.length > 1)
      throw new GoError(`Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${source}`); // prettier-ignore
    const [patch] = merges;
    if (patch) mergeInto(map, selected(map, target), patch);
    return;
  }
  for (const patch of merges) {
    const id = patch.originalId;
    theTarget(map, id).applyMergePatch(patch);
  }
}

function selected(map: ResMap, target: Selector): Resource[] {
  try {
    return map.select(target);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`unable to find patch target ${quote(selectorText(target))} in \`resources\`: ${error.message}`);
  }
}

function selectorText({ labelSelector, annotationSelector, ...id }: Selector): string {
  return `${idText(id)}:a=${annotationSelector}:l=${labelSelector}`;
}

function theTarget(map: ResMap, id: ResId): Resource {
  try {
    return map.theOne(id);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`no resource matches strategic merge patch ${quote(idText(id))}: ${error.message}`);
  }
}

/** Merges one patch into several; those that it deletes are gone (resWrangler ApplySmPatch). */
function mergeInto(map: ResMap, targets: readonly Resource[], patch: Resource): void {
  const ids = targets.map(({ id }) => id);
  const before = map.list;
  map.list = [];
  for (const resource of before) {
    if (ids.some((id) => sameId(id, resource.id))) {
      const copy = patch.copy();
      copy.inheritMetadata(patch);
      copy.setApiVersion(resource.apiVersion);
      copy.setKind(patch.kind);
      resource.applyMergePatch(copy);
      if (resource.isEmpty) continue;
    }
    map.append(resource);
  }
}

function applyOperations(map: ResMap, { target, source }: Patch, operations: JsonArray): void {
  if (!target) throw new GoError(`must specify a target for JSON patch ${source}`);
  for (const resource of map.select(target)) {
    resource.storePreviousId();
    applyOperationsTo(resource, operations);
  }
}

/** Applies operations to an object; kustomize's own notes are as they were. */
export function applyOperationsTo(resource: Resource, operations: JsonArray): void {
  const notes = Object.entries(resource.annotations).filter(([name]) =>
    name.startsWith("internal.config.kubernetes.io/"),
  );
  let patched;
  try {
    patched = applyJsonPatch(toJson(resource.node!) as JsonObject, operations);
  } catch (error) {
    if (error instanceof PatchError) throw new GoError(error.message);
    throw error;
  }
  const node = fromJson(patched);
  checkMetadata(node);
  resource.node = node;
  resource.setAnnotations({ ...resource.annotations, ...Object.fromEntries(notes) });
}

/** `patchesStrategicMerge`: paths or inline texts. */
export async function readMerges(paths: readonly string[], loader: Loader): Promise<Resource[]> {
  const patches: Resource[] = [];
  for (const path of paths) {
    const inline = attempt(() => readResources(path));
    if (inline) {
      patches.push(...inline);
      continue;
    }
    const text = await loader.text(path);
    try {
      patches.push(...readResources(text));
    } catch (error) {
      throw inFile(error, path);
    }
  }
  return patches;
}
