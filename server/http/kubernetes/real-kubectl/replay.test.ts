import { expect, test } from "vitest";
import { startCluster } from "./cluster.ts";
import { recordedExchanges, Replay } from "./replay.ts";
import { KPT, KUBECTL } from "./suite.ts";

test.for([
  ["kubectl", KUBECTL],
  ["kpt", KPT],
] as const)(
  "the requests that the real %s sent are answered as they were recorded",
  { timeout: 600_000 },
  async ([, suite]) => {
    const cluster = await startCluster();
    try {
      const replay = new Replay(cluster.url);
      for (const exchange of recordedExchanges(suite)) await replay.send(exchange);
      expect(replay.differences).toEqual([]);
    } finally {
      cluster.stop();
    }
  },
);
