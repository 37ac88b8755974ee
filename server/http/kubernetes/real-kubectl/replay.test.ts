import { expect, test } from "vitest";
import { startCluster } from "./cluster.ts";
import { recordedExchanges, Replay } from "./replay.ts";

test("the requests that the real kubectl sent are answered as they were recorded", { timeout: 600_000 }, async () => {
  const cluster = await startCluster();
  try {
    const replay = new Replay(cluster.url);
    for (const exchange of recordedExchanges()) await replay.send(exchange);
    expect(replay.differences).toEqual([]);
  } finally {
    cluster.stop();
  }
});
