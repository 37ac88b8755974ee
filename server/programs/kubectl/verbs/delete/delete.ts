import { command, type Invocation } from "../../cobra/command.ts";
import { bool, duration, integer, text } from "../../cobra/flag.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { DRY_RUN, dryRunOf } from "../../printing/dry-run.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { FILENAME_FLAGS, filenameOptions } from "../../resource/filename-flags.ts";
import type { Result } from "../../resource/result.ts";
import { deleteRaw, rawProblem } from "../get/raw.ts";
import { agreed } from "./agreed.ts";
import { deleteResult, type DeleteOptions } from "./delete-result.ts";
import { cascadeOf } from "./cascade.ts";

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

/** Either a path on the server, or things to delete. */
type Options = Deletion | { readonly raw: string };

interface Deletion {
  readonly result: Result;
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
  if (flags.raw !== "") return rawProblem(flags, "at most one") ?? { raw: flags.raw };
  const result = await findResources(factory, {
    files: filenameOptions(flags),
    namespace: flags["all-namespaces"] ? "" : namespace.name,
    enforceNamespace: namespace.explicit,
    allNamespaces: flags["all-namespaces"],
    labels: flags.selector,
    fields: flags["field-selector"],
    selectAll: flags.all,
    selectAllLast: true,
    selection: await typesAndNames(args, () => factory.mapper()),
    requireObject: false,
    continueOnError: true,
    flatten: true,
  });
  return {
    result,
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

function validate(options: Options, { flags }: Invocation<typeof FLAGS>): Failure | undefined {
  if ("raw" in options) return undefined;
  const { deletion, graceAndForce } = options;
  if (deletion.output !== "" && deletion.output !== "name")
    return { error: `unexpected -o output mode: ${deletion.output}. We only support '-o name'` };
  if (flags.all && flags.selector !== "") return { error: "cannot set --all and --selector at the same time" };
  if (flags.all && flags["field-selector"] !== "")
    return { error: "cannot set --all and --field-selector at the same time" };
  if (graceAndForce) return { error: "--force and --grace-period greater than 0 cannot be specified together" };
  return undefined;
}

async function run(options: Options, { flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  if ("raw" in options) return deleteRaw(factory, options.raw, flags.filename[0]);
  const { result, deletion } = options;
  if (!flags.interactive) return deleteResult(factory, result, deletion);
  const { infos, error } = await result.infos();
  if (error) throw error;
  if (infos.length === 0) return process.print("No resources found\n");
  // They are looked for once more, unless standard input has been read.
  const again = flags.filename.includes("-") ? result.again(infos) : result;
  if (await agreed(process, infos)) return deleteResult(factory, again, deletion);
  await process.print("deletion is cancelled\n");
}
