import type { Process } from "../../../../sim/host/index.ts";
import { decode, typeId, hasStructType, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { bool, text, type ValuesOf } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { Aggregate, GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure, type Failure } from "../../output/index.ts";
import { strategicPatchBetween } from "../../patch/strategic.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { withCause } from "../../printing/record.ts";
import { objectPrinter, PRINT_FLAGS, type PrintFlags } from "../../printing/print-flags.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions } from "../../resource/filename-flags.ts";
import type { Info } from "../../resource/info.ts";
import type { Result } from "../../resource/result.ts";

/** The flags of all `set` commands. */
export const SET_FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  all: bool("Choose everything of the given types in the namespace."),
  "dry-run": DRY_RUN,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-set" }),
  local: bool("Change the file's object and print it, without asking a server."),
} as const;

type SetFlags = ValuesOf<typeof SET_FLAGS>;

export interface SetOptions {
  readonly flags: SetFlags & { readonly selector?: string };
  readonly dryRun: DryRun;
  /** The command, where `--record` asks to keep it. */
  readonly cause?: string | undefined;
  /** `image updated` */
  readonly operation: string;
  /** What stands before a refusal of the server; empty leaves it as it is. */
  readonly failure: string;
  /** Nothing is sent where nothing changes. */
  readonly skipUnchanged: boolean;
  /** Makes the changed object; throws why it cannot be changed. Errors in the list are told, and the object is changed nevertheless. */
  change(object: JsonObject, info: Info, errors: GoError[]): JsonObject | Promise<JsonObject>;
  /** How an error of `change` is told. */
  told(info: Info, error: GoError): string;
}

/** Whether it is tried only, if `-o` can be printed, too: both are looked at before anything else. */
export async function dryRunOfSet(
  process: Process,
  flags: PrintFlags & { readonly "dry-run": string },
): Promise<DryRun | Failure> {
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  const printer = objectPrinter(process, flags);
  return !isFailure(dryRun) && isFailure(printer) ? printer : dryRun;
}

/** cli-runtime pkg/resource/builder.go LocalResourceError */
export const LOCAL_NEEDS_FILES = `you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'`;

/** The objects that a `set` command is about. */
export async function findForSet(
  factory: Factory,
  resources: readonly string[],
  flags: SetOptions["flags"],
): Promise<readonly Info[]> {
  return (await resultForSet(factory, resources, flags)).all();
}

/** The same, with what went wrong on the way kept apart. */
export async function resultForSet(
  factory: Factory,
  resources: readonly string[],
  flags: SetOptions["flags"],
): Promise<Result> {
  const { name: namespace, explicit } = factory.config.namespace();
  const common = {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    continueOnError: true,
    flatten: true,
    typed: true,
  };
  if (flags.local) return findResources(factory, { ...common, local: true });
  return findResources(factory, {
    ...common,
    labels: flags.selector,
    allowEmptySelector: flags.all,
    selection: await typesAndNames(resources, () => factory.mapper()),
    latest: true,
  });
}

/** Changes objects one by one; what went wrong is told at the end. */
export async function setObjects(factory: Factory, infos: readonly Info[], options: SetOptions): Promise<void> {
  const { flags, dryRun, operation, failure } = options;
  const printer = objectPrinter(factory.process, flags, { operation: operationOf(operation, dryRun) });
  if (isFailure(printer)) throw new GoError(printer.error);
  const errors: GoError[] = [];
  const helper = flags.local ? undefined : await factory.helper();
  for (const info of infos) {
    const before = typed(info);
    let after: JsonObject;
    try {
      after = withCause(await options.change(before, info, errors), options.cause);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      errors.push(new GoError(options.told(info, error)));
      continue;
    }
    const patch = strategicPatchBetween(info.mapping, before, after);
    if (options.skipUnchanged && Object.keys(patch).length === 0) continue;
    if (!helper || dryRun === "client") {
      await emit(factory.process, printer.print(after));
      continue;
    }
    const place = { mapping: info.mapping, namespace: info.namespace, name: info.name };
    try {
      const patched = await helper.patch(place, "strategic", encodeJson(patch), {
        fieldManager: flags["field-manager"],
        dryRun: dryRun === "server",
      });
      await emit(factory.process, printer.print(patched));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      errors.push(failure === "" ? error : new GoError(`${failure}${error.message}`));
    }
  }
  if (errors.length > 0) throw new Aggregate(errors);
}

/** An object as Go's types hold it: with what they always write. */
function typed({ mapping, object, source }: Info): JsonObject {
  const id = typeId(mapping.group, mapping.version, mapping.kind);
  if (!hasStructType(id)) return object!;
  const { value, error } = decode(id, object);
  if (error !== undefined)
    throw new GoError(`${source === "" ? "" : `unable to decode ${JSON.stringify(source)}: `}${error}`);
  return { ...value, apiVersion: object!["apiVersion"]!, kind: object!["kind"]! };
}

/** `deployments/web`; a local object, whose type nobody knows, is `deployment.apps/web` and a line's end (resource.Info.ObjectName). */
export function objectName({ mapping, name }: Info, local: boolean): string {
  if (!local) return `${mapping.resource}/${name}`;
  const kind = mapping.kind.toLowerCase();
  return mapping.group === "" ? `${kind}/${name}` : `${kind}.${mapping.group}/${name}\n`;
}

/** What is wrong with the choice of objects, for commands that take `--all`, `-l` and `--local`. */
export function choiceErrors(flags: SetOptions["flags"], resources: readonly string[], dryRun: DryRun): string[] {
  const errors: string[] = [];
  if (flags.all && flags.selector) errors.push("cannot set --all and --selector at the same time");
  if (resources.length === 0 && flags.filename.length === 0 && flags.kustomize === "")
    errors.push("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  if (flags.local && dryRun === "server")
    errors.push("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
  return errors;
}
