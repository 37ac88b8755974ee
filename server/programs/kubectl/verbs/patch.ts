import type { Process } from "../../../sim/host/index.ts";
import { hasStructType, typeId, isObject, type JsonObject, type JsonValue } from "../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../cobra/command.ts";
import { bool, text } from "../cobra/flag.ts";
import { SUBRESOURCES } from "../cobra/offer.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import { encodeJson, isFailure, type Failure, type Json } from "../output/index.ts";
import { applyPatch } from "../patch/apply.ts";
import { DRY_RUN, dryRunOf, type DryRun } from "../printing/dry-run.ts";
import { emit } from "../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS } from "../printing/print-flags.ts";
import { causeOf, CHANGE_CAUSE, RECORD } from "../printing/record.ts";
import { typesAndNames } from "../resource/arguments.ts";
import { findResources } from "../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions } from "../resource/filename-flags.ts";
import type { Info } from "../resource/info.ts";
import { readFile } from "../resource/sources.ts";
import { sameJson } from "../../../sim/kube/api/index.ts";
import { readYaml } from "../yaml/read.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "dry-run": DRY_RUN,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-patch" }),
  local: bool("Change the file's object and print it, without asking a server."),
  patch: text("The patch, as JSON or YAML.", { shorthand: "p" }),
  "patch-file": text("A file with the patch."),
  record: RECORD,
  subresource: text("The part of the object to patch: status, scale or resize.", { offer: SUBRESOURCES }),
  type: text("How the patch is meant: json, merge or strategic.", { initial: "strategic" }),
} as const;

type PatchType = "strategic" | "merge" | "json";

interface Options {
  readonly dryRun: DryRun;
  readonly type: PatchType | undefined;
}

export const patch = command({
  use: "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
  summary: "Update fields of a resource",
  about: "Update fields of a resource, by a strategic merge patch, a JSON merge patch or a JSON patch.",
  examples: `# Change the image of the container called web
kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:1.28"}]}}}}'

# Replace one field by a JSON patch
kubectl patch svc web --type=json -p '[{"op":"replace","path":"/spec/ports/0/port","value":8080}]'`,
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete,
  validate,
  run,
});

async function complete({ flags, process }: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const type = flags.type.toLowerCase();
  return { dryRun, type: type === "strategic" || type === "merge" || type === "json" ? type : undefined };
}

function validate({ dryRun, type }: Options, { flags, args }: Invocation<typeof FLAGS>): Failure | undefined {
  if (flags.patch !== "" && flags["patch-file"] !== "")
    return { error: "cannot specify --patch and --patch-file together" };
  if (flags.patch === "" && flags["patch-file"] === "")
    return { error: "must specify --patch or --patch-file containing the contents of the patch" };
  if (flags.local && args.length > 0) return { error: "cannot specify --local and server resources" };
  if (flags.local && dryRun === "server")
    return { error: "cannot specify --local and --dry-run=server - did you mean --dry-run=client?" };
  if (!type) return { error: `--type must be one of [json merge strategic], not ${JSON.stringify(flags.type)}` };
  return undefined;
}

async function run(options: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, args, factory, process } = invocation;
  const cause = causeOf(invocation);
  const type = options.type!;
  const text = flags.patch !== "" ? flags.patch : await readPatchFile(process, flags["patch-file"]);
  const read = parsePatch(text);
  if (isFailure(read)) throw new GoError(`unable to parse ${goQuote(text)}: ${read.error}`);
  // What looks like JSON is sent as it is.
  const body = /^\s*\{/.test(text) ? text : encodeJson(read.value);
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    subresource: flags.subresource,
    continueOnError: true,
    flatten: true,
    local: flags.local,
    ...(flags.local ? {} : { selection: await typesAndNames(args, () => factory.mapper()) }),
  });
  let count = 0;
  await result.visit(async (info) => {
    count++;
    const local = flags.local || options.dryRun === "client";
    const patched = local ? applyLocally(info, type, read.value) : await send(info);
    const changed = local
      ? !sameJson(info.object, patched)
      : !sameJson(withoutManagedFields(info.object!), withoutManagedFields(patched));
    // kubectl forgets to say that it was a dry run.
    const operation = changed || local ? "patched" : "patched (no change)";
    const printer = objectPrinter(process, flags, { operation });
    if (isFailure(printer)) throw new GoError(printer.error);
    await emit(process, printer.print(patched));
  });
  if (count === 0) throw new GoError("no objects passed to patch");

  async function send({ mapping, namespace: within, name }: Info): Promise<JsonObject> {
    const helper = await factory.helper();
    const place = { mapping, namespace: within, name, subresource: flags.subresource };
    const write = { dryRun: options.dryRun === "server", fieldManager: flags["field-manager"] };
    const patched = await helper.patch(place, type, body, write).catch((error: unknown) => {
      throw isReason(error, "UnsupportedMediaType") ? new GoError(unsupported(mapping, type, error.message)) : error;
    });
    if (cause === undefined) return patched;
    const record = encodeJson({ metadata: { annotations: { [CHANGE_CAUSE]: cause } } });
    return helper.patch({ mapping, namespace: within, name }, "merge", record, write);
  }
}

function unsupported({ group, version, kind }: Info["mapping"], type: PatchType, why: string): string {
  const media = type === "strategic" ? "strategic-merge-patch" : `${type}-patch`;
  return `application/${media}+json is not supported by ${group}/${version}, Kind=${kind}: ${why}`;
}

async function readPatchFile(process: Process, path: string): Promise<string> {
  try {
    return await readFile(process, path);
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`unable to read patch file: ${error.message}`);
    throw error;
  }
}

function parsePatch(text: string): { readonly value: Json } | Failure {
  if (!/^\s*\{/.test(text)) return readYaml(text);
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { value: null };
  }
}

function applyLocally({ object, mapping }: Info, type: PatchType, patch: Json): JsonObject {
  const { group, version, kind } = mapping;
  if (type === "strategic" && kind !== "List" && !hasStructType(typeId(group, version, kind)))
    throw new GoError(
      `strategic merge patch is not supported for ${group}/${version}, Kind=${kind} locally, try --type merge`,
    );
  const patched = applyPatch(mapping, object!, type, patch as JsonValue);
  if (isFailure(patched)) throw new GoError(patched.error);
  return patched;
}

function withoutManagedFields(object: JsonObject): JsonObject {
  const { metadata, ...rest } = object;
  if (!isObject(metadata)) return object;
  const { managedFields: _, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

function goQuote(text: string): string {
  return JSON.stringify(text);
}
