import { NotSimulated } from "../corefile/corefile-error.ts";

/** What a template may name (plugin/template templateData). */
export interface TemplateData {
  readonly Zone: string;
  readonly Name: string;
  readonly Regex: string;
  readonly Match: readonly string[];
  readonly Group: Readonly<Record<string, string>>;
  readonly Class: string;
  readonly Type: string;
  readonly Remote: string;
  readonly Question: { readonly Name: string };
}

const ACTION = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const FIELD = /^\.(Zone|Name|Regex|Class|Type|Remote|Question\.Name)$/;
const GROUP = /^\.Group\.(\w+)$/;
const INDEX = /^index\s+\.(Match|Group)\s+("?)(\w+)\2$/;

/** Throws if the template uses more of Go's text/template than fields, groups and `index`. */
export function checkTemplate(text: string): void {
  const open = text.split("{{").length;
  if (open !== text.split("}}").length) throw new Error("template: answer:1: unclosed action");
  for (const [, action] of text.matchAll(ACTION))
    if (![FIELD, GROUP, INDEX].some((form) => form.test(action!)))
      throw new NotSimulated(`template action '${action!}'`);
}

/** Fills a template. */
export function executeTemplate(text: string, data: TemplateData): string {
  return text.replaceAll(ACTION, (_, action: string) => {
    const field = FIELD.exec(action)?.[1];
    if (field === "Question.Name") return data.Question.Name;
    if (field !== undefined) return data[field as "Zone"];
    const group = GROUP.exec(action)?.[1];
    // text/template writes that for a key that a map does not have.
    if (group !== undefined) return data.Group[group] ?? "<no value>";
    const [, map, , key] = INDEX.exec(action) as unknown as [string, string, string, string];
    if (map === "Group") return data.Group[key] ?? "";
    const match = data.Match[Number(key)];
    if (match === undefined)
      throw new Error(
        `template: answer:1:3: executing "answer" at <index .Match ${key}>: error calling index: reflect: slice index out of range`,
      );
    return match;
  });
}
