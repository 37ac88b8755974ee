import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { playSession } from "./fixtures/play-session.ts";
import { mask, readSessions, type RecordedSession } from "./fixtures/sessions.ts";

/** What a terminal showed of the real bash: see fixtures/record-sessions.ts. */
const recorded = new URL("fixtures/recorded-sessions/", import.meta.url);

describe.each(readdirSync(recorded).map((name) => name.replace(".json", "")))("%s", (group) => {
  const expected = JSON.parse(readFileSync(new URL(`${group}.json`, recorded), "utf8")) as RecordedSession[];
  const sessions = readSessions(readFileSync(new URL(`fixtures/sessions/${group}.txt`, import.meta.url), "utf8"));
  test.each(sessions.map((session, at) => [session.name, session, expected[at]!] as const))(
    "%s",
    async (_, session, { shown }) => {
      const played = await playSession(session);
      expect(played.slice(0, shown.length).map(mask)).toEqual(shown);
    },
  );
});
