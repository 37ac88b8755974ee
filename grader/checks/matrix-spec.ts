import { z } from "zod";
import { Source } from "./names.ts";
import { Destination } from "./reach-spec.ts";

/** A table of who may reach whom: rows are places, columns what they try to reach. What is not allowed is denied. */
export const MatrixSpec = z
  .strictObject({
    from: z.record(z.string(), Source).describe("The rows, by a name of your own: where traffic starts."),
    to: z.record(z.string(), Destination).describe("The columns, by a name of your own: what is reached."),
    allow: z
      .record(z.string(), z.array(z.string()))
      .describe("Of each row, the columns that it must reach; it must reach none of the others. `[]` is none."),
    ignore: z
      .record(z.string(), z.array(z.string()))
      .default({})
      .describe("Cells that do not matter, written in the same way."),
  })
  .superRefine(({ from, to, allow, ignore }, context) => {
    const complain = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    const empty = Object.entries({ from, to }).find(([, fields]) => Object.keys(fields).length === 0)?.[0];
    if (empty !== undefined) {
      complain([empty], "expected at least one row in from and one column in to");
      return;
    }
    for (const [field, cells] of Object.entries({ allow, ignore }))
      for (const [row, columns] of Object.entries(cells)) {
        if (!Object.hasOwn(from, row))
          complain([field, row], `there is no row ${row}: there are ${Object.keys(from).join(", ")}`);
        for (const [at, column] of columns.entries())
          if (!Object.hasOwn(to, column))
            complain([field, row, at], `there is no column ${column}: there are ${Object.keys(to).join(", ")}`);
      }
    const misspelt = Object.keys(allow).some((row) => !Object.hasOwn(from, row));
    for (const row of misspelt ? [] : Object.keys(from))
      if (!Object.hasOwn(allow, row))
        complain(["allow"], `says nothing of row ${row}: write ${row}: [] if it reaches nothing`);
  });
export type MatrixSpec = z.infer<typeof MatrixSpec>;
