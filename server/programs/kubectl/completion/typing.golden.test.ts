import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { playSession } from "../../../shell/fixtures/play-session.ts";
import { mask, readSessions, type RecordedSession } from "../../../shell/fixtures/sessions.ts";
import { typingFiles } from "./fixtures/typing-files.ts";

/** Our completion script in our bash shows what it shows in the real one: see fixtures/record-typing.ts. */
const read = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
const expected = JSON.parse(read("typing.json")) as RecordedSession[];
const sessions = readSessions(read("typing.txt"));

describe("kubectl completion bash", () => {
  test("the recording is that of the list", () => {
    expect(expected.map(({ name }) => name)).toEqual(sessions.map(({ name }) => name));
  });
  test.each(sessions.map((session, at) => [session.name, session, expected[at]!] as const))(
    "%s",
    async (_, session, { shown }) => {
      const played = await playSession(session, typingFiles());
      expect(played.slice(0, shown.length).map(mask)).toEqual(shown);
    },
  );
});
