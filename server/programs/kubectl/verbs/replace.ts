import { HOUR } from "../../../sim/kernel/index.ts";
import type { JsonObject } from "../../../sim/kube/api/index.ts";
import { command, usageError, type Invocation } from "../cobra/command.ts";
import { bool, duration, integer, text } from "../cobra/flag.ts";
import { SUBRESOURCES } from "../cobra/offer.ts";
import type { Factory } from "../client/factory.ts";
import { waitUntilDeleted } from "../client/wait-deleted.ts";
import { addSource } from "../errors/add-source.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import { isFailure, type Failure } from "../output/index.ts";
import { withLastApplied } from "../patch/last-applied.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../printing/dry-run.ts";
import { emit } from "../printing/emit.ts";
import { OpenApiCheck } from "../printing/open-api.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../printing/print-flags.ts";
import { VALIDATE, validationOf } from "../printing/validate.ts";
import { findResources } from "../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../resource/filename-flags.ts";
import { metadataOf, type Info } from "../resource/info.ts";
import { Result } from "../resource/result.ts";
import { rawProblem, sendRaw } from "./get/raw.ts";
import { cascadeOf, type PropagationPolicy } from "./delete/cascade.ts";
import { deleteResult } from "./delete/delete-result.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  cascade: text("What becomes of dependents when something is deleted: background, orphan or foreground.", {
    initial: "background",
    optional: "background",
  }),
  "dry-run": DRY_RUN,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-replace" }),
  force: bool("Delete and create anew rather than replace."),
  "grace-period": integer("Seconds that is given to end to what is deleted; negative leaves it to the server.", -1),
  raw: text("A path on the server to PUT the file to."),
  "save-config": bool("Keep the object as it is sent in an annotation, for a later apply."),
  subresource: text("The part of the object to replace.", { offer: SUBRESOURCES }),
  timeout: duration("How long to wait for a deletion.", 0),
  validate: VALIDATE,
  wait: bool("Wait until what is deleted is gone."),
} as const;

interface Options {
  readonly dryRun: DryRun;
  readonly validation: string;
  readonly printer: ObjectPrinter;
  readonly cascade: PropagationPolicy;
}

const A_WEEK = 168 * HOUR;

export const replace = command({
  use: "replace -f FILENAME",
  summary: "Replace a resource by file name or stdin",
  about: "Replace a resource by file name or stdin. The file must describe all of it.\n\n JSON and YAML are accepted.",
  examples: `# With what a file says
kubectl replace -f web.yaml

# Delete it and create it anew
kubectl replace --force -f web.yaml`,
  flags: FLAGS,
  complete,
  run,
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const { flags, args, process } = invocation;
  const validation = validationOf(flags.validate);
  if (isFailure(validation)) return validation;
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const printer = objectPrinter(process, flags, { operation: operationOf("replaced", dryRun) });
  if (isFailure(printer)) return printer;
  const cascade = await cascadeOf(process, flags.cascade);
  if (isFailure(cascade)) return cascade;
  if (noFiles(filenameOptions(flags))) return { error: "must specify one of -f and -k" };
  if (args.length > 0) return usageError(invocation, `Unexpected args: [${args.join(" ")}]`);
  if (flags.raw !== "") {
    const problem = rawProblem(flags, "one");
    if (problem) return problem;
  }
  if (flags.force && dryRun !== "none") return { error: "--dry-run can not be used when --force is set" };
  if (flags["grace-period"] >= 0 && !flags.force) return { error: "--grace-period must have --force specified" };
  if (flags.timeout !== 0 && !flags.force) return { error: "--timeout must have --force specified" };
  return { dryRun, validation, printer, cascade };
}

async function run(options: Options, { flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  if (flags.raw !== "") return sendRaw(factory, "PUT", flags.raw, flags.filename[0]!);
  const { dryRun, validation, printer } = options;
  const { name: namespace, explicit } = factory.config.namespace();
  const query = {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    continueOnError: true,
    flatten: true,
    checkDocument: new OpenApiCheck(factory, validation).check,
  };
  const write = { fieldManager: flags["field-manager"], fieldValidation: validation, dryRun: dryRun === "server" };
  const wanted = ({ object }: Info): JsonObject => (flags["save-config"] ? withLastApplied(object!) : object!);
  if (flags.force) return forceReplace(factory, query, options, { flags, write, wanted });
  const helper = await factory.helper();
  const result = await findResources(factory, query);
  await result.visit(async (info) => {
    const object = wanted(info);
    if (dryRun === "client") return emit(process, printer.print(object));
    const place = { mapping: info.mapping, namespace: info.namespace, name: info.name, subresource: flags.subresource };
    try {
      // Without a version, the one that is there is replaced whatever it is.
      const versioned =
        metadataOf(object)["resourceVersion"] === undefined ? await withVersion(factory, info, object) : object;
      await emit(process, printer.print(await helper.replace(place, versioned, write)));
    } catch (error) {
      throw addSource("replacing", info.source, error);
    }
  });
}

async function withVersion(
  factory: Factory,
  { mapping, namespace, name }: Info,
  object: JsonObject,
): Promise<JsonObject> {
  const helper = await factory.helper();
  try {
    const live = await helper.get({ mapping, namespace, name });
    const resourceVersion = metadataOf(live)["resourceVersion"] as string;
    return { ...object, metadata: { ...(object["metadata"] as JsonObject), resourceVersion } };
  } catch (error) {
    if (error instanceof GoError) return object;
    throw error;
  }
}

interface Force {
  readonly flags: Invocation<typeof FLAGS>["flags"];
  readonly write: { readonly fieldManager: string; readonly fieldValidation: string; readonly dryRun: boolean };
  readonly wanted: (info: Info) => JsonObject;
}

/** `--force`: delete all, wait until they are gone, create all. */
async function forceReplace(
  factory: Factory,
  query: Parameters<typeof findResources>[1],
  { cascade, printer, dryRun }: Options,
  { flags, write, wanted }: Force,
): Promise<void> {
  const { process } = factory;
  const helper = await factory.helper();
  const infos = await (await findResources(factory, query)).all();
  const one = async function* (info: Info): AsyncGenerator<Info> {
    yield info;
  };
  const sources = infos.map((info) => () => one(info));
  await deleteResult(
    factory,
    new Result(
      factory,
      { ...query, requireObject: false },
      { single: false, targetsSingleItems: true, mappings: [], sources },
    ),
    {
      ignoreNotFound: true,
      // So that nothing is lost by mistake, no time at all is a second that is waited for.
      gracePeriod: flags["grace-period"] === 0 ? 1 : flags["grace-period"],
      force: true,
      cascade,
      dryRun,
      output: flags.output,
      quiet: false,
      wait: flags["grace-period"] === 0 || flags.wait,
      timeout: flags.timeout,
      warnClusterScope: false,
    },
  );
  const span = flags.timeout === 0 ? A_WEEK : flags.timeout;
  for (const info of infos) {
    try {
      await waitUntilDeleted(factory, info, undefined, process.kernel.now + span, span);
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }
  if (infos.length === 0) throw new GoError("no objects passed to replace");
  for (const info of infos) {
    const created = await helper.create({ mapping: info.mapping, namespace: info.namespace }, wanted(info), write);
    await emit(process, printer.print(created));
  }
}
