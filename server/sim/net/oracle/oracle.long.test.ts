import { expect, test } from "vitest";
import { disagreements } from "./disagreements.check.ts";

const HOUR = 3_600_000;

test(
  "20,000 random networks behave as an oracle foretells that knows nothing of ours",
  async () => expect(await disagreements(1_000, 20_000)).toEqual([]),
  HOUR,
);
