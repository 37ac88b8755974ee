import { sameJson, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure, type Failure } from "../../output/index.ts";
import { LAST_APPLIED, lastAppliedOf } from "../../patch/last-applied.ts";
import { PRINT_FLAGS } from "../../printing/print-flags.ts";
import { VALIDATE, validationOf } from "../../printing/validate.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { infoOf } from "../../resource/documents.ts";
import { FILENAME_FLAGS, filenameOptions } from "../../resource/filename-flags.ts";
import { withNamespace, type Info } from "../../resource/info.ts";
import { Edit } from "../edit/session.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-client-side-apply" }),
  validate: VALIDATE,
  "windows-line-endings": bool("End lines as Windows does."),
} as const;

const EXPLANATION = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

/** kubectl pkg/cmd/apply/apply_edit_last_applied.go */
export const editLastApplied = command({
  use: "apply edit-last-applied (RESOURCE/NAME | -f FILENAME)",
  summary: "Edit latest last-applied-configuration annotations of a resource/object",
  about:
    "Edit what a resource remembers as applied last, with the editor of $KUBE_EDITOR or $EDITOR, else vi. The resource itself stays as it is.",
  examples: "# Of a deployment\nkubectl apply edit-last-applied deployment/web",
  flags: FLAGS,
  complete({ flags }): { readonly validation: string } | Failure {
    const validation = validationOf(flags.validate);
    return isFailure(validation) ? validation : { validation };
  },
  run,
});

async function run(
  { validation }: { readonly validation: string },
  { flags, args, factory }: Invocation<typeof FLAGS>,
): Promise<void> {
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    selection: await typesAndNames(args, () => factory.mapper()),
    allowEmptySelector: true,
    continueOnError: true,
    latest: true,
    flatten: true,
  });
  const applied: Info[] = [];
  for (const { object } of await result.all()) {
    const kept = lastAppliedOf(object!);
    if (kept !== undefined) applied.push(await asApplied(factory, kept, namespace));
  }
  if (applied.length === 0)
    throw new GoError(
      "no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`",
    );
  if (flags.output !== "" && !["yaml", "json"].includes(flags.output))
    throw new GoError(
      `unable to match a printer suitable for the output format ${JSON.stringify(flags.output)}, allowed formats are: json,yaml`,
    );
  await new AppliedEdit(factory, applied, flags, validation).loop();
}

async function asApplied(factory: Factory, kept: string, namespace: string): Promise<Info> {
  const value = JSON.parse(kept) as JsonObject;
  const info = await infoOf({ value, raw: kept }, "edited-file", () => factory.mapper());
  const placed = info.mapping.namespaced && info.namespace === "";
  return placed ? { ...info, namespace, object: withNamespace(info.object!, namespace) } : info;
}

/** What was saved becomes the annotation (editoptions.go annotationPatch). */
class AppliedEdit extends Edit {
  protected override get explanation(): string {
    return EXPLANATION;
  }

  protected override async patch({ mapping, name, object }: Info, original: Info): Promise<void> {
    if (sameJson(original.object!, object!)) return this.print("skipped", object!);
    const helper = await this.factory.helper();
    const annotations = { [LAST_APPLIED]: `${encodeJson(object!)}\n` };
    const place = { mapping, namespace: this.factory.config.namespace().name, name };
    await helper.patch(place, "merge", encodeJson({ metadata: { annotations } }), {
      fieldManager: this.flags["field-manager"],
      fieldValidation: this.validation,
    });
    await this.print("edited", object!);
  }
}
