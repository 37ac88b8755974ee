import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { mergePatchBetween } from "../../patch/merge.ts";
import { encodeJson, isFailure } from "../../output/index.ts";
import { operationOf, type DryRun } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { withCause } from "../../printing/record.ts";
import { objectPrinter, type PrintFlags } from "../../printing/print-flags.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { metadataOf, type Info } from "../../resource/info.ts";
import type { Result } from "../../resource/result.ts";
import type { FilenameOptions } from "../../resource/sources.ts";
import type { Pairs } from "./pairs.ts";

/** A change of labels or annotations of all things that were asked for. */
export interface MetadataUpdate {
  readonly field: "labels" | "annotations";
  readonly resources: readonly string[];
  readonly pairs: Pairs;
  readonly files: FilenameOptions;
  readonly flags: PrintFlags & {
    readonly all: boolean;
    readonly "all-namespaces": boolean;
    readonly "field-selector": string;
    readonly "field-manager": string;
    readonly list: boolean;
    readonly local: boolean;
    readonly overwrite: boolean;
    readonly "resource-version": string;
    readonly selector: string;
  };
  readonly dryRun: DryRun;
  /** The command, where `--record` asks to keep it. */
  readonly cause: string | undefined;
  readonly namespace: string;
  readonly explicitNamespace: boolean;
}

type StringMap = Readonly<Record<string, string>>;

/** What is different between two kubectl commands that change metadata. */
export interface UpdateWords {
  /** Refuses to replace values without --overwrite; the error, if there is one. */
  conflict(current: StringMap, pairs: Pairs): GoError | undefined;
  /** What to call what was done. */
  operation(before: string, after: string, update: MetadataUpdate): string;
}

export async function findForUpdate(factory: Factory, update: MetadataUpdate): Promise<Result> {
  const { flags, files, resources } = update;
  const common = {
    files,
    namespace: update.namespace,
    enforceNamespace: update.explicitNamespace,
    continueOnError: true,
    flatten: true,
  };
  if (flags.local) return findResources(factory, { ...common, local: true });
  return findResources(factory, {
    ...common,
    ...(flags["all-namespaces"] ? { namespace: "" } : {}),
    allNamespaces: flags["all-namespaces"],
    labels: flags.selector,
    fields: flags["field-selector"],
    selection: await typesAndNames(resources, () => factory.mapper()),
    allowEmptySelector: flags.all,
    latest: true,
  });
}

export async function runUpdate(factory: Factory, update: MetadataUpdate, words: UpdateWords): Promise<void> {
  const result = await findForUpdate(factory, update);
  if (!result.single && update.flags["resource-version"] !== "")
    throw new GoError("--resource-version may only be used with a single resource");
  await result.visit((info) => updateOne(factory, update, words, info, result.single));
}

async function updateOne(
  factory: Factory,
  update: MetadataUpdate,
  words: UpdateWords,
  info: Info,
  single: boolean,
): Promise<void> {
  const { flags, field, pairs, dryRun } = update;
  const { process } = factory;
  const before =
    flags["resource-version"] === "" ? info.object! : withMetadata(info.object!, "resourceVersion", undefined);
  const current = (metadataOf(before)[field] ?? {}) as StringMap;
  const writes = dryRun !== "client" && !flags.local && !flags.list;
  if (writes && field === "labels")
    for (const key of pairs.remove)
      if (!Object.hasOwn(current, key)) await process.print(`label "${key}" not found.\n`);
  const conflict = flags.overwrite ? undefined : words.conflict(current, pairs);
  if (conflict) throw conflict;
  const after = changed(before, update, current);
  const sent = writes ? await patch(factory, update, info, before, after) : after;
  if (flags.list) return list(factory, update, info, after, single);
  const operation = words.operation(encodeJson(before), encodeJson(after), update);
  const printer = objectPrinter(process, flags, { operation: operationOf(operation, dryRun) });
  if (isFailure(printer)) throw new GoError(printer.error);
  await emit(process, printer.print(sent));
}

function changed(object: JsonObject, { field, pairs, flags, cause }: MetadataUpdate, current: StringMap): JsonObject {
  const next: Record<string, string> = { ...current };
  for (const [key, value] of pairs.set) next[key] = value;
  for (const key of pairs.remove) delete next[key];
  const done = withCause(withMetadata(object, field, next), cause);
  return flags["resource-version"] === "" ? done : withMetadata(done, "resourceVersion", flags["resource-version"]);
}

function withMetadata(object: JsonObject, field: string, value: JsonObject | string | undefined): JsonObject {
  const { [field]: _, ...rest } = metadataOf(object) as JsonObject;
  return { ...object, metadata: value === undefined ? rest : { ...rest, [field]: value } };
}

async function patch(
  factory: Factory,
  { flags, dryRun }: MetadataUpdate,
  info: Info,
  before: JsonObject,
  after: JsonObject,
): Promise<JsonObject> {
  const { mapping, namespace, name } = info;
  const helper = await factory.helper();
  const body = encodeJson(mergePatchBetween(before, after));
  return helper.patch({ mapping, namespace, name }, "merge", body, {
    dryRun: dryRun === "server",
    fieldManager: flags["field-manager"],
  });
}

async function list(
  factory: Factory,
  { field }: MetadataUpdate,
  info: Info,
  object: JsonObject,
  single: boolean,
): Promise<void> {
  const { process } = factory;
  const { group, kind } = info.mapping;
  if (!single) await process.print(`Listing ${field} for ${kind}.${group}/${info.name}:\n`);
  const entries = Object.entries((metadataOf(object)[field] ?? {}) as StringMap).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of entries) await process.print(`${single ? "" : " "}${key}=${value}\n`);
}
