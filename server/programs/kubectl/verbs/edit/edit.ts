import { sameJson, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { groupResource } from "../../client/api-resource.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { SUBRESOURCES } from "../../cobra/offer.ts";
import type { Factory } from "../../client/factory.ts";
import { editText } from "../../editor.ts";
import { ExitError, GoError, isReason, NotSimulated } from "../../errors/go-error.ts";
import { encodeJson, isFailure, printJson, toYaml, type Failure } from "../../output/index.ts";
import { mergePatchBetween } from "../../patch/merge.ts";
import { withLastApplied } from "../../patch/last-applied.ts";
import { strategicPatchBetween } from "../../patch/strategic.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, withoutManagedFields } from "../../printing/print-flags.ts";
import { VALIDATE, validationOf } from "../../printing/validate.ts";
import { typesAndNames } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { flatten, infoOf, localInfo, readDocuments } from "../../resource/documents.ts";
import { FILENAME_FLAGS, filenameOptions } from "../../resource/filename-flags.ts";
import { metadataOf, type Info } from "../../resource/info.ts";
import { hasStructType, typeId } from "../../../../sim/kube/api/index.ts";
import { header, withoutComments, type Reason } from "./header.ts";

const FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-edit" }),
  "output-patch": bool("Print the patch that is sent."),
  "save-config": bool("Keep the object as it is sent in an annotation, for a later apply."),
  subresource: text("The part of the object to edit.", { offer: SUBRESOURCES }),
  validate: VALIDATE,
  "windows-line-endings": bool("End lines as Windows does."),
} as const;

type Flags = Invocation<typeof FLAGS>["flags"];

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
    if (flags.output !== "" && !["yaml", "json"].includes(flags.output))
      return {
        error: `unable to match a printer suitable for the output format ${JSON.stringify(flags.output)}, allowed formats are: json,yaml`,
      };
    if (flags["windows-line-endings"]) throw new NotSimulated("'edit --windows-line-endings'");
    const validation = validationOf(flags.validate);
    return isFailure(validation) ? validation : { validation };
  },
  run,
});

async function run({ validation }: Options, { flags, args, factory }: Invocation<typeof FLAGS>): Promise<void> {
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    files: filenameOptions(flags),
    namespace,
    enforceNamespace: explicit,
    selection: await typesAndNames(args, () => factory.mapper()),
    subresource: flags.subresource,
    allowEmptySelector: true,
    continueOnError: true,
    latest: true,
    flatten: true,
  });
  const infos = await result.all();
  if (infos.length === 0) throw new GoError("edit cancelled, no objects found");
  await new Edit(factory, infos, flags, validation).loop();
}

/** One round after the other with the editor, until what was saved is taken or given up (editoptions.go Run). */
class Edit {
  readonly #factory: Factory;
  readonly #infos: readonly Info[];
  readonly #flags: Flags;
  readonly #validation: string;
  #reasons: Reason[] = [];
  #retryable = 0;
  #notFound = 0;

  constructor(factory: Factory, infos: readonly Info[], flags: Flags, validation: string) {
    this.#factory = factory;
    this.#infos = infos;
    this.#flags = flags;
    this.#validation = validation;
  }

