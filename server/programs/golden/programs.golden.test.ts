import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";
import type { Suite } from "./suite.ts";

const suites = readdirSync(join(import.meta.dirname, "cases")).map((file) => file.replace(/\.ts$/, ""));

describe("as the real programs", () => {
  test.each(suites)("%s", async (name) => {
    const { suite } = (await import(`./cases/${name}.ts`)) as { suite: Suite };
    const different = await replay(name, suite);
    if (different.length > 0) expect.fail(`${different.length} differ\n${different.join("\n")}`);
  });
});
