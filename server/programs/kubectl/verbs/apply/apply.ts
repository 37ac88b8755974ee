import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, usageError, type Entry, type Invocation } from "../../cobra/command.ts";
import { bool, duration, integer, list, text } from "../../cobra/flag.ts";
import { SUBRESOURCES } from "../../cobra/offer.ts";
import type { Factory } from "../../client/factory.ts";
import { warn } from "../../client/warning.ts";
import { infoText, retrieving } from "./retrieving.ts";
import { addSource } from "../../errors/add-source.ts";
import { aggregate, GoError, isReason } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { LAST_APPLIED, lastAppliedOf, withLastApplied } from "../../patch/last-applied.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { OpenApiCheck } from "../../printing/open-api.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";
import { causeOf, RECORD, withCause } from "../../printing/record.ts";
import { VALIDATE, validationOf } from "../../printing/validate.ts";
import { findResources } from "../../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import { metadataOf, type Info } from "../../resource/info.ts";
import { fetchObject } from "../../resource/result.ts";
import { cascadeOf, type PropagationPolicy } from "../delete/cascade.ts";
import { patchLive } from "./patcher.ts";
import { prune, pruneTypes, type PruneType } from "./prune.ts";
import { applyServerSide } from "./server-side.ts";
import { withoutNulls } from "./without-nulls.ts";

const CLIENT_SIDE = "kubectl-client-side-apply";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  all: bool("Choose everything of the given types in the namespace. For --prune."),
  cascade: text("What becomes of dependents when something is deleted: background, orphan or foreground.", {
    initial: "background",
    optional: "background",
  }),
  "dry-run": DRY_RUN,
  "field-manager": text("The name under which the change is tracked.", { initial: CLIENT_SIDE }),
  force: bool("Delete and create anew what cannot be changed."),
  "force-conflicts": bool("With --server-side: take fields over from others."),
  "grace-period": integer("Seconds that is given to end to what is deleted; negative leaves it to the server.", -1),
  "openapi-patch": bool("Take the merge keys of lists from the server's OpenAPI.", { initial: true }),
  overwrite: bool("Of changes made by others, take those of the file.", { initial: true }),
  prune: bool("Delete what was applied earlier and is no longer in the files."),
  "prune-allowlist": list("The types that --prune may delete."),
  record: RECORD,
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  "server-side": bool("Let the server merge."),
  subresource: text("The part of the objects to apply to. Only with --server-side.", { offer: SUBRESOURCES }),
  timeout: duration("How long to wait for a deletion.", 0),
  validate: VALIDATE,
  wait: bool("Wait until what is deleted is gone."),
} as const;

interface Options {
  readonly dryRun: DryRun;
  readonly validation: string;
  readonly cascade: PropagationPolicy;
  /** Objects are printed at the end rather than a line for each. */
  readonly printsObjects: boolean;
  readonly pruneTypes: readonly PruneType[];
  printer(operation: string): ObjectPrinter | Failure;
}

type Flags = Invocation<typeof FLAGS>["flags"];

const entry = (name: string, summary: string, load: Entry["load"]): Entry => ({ name, summary, load });