  async loop(): Promise<void> {
    const { process } = this.#factory;
    const original = this.#shown();
    const suffix = this.#flags.output === "json" ? ".json" : ".yaml";
    let edited = original;
    let earlier: string | undefined;
    for (;;) {
      const failed = this.#reasons.length > 0;
      const round = await editText(
        process,
        "kubectl-edit-",
        suffix,
        header(this.#reasons) + (failed ? withoutComments(edited) : original),
      );
      const before = edited;
      edited = round.text;
      if (failed && withoutComments(before) === withoutComments(edited))
        return this.#keep(round.file, new GoError("Edit cancelled, no valid changes were saved."));
      if (earlier !== undefined) this.#remove(earlier);
      earlier = round.file;
      const invalid = this.#problem(edited);
      if (invalid !== undefined) {
        const { mapping, name } = this.#infos[0]!;
        const what = `${groupResource(mapping)} ${JSON.stringify(name)}`;
        this.#reasons = [
          {
            head: `${what} was not valid`,
            details: [`<nil>: Invalid value: "The edited file failed validation": ${invalid}`],
          },
        ];
        await process.error(`error: ${what} is invalid\n`);
        continue;
      }
      if (withoutComments(edited) === withoutComments(original))
        return this.#cancel(round.file, "Edit cancelled, no changes made.");
      if (withoutComments(edited).trim() === "")
        return this.#cancel(round.file, "Edit cancelled, saved file was empty.");
      this.#reasons = [];
      const updated = await this.#parse(edited);
      if (!updated) continue;
      try {
        for (const info of updated) await this.#patch(info);
      } catch (error) {
        if (error instanceof GoError) return this.#keep(round.file, error);
        throw error;
      }
      if (this.#retryable > 0) {
        await process.error(`You can run \`kubectl replace -f ${round.file}\` to try this update again.\n`);
        throw new ExitError(1);
      }
      if (this.#notFound > 0) {
        await process.error(
          `The edits you made on deleted resources have been saved to ${JSON.stringify(round.file)}\n`,
        );
        throw new ExitError(1);
      }
      if (this.#reasons.length === 0) return this.#remove(round.file);
    }
  }

  /** What the editor gets: the object, or all of them as a list. */
  #shown(): string {
    const objects = this.#infos.map(({ object }) =>
      this.#flags["show-managed-fields"] ? object! : withoutManagedFields(object!),
    );
    const all: JsonObject =
      objects.length === 1 ? objects[0]! : { apiVersion: "v1", items: objects, kind: "List", metadata: {} };
    const printed = this.#flags.output === "json" ? printJson(all) : toYaml(all);
    if (isFailure(printed)) throw new GoError(printed.error);
    return printed;
  }

  /** Why what was saved is no object at all. */
  #problem(edited: string): string | undefined {
    const documents = [...readDocuments(withoutComments(edited))];
    if (documents.length === 0) return "EOF";
    for (const document of documents) {
      if ("error" in document) return document.error;
      try {
        localInfo(document, "edited-file");
      } catch (error) {
        if (error instanceof GoError) return error.message;
        throw error;
      }
    }
    return undefined;
  }

  async #parse(edited: string): Promise<readonly Info[] | undefined> {
    const infos: Info[] = [];
    for (const document of readDocuments(withoutComments(edited))) {
      if ("error" in document) {
        this.#reasons = [
          { head: `The edited file had a syntax error: error parsing edited-file: ${document.error}`, details: [] },
        ];
        return undefined;
      }
      for (const object of flatten(document.value as JsonObject))
        infos.push(
          await infoOf({ value: object, raw: encodeJson(object) }, "edited-file", () => this.#factory.mapper()),
        );
    }
    return infos;
  }

  async #patch(info: Info): Promise<void> {
    const { process } = this.#factory;
    const uid = metadataOf(info.object)["uid"];
    const original = this.#infos.find(({ object }) => metadataOf(object)["uid"] === uid);
    if (!original) throw new GoError(`no original object found for ${JSON.stringify(info.name)}`);
    const before = this.#flags["show-managed-fields"] ? original.object! : withoutManagedFields(original.object!);
    const edited = this.#flags["save-config"] ? withLastApplied(info.object!) : info.object!;
    if (sameJson(before, edited)) return this.#print("skipped", info.object!);
    for (const key of ["apiVersion", "kind"] as const)
      if (before[key] !== edited[key]) throw new GoError("At least one of apiVersion, kind and name was changed");
    if (original.name !== info.name) throw new GoError("At least one of apiVersion, kind and name was changed");
    const { mapping, namespace, name } = original;
    const known = hasStructType(typeId(mapping.group, mapping.version, mapping.kind));
    const patch = encodeJson(
      known ? strategicPatchBetween(mapping, before, edited) : mergePatchBetween(before, edited),
    );
    if (this.#flags["output-patch"]) await process.print(`Patch: ${patch}\n`);
    const helper = await this.#factory.helper();
    try {
      const place = { mapping, namespace, name, subresource: this.#flags.subresource };
      const patched = await helper.patch(place, known ? "strategic" : "merge", patch, {
        fieldManager: this.#flags["field-manager"],
        fieldValidation: this.#validation,
      });
      await this.#print("edited", patched);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      await process.error(`${this.#refused(original, error)}\n`);
    }
  }

  #refused({ mapping, name }: Info, error: GoError): string {
    const what = `${groupResource(mapping)} ${JSON.stringify(name)}`;
    if (isReason(error, "Invalid")) {
      const details = (error.status.details?.causes ?? []).map(
        ({ field = "", message = "" }) => `${field}: ${message}`,
      );
      this.#reasons.push({ head: `${what} was not valid`, details });
      return `error: ${what} is invalid`;
    }
    if (isReason(error, "NotFound")) {
      this.#notFound++;
      return `error: ${what} could not be found on the server`;
    }
    this.#retryable++;
    return `error: ${what} could not be patched: ${error.message}`;
  }

  async #print(operation: string, object: JsonObject): Promise<void> {
    const printer = objectPrinter(this.#factory.process, this.#flags, { operation });
    await emit(this.#factory.process, isFailure(printer) ? printer : printer.print(object));
  }

  async #cancel(file: string, why: string): Promise<void> {
    this.#remove(file);
    await this.#factory.process.error(`${why}\n`);
  }

  async #keep(file: string, error: GoError): Promise<never> {
    await this.#factory.process.error(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`);
    throw error;
  }

  #remove(file: string): void {
    const { process } = this.#factory;
    if (process.host.files.exists(file, process)) process.host.files.unlink(file, process);
  }
}
