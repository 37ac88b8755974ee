import { expect, test } from "vitest";
import { readLabs } from "../catalogue.ts";
import { judge } from "./index.ts";
import { verifySeed, type VerifyRow } from "./prove.ts";
import { unitsOf } from "./units.ts";

/** Into so many files the labs' proofs are dealt out, so that they run side by side. */
const FILES = 4;

/** Declares a test for each lab of one file: it holds with one seed, and with those that the rest of its proofs need. */
export function proveLabs(file: number): void {
  const labs = readLabs().filter((_, at) => at % FILES === file);
  test.each(labs.map((source) => [source.folder.path, source] as const))(
    "%s holds, and its proofs would notice if a check were removed or inverted",
    { timeout: 120_000 },
    async (_, source) => {
      const rows: VerifyRow[] = [];
      for (const { seed } of unitsOf(source, 1))
        for await (const row of verifySeed(source, seed, false)) rows.push(row);
      expect(
        rows.flatMap(({ case: name, seed, problems }) => problems.map((words) => `${name} (seed ${seed}): ${words}`)),
      ).toEqual([]);
      expect(judge(source, rows).unnoticed).toEqual([]);
    },
  );
}
