import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { worldCode } from "../../../sessions/actor/world-code.ts";
import { runProgram } from "../../../sim/host/testing.ts";
import { decode, encode } from "../../../sim/kernel/index.ts";
import { WORLD_PRESETS } from "../../../sim/presets/index.ts";
import { boot, type World } from "../../../sim/world/index.ts";
import { DIRECTORY, ENVIRONMENT, FILES, masked, type RecordedScript } from "./scripts.ts";

/** Shell scripts and one-liners as people practise with them, in a whole machine: see fixtures/record.ts. */
const folder = new URL("fixtures/recorded/", import.meta.url);

let world: World;

beforeAll(async () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  world = await boot(worldCode(), WORLD_PRESETS["linux"]!.topology, { seed: 1, turn });
});

describe.each(readdirSync(folder).map((name) => name.replace(".json", "")))("%s", (group) => {
  const rows = JSON.parse(readFileSync(new URL(`${group}.json`, folder), "utf8")) as RecordedScript[];
  test.each(rows)("$name", async ({ text, stdout, stderr, code }) => {
    const { host } = world.hosts.machine("linux");
    host.files.removeTree(DIRECTORY);
    host.files.mkdir(DIRECTORY, { parents: true });
    for (const [path, content] of Object.entries(FILES)) host.files.write(`${DIRECTORY}/${path}`, encode(content));
    const ran = await runProgram(host, ["bash", "-c", text], { cwd: DIRECTORY, env: { ...ENVIRONMENT } });
    expect({ stdout: masked(decode(ran.stdout)), stderr: masked(decode(ran.stderr)), code: ran.code }).toEqual({
      stdout,
      stderr,
      code,
    });
  });
});
