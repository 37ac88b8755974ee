import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";
import type { Recorded, Suite } from "./suite.ts";

const suites = readdirSync(join(import.meta.dirname, "cases")).map((file) => file.replace(/\.ts$/, ""));

describe("as the real programs", () => {
  test.each(suites)("%s", async (name) => {
    const { suite } = (await import(`./cases/${name}.ts`)) as { suite: Suite };
    const rows = readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8");
    const different = await replay(JSON.parse(rows) as Recorded[], suite);
    if (different.length > 0) expect.fail(`${different.length} differ\n${different.join("\n")}`);
  });
});
