import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { SUBRESOURCES } from "../../cobra/offer.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { PRINT_FLAGS } from "../../printing/print-flags.ts";
import { causeOf, RECORD, withCause } from "../../printing/record.ts";
import { VALIDATE, validationOf } from "../../printing/validate.ts";
import { resourcesAskedFor } from "../../resource/asked-for.ts";
import { FILENAME_FLAGS } from "../../resource/filename-flags.ts";
import { editedFormatProblem, Editing } from "./editing.ts";
import { patchEdited } from "./patch-edited.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-edit" }),
  "output-patch": bool("Print the patch that is sent."),
  record: RECORD,
  "save-config": bool("Keep the object as it is sent in an annotation, for a later apply."),
  subresource: text("The part of the object to edit.", { offer: SUBRESOURCES }),
  validate: VALIDATE,
  "windows-line-endings": bool("End lines as Windows does."),
} as const;

interface Options {
  readonly validation: string;
}

export const edit = command({
  use: "edit (RESOURCE/NAME | -f FILENAME)",
  summary: "Edit a resource on the server",
  about:
    "Edit a resource on the server, with the editor of $KUBE_EDITOR or $EDITOR, else vi.\n\n What is saved is sent at once. If the server refuses it, the editor is opened again, with the reason above the text.",
  examples: `# A service
kubectl edit svc/web

# With another editor
KUBE_EDITOR=nano kubectl edit deployment/web`,
  flags: FLAGS,
  arguments: { kind: "resources" },
  complete({ flags }): Options | Failure {
    const problem = editedFormatProblem(flags.output);
    if (problem) return problem;
    const validation = validationOf(flags.validate);
    return isFailure(validation) ? validation : { validation };
  },
  run,
});

async function run({ validation }: Options, invocation: Invocation<typeof FLAGS>): Promise<void> {
  const { flags, args, factory } = invocation;
  const result = await resourcesAskedFor(
    { args, factory, flags },
    { subresource: flags.subresource, allowEmptySelector: true, continueOnError: true, latest: true },
  );
  const infos = await result.all();
  if (infos.length === 0) throw new GoError("edit cancelled, no objects found");
  const cause = causeOf(invocation);
  const patch = patchEdited(factory, infos, { flags, validation });
  const save: typeof patch = (info, outcome) => patch({ ...info, object: withCause(info.object!, cause) }, outcome);
  await new Editing(factory, infos, flags, save).loop();
}
