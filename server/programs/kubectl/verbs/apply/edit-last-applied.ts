import { sameJson } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure, type Failure } from "../../output/index.ts";
import { LAST_APPLIED, lastAppliedOf } from "../../patch/last-applied.ts";
import { PRINT_FLAGS } from "../../printing/print-flags.ts";
import { causeOf, RECORD, withCause } from "../../printing/record.ts";
import { VALIDATE, validationOf } from "../../printing/validate.ts";
import { resourcesAskedFor } from "../../resource/asked-for.ts";
import { infoOf, readDocuments } from "../../resource/documents.ts";
import { FILENAME_FLAGS } from "../../resource/filename-flags.ts";
import type { Info } from "../../resource/info.ts";
import { Editing } from "../edit/editing.ts";
import { EDIT_LAST_APPLIED } from "../edit/header.ts";
import { originalOf, printEdited } from "../edit/patch-edited.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-client-side-apply" }),
  record: RECORD,
  validate: VALIDATE,
  "windows-line-endings": bool("End lines as Windows does."),
} as const;

interface Options {
  readonly validation: string;
}

/** kubectl pkg/cmd/apply/apply_edit_last_applied.go */
export const editLastApplied = command({
  use: "apply edit-last-applied (RESOURCE/NAME | -f FILENAME)",
  summary: "Edit latest last-applied-configuration annotations of a resource/object",
  about:
    "Edit what was applied last, as the annotation of a resource keeps it, with the editor of $KUBE_EDITOR or $EDITOR.",
  examples: "# Of a deployment\nkubectl apply edit-last-applied deployment/web",
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete({ flags }): Options | Failure {
    const validation = validationOf(flags.validate);
    return isFailure(validation) ? validation : { validation };
  },
  run,
});

async function run({ validation }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, args, factory } = invocation;
  const { name: namespace } = factory.config.namespace();
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { allowEmptySelector: true, continueOnError: true, latest: true },
  );
  const kept: Info[] = [];
  for (const { object } of await result.all()) {
    const applied = lastAppliedOf(object!);
    if (applied !== undefined) kept.push(await keptObject(factory, applied));
  }
  if (kept.length === 0)
    throw new GoError(
      "no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`",
    );
  const helper = await factory.helper();
  const cause = causeOf(invocation);
  const save = async (info: Info): Promise<void> => {
    const { mapping, name } = info;
    const object = withCause(info.object!, cause);
    if (sameJson(originalOf(kept, info).object!, object)) return printEdited(factory, flags, "skipped", info);
    if (name === "") throw new GoError("resource name may not be empty");
    const patch = encodeJson({ metadata: { annotations: { [LAST_APPLIED]: `${encodeJson(object)}\n` } } });
    await helper.patch({ mapping, namespace, name }, "merge", patch, {
      fieldManager: flags["field-manager"],
      fieldValidation: validation,
    });
    await printEdited(factory, flags, "edited", info);
  };
  await new Editing(factory, kept, flags, save, EDIT_LAST_APPLIED).loop();
}

async function keptObject(factory: Factory, text: string): Promise<Info> {
  for (const document of readDocuments(text)) {
    if ("error" in document) throw new GoError(`error parsing edited-file: ${document.error}`);
    return infoOf(document, "edited-file", () => factory.mapper());
  }
  return infoOf({ value: {}, raw: "{}" }, "edited-file", () => factory.mapper());
}