export const apply = command({
  use: "apply (-f FILENAME | -k DIRECTORY)",
  summary: "Apply a configuration to a resource by file name or stdin",
  about:
    "Apply a configuration to a resource by file name or stdin. The resource is created if it is not there yet.\n\n JSON and YAML are accepted.",
  examples: `# What a file describes
kubectl apply -f web.yaml

# All files of a folder
kubectl apply -f manifests/

# What another command writes
cat pod.yaml | kubectl apply -f -`,
  flags: FLAGS,
  subcommands: [
    entry(
      "edit-last-applied",
      "Edit latest last-applied-configuration annotations of a resource/object",
      async () => (await import("./edit-last-applied.ts")).editLastApplied,
    ),
    entry(
      "set-last-applied",
      "Set the last-applied-configuration annotation on a live object to match the contents of a file",
      async () => (await import("./set-last-applied.ts")).setLastApplied,
    ),
    entry(
      "view-last-applied",
      "View the latest last-applied-configuration annotations of a resource/object",
      async () => (await import("./view-last-applied.ts")).viewLastApplied,
    ),
  ],
  complete,
  run,
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const { flags, args, factory, process } = invocation;
  if (args.length > 0) return usageError(invocation, `Unexpected args: [${args.join(" ")}]`);
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const validation = validationOf(flags.validate);
  if (isFailure(validation)) return validation;
  const cascade = await cascadeOf(process, flags.cascade);
  if (isFailure(cascade)) return cascade;
  const files = filenameOptions(flags);
  if (noFiles(files)) return { error: "must specify one of -f and -k" };
  const types = flags.prune ? await pruneTypes(factory, flags["prune-allowlist"]) : [];
  if (isFailure(types)) return types;
  const problem = combinationProblem(flags, dryRun);
  if (problem) return problem;
  const printer = (operation: string): ObjectPrinter | Failure =>
    objectPrinter(process, flags, { operation: operationOf(operation, dryRun) });
  const probe = printer("");
  if (isFailure(probe)) return probe;
  const printsObjects = (flags.output !== "" && flags.output !== "name") || flags.template !== "";
  return { dryRun, validation, cascade, printsObjects, printer, pruneTypes: types };
}

/** What does not go together (apply.go Validate). */
function combinationProblem(flags: Flags, dryRun: DryRun): Failure | undefined {
  if (flags.subresource !== "" && !flags["server-side"])
    return { error: "--subresource can only be specified for --server-side" };
  if (flags["force-conflicts"] && !flags["server-side"])
    return { error: "--force-conflicts only works with --server-side" };
  if (flags["server-side"] && dryRun === "client")
    return { error: "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)" };
  if (flags["server-side"] && flags.force) return { error: "--force cannot be used with --server-side" };
  if (flags.subresource !== "" && !flags["server-side"])
    return { error: "--subresource can only be specified for --server-side" };
  if (flags.force && dryRun === "server") return { error: "--dry-run=server cannot be used with --force" };
  if (flags.all && flags.selector !== "") return { error: "cannot set --all and --selector at the same time" };
  if (!flags.prune) return undefined;
  if (!flags.all && flags.selector === "")
    return {
      error:
        "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector",
    };
  if (flags["server-side"])
    return { error: "--prune is in alpha and doesn't currently work on objects created by server-side apply" };
  return flags.force ? { error: "--force cannot be used with --prune" } : undefined;
}

async function run(options: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, factory, process } = invocation;
  const cause = causeOf(invocation);
  factory.config.checkNamed();
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    labels: flags.selector,
    continueOnError: true,
    flatten: true,
    checkDocument: new OpenApiCheck(factory, options.validation).check,
  });
  const { infos, error } = await result.infos();
  const errors: GoError[] = error ? [error] : [];
  if (infos.length === 0 && !error) throw new GoError("no objects passed to apply");
  const applied: JsonObject[] = [];
  const namespaces = new Set<string>();
  for (const info of infos) {
    if (info.mapping.namespaced) namespaces.add(info.namespace);
    try {
      applied.push(await applyOne(factory, { ...info, object: withCause(info.object!, cause) }, options, flags));
    } catch (failure) {
      if (!(failure instanceof GoError)) throw failure;
      errors.push(failure);
    }
  }
  const all = aggregate(errors);
  if (all) throw all;
  if (options.printsObjects) {
    const printer = options.printer("") as ObjectPrinter;
    const shown: JsonObject =
      applied.length === 1 ? applied[0]! : { apiVersion: "v1", items: applied, kind: "List", metadata: {} };
    await emit(process, printer.print(shown));
  }
  if (!flags.prune) return;
  await prune(factory, applied, namespaces, {
    types: options.pruneTypes,
    selector: flags.selector,
    dryRun: options.dryRun,
    cascade: options.cascade,
    gracePeriod: flags["grace-period"],
    say: (object) => emit(process, (options.printer("pruned") as ObjectPrinter).print(object)),
  });
}

/** Creates what is not there, patches what is (kubectl pkg/cmd/apply/apply.go applyOneObject). */
async function applyOne(factory: Factory, info: Info, options: Options, flags: Flags): Promise<JsonObject> {
  const { dryRun, validation } = options;
  const { process } = factory;
  if (flags["server-side"]) return applyOnServer(factory, info, options, flags);
  const write = { fieldManager: flags["field-manager"], fieldValidation: validation, dryRun: dryRun === "server" };
  const generated = metadataOf(info.object)["generateName"] as string | undefined;
  if (info.name === "" && generated !== undefined)
    throw new GoError(`from ${generated}: cannot use generate name with apply`);
  const modified = withLastApplied(info.object!);
  const say = async (operation: string, object: JsonObject): Promise<JsonObject> => {
    if (!options.printsObjects) await emit(process, (options.printer(operation) as ObjectPrinter).print(object));
    return object;
  };
  let live: JsonObject;
  try {
    live = await fetchObject(factory, info);
  } catch (error) {
    if (!isReason(error, "NotFound")) throw retrieving(info, error);
    const object = withoutNulls(modified);
    if (dryRun === "client") return say("created", object);
    const helper = await factory.helper();
    try {
      return await say(
        "created",
        await helper.create({ mapping: info.mapping, namespace: info.namespace }, object, write),
      );
    } catch (refused) {
      throw addSource("creating", info.source, refused);
    }
  }
  if (dryRun === "client") return say("configured", live);
  if (lastAppliedOf(live) === undefined)
    await warn(
      process,
      `resource ${info.mapping.resource}/${info.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
    );
  const patched = await patchLive(factory, info, live, modified, {
    write,
    force: flags.force,
    cascade: options.cascade,
    gracePeriod: flags["grace-period"],
  });
  if ("error" in patched) {
    const what = `applying patch:\n${patched.patch}\nto:\n${infoText(info)}\nfor:`;
    throw addSource(what, info.source, addSource("patching", info.source, patched.error));
  }
  const { object, unchanged } = patched;
  if (metadataOf(object)["deletionTimestamp"] !== undefined)
    await warn(process, "Detected changes to resource " + info.name + " which is currently being deleted.");
  return say(unchanged ? "unchanged" : "configured", object);
}

/** The name under which a change is tracked, if none is given: each way to apply has its own. */
function managerOf(flags: Flags): string {
  const given = flags["field-manager"];
  return flags["server-side"] && given === CLIENT_SIDE ? "kubectl" : given;
}

async function applyOnServer(factory: Factory, info: Info, options: Options, flags: Flags): Promise<JsonObject> {
  const applied = await applyServerSide(factory, info, flags.subresource, {
    fieldManager: managerOf(flags),
    fieldValidation: options.validation,
    dryRun: options.dryRun === "server",
    force: flags["force-conflicts"],
  });
  if (!options.printsObjects)
    await emit(factory.process, (options.printer("serverside-applied") as ObjectPrinter).print(applied));
  return applied;
}
