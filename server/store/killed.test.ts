import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openStore } from "./index.ts";
import { child } from "./testing-child.ts";

const base = mkdtempSync(join(tmpdir(), "drydock-killed-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test.each([40, 300])("a server killed after %i writes has lost nothing that it was told is stored", async (writes) => {
  const file = join(base, `${writes}.db`);
  const server = child("append-log.ts", file);
  let acknowledged = -1;
  for (let n = 0; n < writes; n++) acknowledged = Number((await server.lines.next()).value);
  const killed = server.kill();
  for await (const line of server.lines) acknowledged = Number(line);
  await killed;

  const store = await openStore(file);
  const source = await store.source("a/0");
  // The last write may have been stored without the word reaching us, but whole.
  const stored = source!.journal.length / 2;
  expect([acknowledged + 1, acknowledged + 2]).toContain(stored);
  expect(source!.journal.filter((entry) => entry.kind === "input").map((entry) => entry.bytes)).toEqual(
    Array.from({ length: stored }, (_, seq) => [`${seq}`, "\r"]).flat(),
  );
  expect(source!.delivered).toEqual({ "1": 4 * stored });
  await store.close();
});
