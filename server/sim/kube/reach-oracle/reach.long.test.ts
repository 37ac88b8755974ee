import * as fc from "fast-check";
import { test } from "vitest";
import { reachCase } from "./generate.ts";
import { reachProperty } from "./property.ts";

test("what the documentation says of 20,000 probes of 250 clusters is what becomes of them", async () => {
  await fc.assert(reachProperty(reachCase(80)), { numRuns: 250, endOnFailure: true });
}, 1_200_000);
