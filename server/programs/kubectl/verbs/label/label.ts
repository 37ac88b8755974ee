import { names } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { Aggregate, GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { DRY_RUN, dryRunOf } from "../../printing/dry-run.ts";
import { PRINT_FLAGS } from "../../printing/print-flags.ts";
import { causeOf, RECORD } from "../../printing/record.ts";
import { FILENAME_FLAGS, filenameOptions, noFiles } from "../../resource/filename-flags.ts";
import { resourcesAndPairs, type Pairs } from "./pairs.ts";
import { runUpdate, type MetadataUpdate, type UpdateWords } from "./update.ts";

/** What `label` and `annotate` have in common. */
export const UPDATE_FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  all: bool("Choose everything of the given types in the namespace."),
  "all-namespaces": bool("Look in all namespaces.", { shorthand: "A" }),
  "dry-run": DRY_RUN,
  "field-selector": text("Only objects with these fields."),
  list: bool("Print what the objects have."),
  local: bool("Change the file's object and print it, without asking a server."),
  overwrite: bool("Replace values that are there."),
  record: RECORD,
  "resource-version": text("Only if the object still is in this version. For single objects."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
} as const;

const FLAGS = {
  ...UPDATE_FLAGS,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-label" }),
} as const;

export const label = command({
  use: "label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
  summary: "Update the labels on a resource",
  about:
    "Update the labels on a resource.\n\n KEY=VALUE sets a label, KEY- removes it. A label that is there is replaced with --overwrite only.",
  examples: `# Set a label on a pod
kubectl label pod web tier=frontend

# Replace it
kubectl label --overwrite pod web tier=backend

# Remove it
kubectl label pod web tier-`,
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete,
  validate: (update) => validateUpdate(update, "label"),
  run: async (update, { factory }) => runUpdate(factory, update, WORDS),
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<MetadataUpdate | Failure> {
  const { flags, args, factory, process } = invocation;
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const { resources, pairs } = resourcesAndPairs(args, "label");
  const parsed = parseLabels(pairs);
  if (isFailure(parsed)) return parsed;
  const { name, explicit } = factory.config.namespace();
  return {
    field: "labels",
    resources,
    pairs: parsed,
    files: filenameOptions(flags),
    flags,
    dryRun,
    cause: causeOf(invocation),
    namespace: name,
    explicitNamespace: explicit,
  };
}

function parseLabels(pairs: readonly string[]): Pairs | Failure {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const pair of pairs) {
    if (pair.includes("=")) {
      const parts = pair.split("=");
      if (parts.length !== 2) return { error: `invalid label spec: ${pair}` };
      const wrong = names.labelValue(parts[1]!);
      if (wrong.length > 0) return { error: `invalid label value: ${JSON.stringify(pair)}: ${wrong.join(";")}` };
      set.set(parts[0]!, parts[1]!);
    } else if (pair.endsWith("-")) remove.push(pair.slice(0, -1));
    else return { error: `unknown label spec: ${pair}` };
  }
  if (remove.some((key) => set.has(key)))
    return { error: "can not both modify and remove a label in the same command" };
  return { set, remove };
}

export function validateUpdate(
  { flags, resources, files, pairs, dryRun }: MetadataUpdate,
  what: string,
): Failure | undefined {
  if (flags.all && flags.selector !== "") return { error: "cannot set --all and --selector at the same time" };
  if (flags.all && flags["field-selector"] !== "")
    return { error: "cannot set --all and --field-selector at the same time" };
  const file = what === "label" ? "pod" : "rsrc";
  const example = `-f ${file}.yaml or --filename=${file}.json`;
  if (flags.local) {
    if (dryRun === "server")
      return { error: "cannot specify --local and --dry-run=server - did you mean --dry-run=client?" };
    if (resources.length > 0) return { error: `can only use local files by ${example} when --local=true is set` };
    if (noFiles(files)) return { error: `one or more files must be specified as ${example}` };
  } else if (resources.length === 0 && noFiles(files))
    return { error: "one or more resources must be specified as <resource> <name> or <resource>/<name>" };
  if (pairs.set.size + pairs.remove.length === 0 && !flags.list)
    return { error: `at least one ${what} update is required` };
  return undefined;
}

const WORDS: UpdateWords = {
  conflict(current, { set }) {
    const errors = [...set]
      .filter(([key, value]) => Object.hasOwn(current, key) && current[key] !== value)
      .map(([key]) => new GoError(`'${key}' already has a value (${current[key]!}), and --overwrite is false`));
    return errors.length > 1 ? new Aggregate(errors) : errors[0];
  },
  operation(before, after, { flags }) {
    if (before === after) return "not labeled";
    return !flags.overwrite && after.length < before.length ? "unlabeled" : "labeled";
  },
};
