import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { typed } from "../../commands/exec/testing.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { turn } from "../../sim/kernel/testing.ts";
import { WORLD_PRESETS } from "../../sim/presets/index.ts";
import { boot } from "../../sim/world/index.ts";

/** What the real docker printed (fixtures/record.sh): ours prints the same, but for ids. */
const RECORDED = readFileSync(new URL("fixtures/engine.t", import.meta.url), "utf8")
  .split(/^\$ /m)
  .slice(1)
  .map((entry) => ({ line: entry.slice(0, entry.indexOf("\n")), printed: entry.slice(entry.indexOf("\n") + 1) }));

function masked(text: string): string {
  return (
    text
      // Progress that was overwritten, and what a client says whose daemon hangs up on it.
      .replace(/\r+\n/g, "\n")
      .replace(/^.*\r/gm, "")
      .replace(/^time=.* level=error .*\n/gm, "")
      .replace(/\b[0-9a-f]{64}\b/g, "‹id›")
      .replace(/\b[0-9a-f]{12}\b/g, "‹id›")
      // The daemon colours each piece that it reads.
      .replaceAll("\u001B[0m\u001B[91m", "")
  );
}

test("docker prints what the real one prints", async () => {
  const world = await boot(worldCode(), WORLD_PRESETS["docker"]!.topology, { seed: 1, turn });
  const before = "docker pull -q busybox > /dev/null; docker tag busybox bb:1; docker rmi busybox > /dev/null";
  const lines = RECORDED.map(({ line }) => `( ${line}\n) < /dev/null 2>&1; code=$?; [ $code = 0 ] || echo "[$code]"`);
  const [, ...out] = await typed(world, [before, ...lines], "docker");
  const ours = RECORDED.map(({ line }, at) => `$ ${line}\n${masked(out[at]!)}`);
  expect(ours).toEqual(RECORDED.map(({ line, printed }) => `$ ${line}\n${masked(printed)}`));
}, 60_000);
