import { expect, test } from "vitest";
import { readLabs } from "../catalogue.ts";
import { verifySeed } from "./prove.ts";

const SEEDS = 20;

test.each(readLabs().map((source) => [source.folder.path, source] as const))(
  "%s with many seeds",
  async (_, source) => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++)
      for await (const row of verifySeed(source, seed))
        if (!row.holds) wrong.push(`seed ${seed} ${row.case}: ${row.problems.join("\n")}`);
    expect(wrong).toEqual([]);
  },
);
