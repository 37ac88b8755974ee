import { hasStructType, sameJson, typeId } from "../../../../sim/kube/api/index.ts";
import { groupResource } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError, isReason } from "../../errors/go-error.ts";
import { encodeJson, isFailure } from "../../output/index.ts";
import { mergePatchBetween } from "../../patch/merge.ts";
import { strategicPatchBetween } from "../../patch/strategic.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, withoutManagedFields, type PrintFlags } from "../../printing/print-flags.ts";
import { metadataOf, type Info } from "../../resource/info.ts";
import type { Outcome, Save } from "./editing.ts";

interface Options {
  readonly flags: PrintFlags & {
    readonly "field-manager": string;
    readonly "output-patch": boolean;
    readonly subresource: string;
  };
  readonly validation: string;
}

/** Sends what was changed as a patch (editoptions.go visitToPatch). */
export function patchEdited(factory: Factory, infos: readonly Info[], { flags, validation }: Options): Save {
  const { process } = factory;
  return async (info, outcome) => {
    const original = originalOf(infos, info);
    const before = withoutManagedFields(original.object!);
    const edited = info.object!;
    if (sameJson(before, edited)) return printEdited(factory, flags, "skipped", info);
    for (const key of ["apiVersion", "kind"] as const)
      if (before[key] !== edited[key]) throw new GoError("At least one of apiVersion, kind and name was changed");
    if (original.name !== info.name) throw new GoError("At least one of apiVersion, kind and name was changed");
    const { mapping, namespace, name } = original;
    const known = hasStructType(typeId(mapping.group, mapping.version, mapping.kind));
    const patch = encodeJson(
      known ? strategicPatchBetween(mapping, before, edited) : mergePatchBetween(before, edited),
    );
    if (flags["output-patch"]) await process.print(`Patch: ${patch}\n`);
    const helper = await factory.helper();
    try {
      const place = { mapping, namespace, name, subresource: flags.subresource };
      const object = await helper.patch(place, known ? "strategic" : "merge", patch, {
        fieldManager: flags["field-manager"],
        fieldValidation: validation,
      });
      await printEdited(factory, flags, "edited", { ...info, object });
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      await process.error(`${refused(original, error, outcome)}\n`);
    }
  };
}

/** The object that was given to the editor. */
export function originalOf(infos: readonly Info[], { object, name }: Info): Info {
  const uid = metadataOf(object)["uid"];
  const original = infos.find((info) => metadataOf(info.object)["uid"] === uid);
  if (!original) throw new GoError(`no original object found for ${JSON.stringify(name)}`);
  return original;
}

export async function printEdited(
  factory: Factory,
  flags: PrintFlags,
  operation: string,
  { object }: Info,
): Promise<void> {
  const printer = objectPrinter(factory.process, flags, { operation });
  await emit(factory.process, isFailure(printer) ? printer : printer.print(object!));
}

function refused({ mapping, name }: Info, error: GoError, outcome: Outcome): string {
  const what = `${groupResource(mapping)} ${JSON.stringify(name)}`;
  if (isReason(error, "Invalid")) {
    const details = (error.status.details?.causes ?? []).map(({ field = "", message = "" }) => `${field}: ${message}`);
    outcome.reasons.push({ head: `${what} was not valid`, details });
    return `error: ${what} is invalid`;
  }
  if (isReason(error, "NotFound")) {
    outcome.notFound++;
    return `error: ${what} could not be found on the server`;
  }
  outcome.retryable++;
  return `error: ${what} could not be patched: ${error.message}`;
}
