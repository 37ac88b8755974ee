import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startCluster } from "./cluster.ts";
import { findKubectl, protocolErrors, recordingText, Runner, scriptLines } from "./run.ts";

const kubectl = findKubectl();

test.runIf(kubectl)("the real kubectl runs the script as it was recorded", { timeout: 900_000 }, async () => {
  const cluster = await startCluster();
  const runner = new Runner(kubectl!, cluster.url);
  try {
    const results = [];
    for (const line of scriptLines()) results.push(await runner.run(line));
    expect(protocolErrors(results)).toEqual([]);
    expect(recordingText(results)).toBe(readFileSync(join(import.meta.dirname, "recorded/output.txt"), "utf8"));
  } finally {
    runner.close();
    cluster.stop();
  }
});
