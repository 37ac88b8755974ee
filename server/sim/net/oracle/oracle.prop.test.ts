import { expect, test } from "vitest";
import { disagreements } from "./disagreements.check.ts";

/** Long for a machine that does much else; alone it takes a few seconds. */
const LONGEST = 120_000;

test(
  "120 random networks behave as an oracle foretells that knows nothing of ours",
  async () => expect(await disagreements(1, 120)).toEqual([]),
  LONGEST,
);
