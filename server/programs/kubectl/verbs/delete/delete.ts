import { command, type Invocation } from "../../cobra/command.ts";
import { bool, duration, integer, text } from "../../cobra/flag.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { DRY_RUN, dryRunOf } from "../../printing/dry-run.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources, type ResourceQuery } from "../../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions } from "../../resource/filename-flags.ts";
import type { Info } from "../../resource/info.ts";
import type { Result } from "../../resource/result.ts";
import { deleteResult, type DeleteOptions } from "./delete-result.ts";
import { rawPathProblem, rawProblem, sendRaw } from "../raw.ts";
import { cascadeOf } from "./cascade.ts";
import { confirmed } from "./confirm.ts";

export const CASCADE = text("background, orphan or foreground: what happens to the things that the object owns.", {
  initial: "background",
  optional: "background",
});

const FLAGS = {
  ...FILENAME_FLAGS,
  all: bool("Delete everything of the given types in the namespace."),
  "all-namespaces": bool("Look in all namespaces.", { shorthand: "A" }),
  cascade: CASCADE,
  "dry-run": DRY_RUN,
  "field-selector": text("Only objects with these fields."),
  force: bool("Remove at once, without waiting for the end of what runs. The data of what keeps running may suffer."),
  "grace-period": integer(
    "Seconds that the resource is given to end; negative leaves it to the resource, 0 needs --force.",
    -1,
  ),
  "ignore-not-found": bool("That something is not there is no failure."),
  interactive: bool("Ask before deleting.", { shorthand: "i" }),
  now: bool("Tell resources to end at once: a grace period of one second."),
  output: text('How to print: name prints "resource/name" only.', { shorthand: "o" }),
  raw: text("A path on the server to DELETE."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  timeout: duration("How long to wait for the end; 0 derives it from the objects.", 0),
  wait: bool("Wait until the objects are gone.", { initial: true }),
} as const;

interface Options {
  /** Undefined with `--raw`. */
  readonly result: Result | undefined;
  /** What `--interactive` asks about. */
  readonly preview: Result | undefined;
  readonly deletion: DeleteOptions;
  readonly graceAndForce: boolean;
}

export const deleteCommand = command({
  use: "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
  summary: "Delete resources by file names, stdin, resources and names, or by resources and label selector",
  about:
    "Delete resources by file names, stdin, resources and names, or by resources and label selector.\n\n Some resources, such as pods, are given time to end; --now and --grace-period shorten it, --force with --grace-period=0 does not wait for their node.",
  examples: `# What a file describes
kubectl delete -f web.yaml

# Pods and services with a label
kubectl delete pods,services -l app=web

# A pod, at once
kubectl delete pod web --now`,
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete,
  validate,
  run,
});

async function complete({
  flags,
  given,
  args,
  factory,
  process,
}: Invocation<typeof FLAGS>): Promise<Options | Failure> {
  const namespace = factory.config.namespace();
  const selecting = flags.all || flags.selector !== "" || flags["field-selector"] !== "";
  if (flags.now && flags["grace-period"] !== -1)
    return { error: "--now and --grace-period cannot be specified together" };
  const grace = graceOf(flags.now ? 1 : flags["grace-period"], flags.force);
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const cascade = await cascadeOf(process, flags.cascade);
  if (isFailure(cascade)) return cascade;
  const query: ResourceQuery = {
    files: filenameOptions(flags),
    namespace: flags["all-namespaces"] ? "" : namespace.name,
    enforceNamespace: namespace.explicit,
    allNamespaces: flags["all-namespaces"],
    labels: flags.selector,
    fields: flags["field-selector"],
    selectAll: flags.all,
    selection: await typesAndNames(args, () => factory.mapper()),
    requireObject: false,
    continueOnError: true,
    flatten: true,
  };
  if (flags.raw === "" && flags.all && (flags.selector !== "" || flags["field-selector"] !== ""))
    return { error: "setting 'all' parameter but found a non empty selector. " };
  const result = flags.raw === "" ? await findResources(factory, query) : undefined;
  return {
    result,
    preview: flags.interactive && result ? await findResources(factory, query) : undefined,
    graceAndForce: flags.force && grace > 0,
    deletion: {
      ignoreNotFound: flags["ignore-not-found"] || (selecting && !given.has("ignore-not-found")),
      gracePeriod: grace,
      force: flags.force,
      cascade,
      dryRun,
      output: flags.output,
      quiet: false,
      wait: flags.wait,
      timeout: flags.timeout,
      warnClusterScope: namespace.explicit && !flags["all-namespaces"],
    },
  };
}

/** A grace period of 0 counts only together with --force; alone it is taken for 1. */
function graceOf(grace: number, force: boolean): number {
  if (grace === 0 && !force) return 1;
  return force && grace < 0 ? 0 : grace;
}

async function run(
  { result, preview, deletion }: Options,
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  if (!result) return sendRaw(factory, "DELETE", flags);
  if (preview) {
    const infos: Info[] = [];
    await preview.visit((info) => {
      infos.push(info);
      return Promise.resolve();
    });
    if (infos.length === 0) return process.print("No resources found\n");
    if (!(await confirmed(process, infos))) return process.print("deletion is cancelled\n");
  }
  await deleteResult(factory, result, deletion);
}

function validate({ deletion, graceAndForce }: Options, { flags }: Invocation<typeof FLAGS>): Failure | undefined {
  if (deletion.output !== "" && deletion.output !== "name")
    return { error: `unexpected -o output mode: ${deletion.output}. We only support '-o name'` };
  if (flags.all && flags.selector !== "") return { error: "cannot set --all and --selector at the same time" };
  if (flags.all && flags["field-selector"] !== "")
    return { error: "cannot set --all and --field-selector at the same time" };
  if (graceAndForce) return { error: "--force and --grace-period greater than 0 cannot be specified together" };
  if (flags.raw === "") return undefined;
  if (flags.interactive) return { error: "--interactive can not be used with --raw" };
  return rawProblem(flags, "optional") ?? rawPathProblem(flags);
}
