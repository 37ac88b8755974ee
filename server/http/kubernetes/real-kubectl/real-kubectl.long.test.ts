import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startCluster } from "./cluster.ts";
import { protocolErrors, recordingText, Runner } from "./run.ts";
import { KPT, KUBECTL, scriptLines, type Suite } from "./suite.ts";

async function runsAsRecorded(suite: Suite): Promise<void> {
  const cluster = await startCluster();
  const runner = new Runner(suite, cluster.url);
  try {
    const results = [];
    for (const line of scriptLines(suite)) results.push(await runner.run(line));
    expect(protocolErrors(results)).toEqual([]);
    expect(recordingText(results)).toBe(readFileSync(join(suite.folder, "recorded/output.txt"), "utf8"));
  } finally {
    runner.close();
    cluster.stop();
  }
}

test.runIf(KUBECTL.programs())("the real kubectl runs the script as it was recorded", { timeout: 900_000 }, () =>
  runsAsRecorded(KUBECTL),
);

test.runIf(KPT.programs())("the real kpt runs its script as it was recorded", { timeout: 900_000 }, () =>
  runsAsRecorded(KPT),
);
