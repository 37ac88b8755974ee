import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { retrieving } from "./retrieving.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool } from "../../cobra/flag.ts";
import { GoError, isReason } from "../../errors/go-error.ts";
import { encodeJson, isFailure, type Failure } from "../../output/index.ts";
import { LAST_APPLIED, lastAppliedOf } from "../../patch/last-applied.ts";
import { DRY_RUN, dryRunOf, operationOf, type DryRun } from "../../printing/dry-run.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS } from "../../printing/print-flags.ts";
import { findResources } from "../../resource/builder.ts";
import { FILENAME_FLAGS, noFiles } from "../../resource/filename-flags.ts";
import type { FilenameOptions } from "../../resource/sources.ts";
import type { Info } from "../../resource/info.ts";
import { fetchObject } from "../../resource/result.ts";

const FLAGS = {
  filename: FILENAME_FLAGS.filename,
  ...PRINT_FLAGS,
  "create-annotation": bool("Set the annotation even if the object has none."),
  "dry-run": DRY_RUN,
} as const;

/** kubectl pkg/cmd/apply/apply_set_last_applied.go */
export const setLastApplied = command({
  use: "apply set-last-applied -f FILENAME",
  summary: "Set the last-applied-configuration annotation on a live object to match the contents of a file",
  about: "Let a live object remember a file as what was applied last, without applying it.",
  examples: "# As if the file had been applied\nkubectl apply set-last-applied -f web.yaml",
  flags: FLAGS,
  complete: async ({ process, flags }): Promise<{ readonly dryRun: DryRun } | Failure> => {
    const dryRun = await dryRunOf(process, flags["dry-run"]);
    if (isFailure(dryRun)) return dryRun;
    return noFiles(filesOf(flags)) ? { error: "must specify one of -f and -k" } : { dryRun };
  },
  run,
});

function filesOf({ filename }: { readonly filename: readonly string[] }): FilenameOptions {
  return { filenames: filename, kustomize: "", recursive: false };
}

async function run(
  { dryRun }: { readonly dryRun: DryRun },
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    files: filesOf(flags),
    namespace,
    enforceNamespace: explicit,
    flatten: true,
  });
  const printer = objectPrinter(process, flags, { operation: operationOf("configured", dryRun) });
  if (isFailure(printer)) throw new GoError(printer.error);
  const changes: Change[] = [];
  await result.visit(async (info) => {
    const live = await liveObject(factory, info);
    const kept = lastAppliedOf(live);
    if (kept === undefined && !flags["create-annotation"])
      throw new GoError(
        `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
      );
    const wanted = `${encodeJson(info.object!)}\n`;
    if (kept === wanted) await process.print(`set-last-applied ${info.name}: no changes required.\n`);
    else changes.push({ info, live, wanted });
  });
  const helper = await factory.helper();
  for (const { info, live, wanted } of changes) {
    if (dryRun === "client") {
      await emit(process, printer.print(live));
      continue;
    }
    const patch = encodeJson({ metadata: { annotations: { [LAST_APPLIED]: wanted } } });
    const { mapping, name, namespace: where } = info;
    const patched = await helper.patch({ mapping, namespace: where, name }, "merge", patch, {
      dryRun: dryRun === "server",
    });
    await emit(process, printer.print(patched));
  }
}

/** An object whose annotation is to be another. */
interface Change {
  readonly info: Info;
  readonly live: JsonObject;
  readonly wanted: string;
}

async function liveObject(factory: Factory, info: Info): Promise<JsonObject> {
  try {
    return await fetchObject(factory, info);
  } catch (error) {
    throw isReason(error, "NotFound") ? error : retrieving(info, error);
  }
}
