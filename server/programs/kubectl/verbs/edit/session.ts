import { hasStructType, sameJson, typeId, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { groupResource } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { editText } from "../../editor.ts";
import { ExitError, GoError, isReason } from "../../errors/go-error.ts";
import { encodeJson, isFailure, printJson, toYaml } from "../../output/index.ts";
import { withLastApplied } from "../../patch/last-applied.ts";
import { mergePatchBetween } from "../../patch/merge.ts";
import { strategicPatchBetween } from "../../patch/strategic.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, withoutManagedFields, type PrintFlags } from "../../printing/print-flags.ts";
import { flatten, infoOf, localInfo, readDocuments } from "../../resource/documents.ts";
import { metadataOf, type Info } from "../../resource/info.ts";
import { header, LIVE, withoutComments, type Reason } from "./header.ts";

/** The flags that say how a session goes. */
export interface EditFlags extends PrintFlags {
  readonly "field-manager": string;
  readonly "windows-line-endings": boolean;
  readonly "output-patch"?: boolean;
  readonly "save-config"?: boolean;
  readonly subresource?: string;
}

/** One round after the other with the editor, until what was saved is taken or given up (editoptions.go Run). */
export class Edit {
  protected readonly factory: Factory;
  readonly #infos: readonly Info[];
  protected readonly flags: EditFlags;
  protected readonly validation: string;
  #reasons: Reason[] = [];
  #retryable = 0;
  #notFound = 0;

  constructor(factory: Factory, infos: readonly Info[], flags: EditFlags, validation: string) {
    this.factory = factory;
    this.#infos = infos;
    this.flags = flags;
    this.validation = validation;
  }

  /** What stands above the text. */
  protected get explanation(): string {
    return LIVE;
  }

  async loop(): Promise<void> {
    const { process } = this.factory;
    const original = this.#shown();
    const suffix = this.flags.output === "json" ? ".json" : ".yaml";
    const endings = (text: string): string =>
      this.flags["windows-line-endings"] ? text.replaceAll("\n", "\r\n") : text;
    let edited = original;
    let earlier: string | undefined;
    for (;;) {
      const failed = this.#reasons.length > 0;
      const round = await editText(
        process,
        "kubectl-edit-",
        suffix,
        endings(this.#header() + (failed ? withoutComments(edited) : original)),
      );
      const before = edited;
      edited = round.text.replaceAll("\r\n", "\n");
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
        for (const info of updated) await this.patch(info, this.#originalOf(info));
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

  /** There are no comments in JSON. */
  #header(): string {
    return this.flags.output === "json" ? "" : header(this.explanation, this.#reasons);
  }

  /** What the editor gets: the object, or all of them as a list. */
  #shown(): string {
    const objects = this.#infos.map(({ object }) =>
      this.flags["show-managed-fields"] ? object! : withoutManagedFields(object!),
    );
    const all: JsonObject =
      objects.length === 1 ? objects[0]! : { apiVersion: "v1", items: objects, kind: "List", metadata: {} };
    const printed = this.flags.output === "json" ? printJson(all) : toYaml(all);
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
          await infoOf({ value: object, raw: encodeJson(object) }, "edited-file", () => this.factory.mapper()),
        );
    }
    return infos;
  }

  #originalOf({ object, name }: Info): Info {
    const uid = metadataOf(object)["uid"];
    const original = this.#infos.find((one) => metadataOf(one.object)["uid"] === uid);
    if (!original) throw new GoError(`no original object found for ${JSON.stringify(name)}`);
    return original;
  }

  /** Sends what was edited. */
  protected async patch(info: Info, original: Info): Promise<void> {
    const { process } = this.factory;
    const before = this.flags["show-managed-fields"] ? original.object! : withoutManagedFields(original.object!);
    const edited = this.flags["save-config"] ? withLastApplied(info.object!) : info.object!;
    if (sameJson(before, edited)) return this.print("skipped", info.object!);
    for (const key of ["apiVersion", "kind"] as const)
      if (before[key] !== edited[key]) throw new GoError("At least one of apiVersion, kind and name was changed");
    if (original.name !== info.name) throw new GoError("At least one of apiVersion, kind and name was changed");
    const { mapping, namespace, name } = original;
    const known = hasStructType(typeId(mapping.group, mapping.version, mapping.kind));
    const patch = encodeJson(
      known ? strategicPatchBetween(mapping, before, edited) : mergePatchBetween(before, edited),
    );
    if (this.flags["output-patch"]) await process.print(`Patch: ${patch}\n`);
    const helper = await this.factory.helper();
    try {
      const place = { mapping, namespace, name, subresource: this.flags.subresource ?? "" };
      const patched = await helper.patch(place, known ? "strategic" : "merge", patch, {
        fieldManager: this.flags["field-manager"],
        fieldValidation: this.validation,
      });
      await this.print("edited", patched);
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

  protected async print(operation: string, object: JsonObject): Promise<void> {
    const printer = objectPrinter(this.factory.process, this.flags, { operation });
    await emit(this.factory.process, isFailure(printer) ? printer : printer.print(object));
  }

  async #cancel(file: string, why: string): Promise<void> {
    this.#remove(file);
    await this.factory.process.error(`${why}\n`);
  }

  async #keep(file: string, error: GoError): Promise<never> {
    await this.factory.process.error(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`);
    throw error;
  }

  #remove(file: string): void {
    const { process } = this.factory;
    if (process.host.files.exists(file, process)) process.host.files.unlink(file, process);
  }
}
