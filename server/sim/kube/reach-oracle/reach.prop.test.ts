import * as fc from "fast-check";
import { test } from "vitest";
import { reachCase } from "./generate.ts";
import { reachProperty } from "./property.ts";

test("what the documentation says of 2,000 probes of 25 clusters is what becomes of them", async () => {
  await fc.assert(reachProperty(reachCase(80)), { numRuns: 25, seed: 7, endOnFailure: true });
}, 120_000);
