import * as fc from "fast-check";
import { test } from "vitest";
import { reachCase } from "./generate.ts";
import { reachProperty } from "./property.ts";

test("with kube-proxy's nftables mode the same becomes of 400 probes of 10 clusters", async () => {
  await fc.assert(reachProperty(reachCase(40), "nftables"), { numRuns: 10, seed: 7, endOnFailure: true });
}, 120_000);
