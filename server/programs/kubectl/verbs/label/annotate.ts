import { command, type Invocation } from "../../cobra/command.ts";
import { text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { dryRunOf } from "../../printing/dry-run.ts";
import { objectPrinter } from "../../printing/print-flags.ts";
import { causeOf } from "../../printing/record.ts";
import { filenameOptions } from "../../resource/filename-flags.ts";
import { UPDATE_FLAGS, validateUpdate } from "./label.ts";
import { parsePairs, resourcesAndPairs } from "./pairs.ts";
import { runUpdate, type MetadataUpdate, type UpdateWords } from "./update.ts";

const FLAGS = {
  ...UPDATE_FLAGS,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-annotate" }),
} as const;

export const annotate = command({
  use: "annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
  summary: "Update the annotations on a resource",
  about:
    "Update the annotations on a resource.\n\n KEY=VALUE sets an annotation, KEY- removes it. One that is there is replaced with --overwrite only.",
  examples: `# Describe a pod
kubectl annotate pods web description='my frontend'

# Remove it
kubectl annotate pods web description-`,
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete,
  validate: (update) => validateUpdate(update, "annotation"),
  run: async (update, { factory }) => runUpdate(factory, update, WORDS),
});

async function complete(invocation: Invocation<typeof FLAGS>): Promise<MetadataUpdate | Failure> {
  const { flags, args, factory, process } = invocation;
  const dryRun = await dryRunOf(process, flags["dry-run"]);
  if (isFailure(dryRun)) return dryRun;
  const printer = objectPrinter(process, flags);
  if (isFailure(printer)) return printer;
  const { resources, pairs } = resourcesAndPairs(args, "annotation");
  const parsed = parsePairs(pairs, "annotation", true);
  if (isFailure(parsed)) return parsed;
  const both = parsed.remove.filter((key) => parsed.set.has(key));
  if (both.length > 0)
    return {
      error: `can not both modify and remove the following annotation(s) in the same command: ${both.join(", ")}`,
    };
  const { name, explicit } = factory.config.namespace();
  return {
    field: "annotations",
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

const WORDS: UpdateWords = {
  conflict(current, { set }) {
    const found = [...set.keys()]
      .filter((key) => Object.hasOwn(current, key) && current[key] !== set.get(key))
      .map((key) => `'${key}' already has a value (${current[key]!})`);
    return found.length === 0
      ? undefined
      : new GoError(`--overwrite is false but found the following declared annotation(s): ${found.join("; ")}`);
  },
  operation: () => "annotated",
};
