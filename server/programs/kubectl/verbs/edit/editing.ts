import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { groupResource } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { editText } from "../../editor.ts";
import { ExitError, GoError } from "../../errors/go-error.ts";
import { encodeJson, isFailure, printJson, toYaml, type Failure } from "../../output/index.ts";
import { withLastApplied } from "../../patch/last-applied.ts";
import { unknownFormat, withoutManagedFields } from "../../printing/print-flags.ts";
import { flatten, infoOf, localInfo, readDocuments } from "../../resource/documents.ts";
import { namespaceOf, withNamespace, type Info } from "../../resource/info.ts";
import { EDIT_OBJECT, header, sameContent, withoutComments, type Reason } from "./header.ts";

/** The flags that every way to edit has. */
export interface EditFlags {
  readonly output: string;
  readonly "save-config"?: boolean;
  readonly "windows-line-endings": boolean;
}

/** What became of the objects that were saved. */
export interface Outcome {
  /** The server refused them: the editor is opened again. */
  readonly reasons: Reason[];
  /** Could be tried again as they are. */
  retryable: number;
  notFound: number;
}

/** What is done with each object that was saved; throws what ends the edit, with a copy kept. */
export type Save = (info: Info, outcome: Outcome) => Promise<void>;

/** One round after the other with the editor, until what was saved is taken or given up (editoptions.go Run). */
export class Editing {
  readonly #factory: Factory;
  readonly #infos: readonly Info[];
  readonly #flags: EditFlags;
  readonly #save: Save;
  readonly #explanation: string;
  #reasons: Reason[] = [];

  constructor(
    factory: Factory,
    infos: readonly Info[],
    flags: EditFlags,
    save: Save,
    explanation: string = EDIT_OBJECT,
  ) {
    this.#factory = factory;
    this.#infos = infos;
    this.#flags = flags;
    this.#save = save;
    this.#explanation = explanation;
  }

  async loop(): Promise<void> {
    const { process } = this.#factory;
    const original = this.#shown();
    const json = this.#flags.output === "json";
    let edited = original;
    let earlier: string | undefined;
    for (;;) {
      const failed = this.#reasons.length > 0;
      const explained = json ? "" : header(this.#explanation, this.#reasons);
      const text = this.#lineEnds(explained + (failed ? "" : original)) + (failed ? withoutComments(edited) : "");
      const round = await editText(process, "kubectl-edit-", json ? ".json" : ".yaml", text);
      const before = edited;
      edited = round.text;
      if (failed && sameContent(before, edited))
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
      if (sameContent(original, edited)) return this.#cancel(round.file, "Edit cancelled, no changes made.");
      if (withoutComments(edited).trim() === "")
        return this.#cancel(round.file, "Edit cancelled, saved file was empty.");
      const updated = await this.#parse(edited);
      if (!updated) continue;
      const outcome: Outcome = { reasons: [], retryable: 0, notFound: 0 };
      try {
        for (const info of updated.map((one) => this.#placed(one))) await this.#save(info, outcome);
      } catch (error) {
        if (error instanceof GoError) return this.#keep(round.file, error);
        throw error;
      }
      if (outcome.retryable > 0) {
        await process.error(`You can run \`kubectl replace -f ${round.file}\` to try this update again.\n`);
        throw new ExitError(1);
      }
      if (outcome.notFound > 0) {
        await process.error(
          `The edits you made on deleted resources have been saved to ${JSON.stringify(round.file)}\n`,
        );
        throw new ExitError(1);
      }
      this.#reasons = outcome.reasons;
      if (this.#reasons.length === 0) return this.#remove(round.file);
    }
  }

  /** What the editor gets: the object, or all of them as a list. Managed fields are never shown. */
  #shown(): string {
    const objects = this.#infos.map(({ object }) => withoutManagedFields(object!));
    const all: JsonObject =
      objects.length === 1 ? objects[0]! : { apiVersion: "v1", items: objects, kind: "List", metadata: {} };
    const printed = this.#flags.output === "json" ? printJson(all) : toYaml(all);
    if (isFailure(printed)) throw new GoError(printed.error);
    return printed;
  }

  #lineEnds(text: string): string {
    return this.#flags["windows-line-endings"] ? text.replaceAll("\n", "\r\n") : text;
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

  /** The objects that were saved; what cannot be read, or is of no known kind, opens the editor again. */
  async #parse(edited: string): Promise<readonly Info[] | undefined> {
    const infos: Info[] = [];
    const failed = (why: string): undefined => {
      this.#reasons = [{ head: `The edited file had a syntax error: ${why}`, details: [] }];
    };
    for (const document of readDocuments(withoutComments(edited))) {
      if ("error" in document) return failed(`error parsing edited-file: ${document.error}`);
      for (const object of flatten(document.value as JsonObject)) {
        try {
          const raw = encodeJson(object);
          infos.push(await infoOf({ value: object, raw }, "edited-file", () => this.#factory.mapper()));
        } catch (error) {
          if (error instanceof GoError) return failed(error.message);
          throw error;
        }
      }
    }
    return infos;
  }

  /** Objects must lie in the namespace of the command (resource.RequireNamespace). */
  #placed(info: Info): Info {
    let { namespace } = info;
    let object = info.object!;
    if (info.mapping.namespaced) {
      const { name: wanted } = this.#factory.config.namespace();
      if (namespaceOf(object) === "") {
        namespace = wanted;
        object = withNamespace(object, wanted);
      } else if (namespace !== wanted)
        throw new GoError(
          `the namespace from the provided object ${JSON.stringify(namespace)} does not match the namespace ${JSON.stringify(wanted)}. You must pass '--namespace=${namespace}' to perform this operation.`,
        );
    }
    return { ...info, namespace, object: this.#flags["save-config"] ? withLastApplied(object) : object };
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

const FORMATS = ["yaml", "json"];

/** Why objects cannot be shown to an editor in a format; nothing if they can. */
export function editedFormatProblem(output: string): Failure | undefined {
  return output === "" || FORMATS.includes(output) ? undefined : unknownFormat(output, FORMATS);
}
