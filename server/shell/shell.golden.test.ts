import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sh } from "./testing.ts";

/** What the real bash and dash printed: see fixtures/record.ts. */
interface Recorded {
  readonly name: string;
  readonly how: "command" | "file" | "stdin" | "dash";
  readonly text: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const folder = new URL("fixtures/recorded/", import.meta.url);

/** Process ids differ from run to run. */
function mask(text: string): string {
  return text.replace(/(line \d+:) +\d+ (?=[A-Z])/g, "$1 PID ").replace(/^ +\d+ (?=[A-Z][a-z ]+\|)/gm, "     PID ");
}

describe.each(readdirSync(folder).map((name) => name.replace(".json", "")))("%s", (group) => {
  const cases = JSON.parse(readFileSync(new URL(`${group}.json`, folder), "utf8")) as Recorded[];
  test.each(cases)("$name", async ({ how, text, stdout, stderr, status }) => {
    const ran = await sh(text, { shell: how === "dash" ? "dash" : "bash", how: how === "dash" ? "command" : how });
    expect({ stdout: ran.stdout, stderr: mask(ran.stderr), status: ran.code }).toEqual({
      stdout,
      stderr: mask(stderr),
      status,
    });
  });
});
