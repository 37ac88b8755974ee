import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, usageError, type Entry, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { addSource } from "../../errors/add-source.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { lastAppliedOf, withLastApplied } from "../../patch/last-applied.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { OpenApiCheck } from "../../printing/open-api.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";
import { causeOf, RECORD, withCause } from "../../printing/record.ts";
import { VALIDATE, validationOf } from "../../printing/validate.ts";
import { findResources } from "../../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import type { Info } from "../../resource/info.ts";
import { editedFormatProblem, Editing } from "../edit/editing.ts";
import { rawProblem, sendRaw } from "../get/raw.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "dry-run": DRY_RUN,
  edit: bool("Edit the objects before they are created."),
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-create" }),
  record: RECORD,
  raw: text("A path on the server to POST the file to."),
  "save-config": bool("Keep the object as it is sent in an annotation, for a later apply."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  validate: VALIDATE,
  "windows-line-endings": bool("With --edit: end lines as Windows does."),
} as const;

interface Options {
  readonly dryRun: DryRun;
  readonly printer: ObjectPrinter;
  readonly validation: string;
}

const entry = (name: string, summary: string, load: Entry["load"], aliases?: readonly string[]): Entry => ({
  name,
  summary,
  load,
  ...(aliases ? { aliases } : {}),
});

export const create = command({
  use: "create -f FILENAME",
  summary: "Create a resource from a file or from stdin",
  about: "Create a resource from a file or from stdin.\n\n JSON and YAML are accepted.",
  examples: `# What a file describes
kubectl create -f pod.yaml

# What another command writes
cat pod.yaml | kubectl create -f -`,
  flags: FLAGS,
  subcommands: [
    entry("clusterrole", "Create a cluster role", async () => (await import("./clusterrole.ts")).clusterRole),
    entry(
      "clusterrolebinding",
      "Create a cluster role binding for a particular cluster role",
      async () => (await import("./rolebinding.ts")).clusterRoleBinding,
    ),
    entry(
      "configmap",
      "Create a config map from a local file, directory or literal value",
      async () => (await import("./configmap.ts")).configMap,
      ["cm"],
    ),
    entry("cronjob", "Create a cron job with the specified name", async () => (await import("./job.ts")).cronJob, [
      "cj",
    ]),
    entry(
      "deployment",
      "Create a deployment with the specified name",
      async () => (await import("./deployment.ts")).deployment,
      ["deploy"],
    ),
    entry("ingress", "Create an ingress with the specified name", async () => (await import("./ingress.ts")).ingress, [
      "ing",
    ]),
    entry("job", "Create a job with the specified name", async () => (await import("./job.ts")).job),
    entry(
      "namespace",
      "Create a namespace with the specified name",
      async () => (await import("./namespace.ts")).namespace,
      ["ns"],
    ),
    entry(
      "poddisruptionbudget",
      "Create a pod disruption budget with the specified name",
      async () => (await import("./limits.ts")).podDisruptionBudget,
      ["pdb"],
    ),
    entry(
      "priorityclass",
      "Create a priority class with the specified name",
      async () => (await import("./limits.ts")).priorityClass,
      ["pc"],
    ),
    entry("quota", "Create a quota with the specified name", async () => (await import("./limits.ts")).quota, [
      "resourcequota",
    ]),
    entry("role", "Create a role with single rule", async () => (await import("./role.ts")).role),
    entry(
      "rolebinding",
      "Create a role binding for a particular role or cluster role",
      async () => (await import("./rolebinding.ts")).roleBinding,
    ),
    entry("secret", "Create a secret using a specified subcommand", async () => (await import("./secret.ts")).secret),
    entry(
      "service",
      "Create a service using a specified subcommand",
      async () => (await import("./service.ts")).service,
      ["svc"],
    ),
    entry(
      "serviceaccount",
      "Create a service account with the specified name",
      async () => (await import("./serviceaccount.ts")).serviceAccount,
      ["sa"],
    ),
    entry("token", "Request a service account token", async () => (await import("./token.ts")).token),
  ],
  complete,
  run,
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const { flags, args, process } = invocation;
  if (noFiles(filenameOptions(flags))) {
    if (args.length > 0) return usageError(invocation, `Unexpected args: [${args.join(" ")}]`);
    return { error: "must specify one of -f and -k" };
  }
  if (args.length > 0) return usageError(invocation, `Unexpected args: [${args.join(" ")}]`);
  if (flags.raw !== "") {
    const problem = flags.edit ? { error: "--raw and --edit are mutually exclusive" } : rawProblem(flags, "one");
    if (problem) return problem;
  }
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const validation = validationOf(flags.validate);
  if (isFailure(validation)) return validation;
  const printer = objectPrinter(process, flags, { operation: operationOf("created", dryRun) });
  if (isFailure(printer)) return printer;
  return { dryRun, printer, validation };
}

async function run({ dryRun, printer, validation }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, factory, process } = invocation;
  if (flags.raw !== "") return sendRaw(factory, "POST", flags.raw, flags.filename[0]!);
  factory.config.checkNamed();
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    // What is edited is not chosen (create.go RunEditOnCreate).
    ...(flags.edit ? {} : { labels: flags.selector }),
    continueOnError: true,
    flatten: true,
    checkDocument: new OpenApiCheck(factory, validation).check,
  });
  if (flags.edit)
    return result.visit(async (read) => {
      const problem = editedFormatProblem(flags.output);
      if (problem) throw new GoError(problem.error);
      const save = async (info: Info): Promise<void> => {
        const object = await createObject(factory, info, info.object!, "creating", {
          fieldManager: flags["field-manager"],
          fieldValidation: validation,
          dryRun: dryRun === "server",
        });
        await emit(process, printer.print(object));
      };
      await new Editing(factory, [read], flags, save).loop();
    });
  let count = 0;
  await result.visit(async (info) => {
    const saved =
      flags["save-config"] || lastAppliedOf(info.object!) !== undefined ? withLastApplied(info.object!) : info.object!;
    const object = withCause(saved, causeOf(invocation));
    const created =
      dryRun === "client"
        ? object
        : await createObject(factory, info, object, "creating", {
            fieldManager: flags["field-manager"],
            fieldValidation: validation,
            dryRun: dryRun === "server",
          });
    count++;
    await emit(process, printer.print(created));
  });
  if (count === 0) throw new GoError("no objects passed to create");
}

/** Sends an object to where its type is (cli-runtime pkg/resource/helper.go Create). */
export async function createObject(
  factory: Factory,
  info: Info,
  object: JsonObject,
  doing: string,
  options: { fieldManager: string; fieldValidation?: string; dryRun: boolean },
): Promise<JsonObject> {
  const helper = await factory.helper();
  try {
    return await helper.create({ mapping: info.mapping, namespace: info.namespace }, object, options);
  } catch (error) {
    throw addSource(doing, info.source, error);
  }
}
