import { z } from "zod";
import { Exam } from "../schema/exam.ts";
import { Lab } from "../schema/lab.ts";

const SCHEMAS = { lab: Lab, exam: Exam } as const;
export type FileKind = keyof typeof SCHEMAS;
export const FILE_KINDS = Object.keys(SCHEMAS) as FileKind[];

/** A drawn value in place of one that is no text. */
const DRAWN = { type: "string", pattern: "^\\{\\{[^{}]+\\}\\}$" } as const;
const NO_TEXT = new Set(["number", "integer", "object", "boolean"]);

/** The JSON Schema of a lab's or an exam's file, for editors; as text with a line end. */
export function jsonSchema(kind: FileKind): string {
  const schema = z.toJSONSchema(SCHEMAS[kind], {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema: written, path }) => {
      // Variants of a lab stand where its numbers and faults do.
      if (kind !== "lab" || path.length < 4 || path.flat().includes("variants")) return;
      const { type, description, ...rest } = written;
      if (typeof type !== "string" || !NO_TEXT.has(type) || (type === "object" && path.at(-1) !== "fault")) return;
      if (zodSchema._zod.def.type === "literal") return;
      if (rest.properties)
        rest.properties = Object.fromEntries(Object.entries(rest.properties).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      for (const key of Object.keys(rest)) delete (written as Record<string, unknown>)[key];
      delete written.type;
      written.anyOf = [{ type, ...rest }, DRAWN];
      if (description !== undefined) written.description = description;
    },
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
