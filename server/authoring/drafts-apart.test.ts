import { expect, test } from "vitest";
import type { Sessions } from "../sessions/pool/index.ts";
import { draftsApart } from "./drafts-apart.ts";

test("sessions of drafts live in workers of their own, which end with the last of them", () => {
  const calls: string[] = [];
  const fake = (name: string): Sessions =>
    new Proxy({} as Sessions, {
      get: (_, method: string) => (session?: string) => void calls.push(`${name} ${method} ${session ?? ""}`.trim()),
    });
  let started = 0;
  const sessions = draftsApart(fake("usual"), () => fake(`drafts${++started}`));
  const draft = `draft-${"x".repeat(16)}/0`;
  sessions.input("abcdefghijklmnop/0", 1, "x");
  // An ordinary name may begin like this by chance.
  sessions.input("draft-abcdefghij/0", 1, "x");
  sessions.input(draft, 1, "x");
  sessions.close("abcdefghijklmnop/0");
  sessions.close(draft);
  sessions.input(draft.replace("x", "y"), 1, "x");
  expect(calls).toEqual([
    "usual input abcdefghijklmnop/0",
    "usual input draft-abcdefghij/0",
    `drafts1 input ${draft}`,
    "usual close abcdefghijklmnop/0",
    `drafts1 close ${draft}`,
    "drafts1 stop",
    `drafts2 input ${draft.replace("x", "y")}`,
  ]);
});
