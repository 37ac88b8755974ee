import { sql } from "kysely";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createStore } from "./create-store.ts";
import { openStore, StorageError, type Store } from "./index.ts";
import { openTables } from "./open.ts";
import { attemptRow, partRow, printed, report, startAttempt, typed } from "./testing.ts";

const base = mkdtempSync(join(tmpdir(), "drydock-full-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const BIG = "x".repeat(60_000);

/** Writes output until the disk is full: how many writes were stored, and the error. */
async function fill(store: Store): Promise<{ readonly stored: number; readonly error: StorageError }> {
  for (let seq = 0; seq < 10_000; seq++) {
    try {
      await store.appendLog({
        journal: [{ session: "a/0", seq, entry: typed(`${seq}`) }],
        output: [printed("a/0", seq * BIG.length, BIG)],
      });
    } catch (error) {
      expect(error).toBeInstanceOf(StorageError);
      return { stored: seq, error: error as StorageError };
    }
  }
  throw new Error("the disk does not get full");
}

async function expectStored(store: Store, writes: number): Promise<void> {
  const source = await store.source("a/0");
  expect(source?.journal.length).toBe(writes);
  expect(source?.delivered).toEqual({ "1": writes * BIG.length });
}

test("when the database may not grow, writes fail whole, what was stored is read, and later writes go on", async () => {
  const file = join(base, "pages.db");
  const { db, close } = await openTables(file);
  const store = createStore(db, close);
  await startAttempt(store, "a");
  await sql`pragma max_page_count = 120`.execute(db);
  const { stored, error } = await fill(store);
  expect(stored).toBeGreaterThan(2);
  expect(error.full).toBe(true);
  expect(error.message).toBe(
    `the database ${file}: the disk is full. What was stored before is safe; free some space (SQLITE_FULL)`,
  );
  await expectStored(store, stored);

  const snapshot = new Uint8Array(500_000);
  await expect(store.createAttempt(attemptRow("b"), [{ ...partRow("b"), snapshot }])).rejects.toMatchObject({
    full: true,
  });
  expect(await store.attempt("b")).toBeUndefined();
  await store.beginGrading("a", 5);
  const long = { ...report("a", true, 50), title: "x".repeat(500_000) };
  await expect(store.finish("a", long)).rejects.toMatchObject({ full: true });
  expect((await store.attempt("a"))?.attempt.state).toBe("grading");
  expect(await store.report("a", "final")).toBeUndefined();

  await sql`pragma max_page_count = 100000`.execute(db);
  await store.appendLog({
    journal: [{ session: "a/0", seq: stored, entry: typed("again") }],
    output: [printed("a/0", stored * BIG.length, BIG)],
  });
  await expectStored(store, stored + 1);
  await store.finish("a", report("a", true, 50));
  await store.close();
});

/** A file system of one or a few megabytes, where this machine lets us mount one. */
function mount(kilobytes: number): string | undefined {
  const folder = mkdtempSync(join(base, "mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    return undefined;
  }
}

test("on a full disk, writes fail whole; with space again, they go on; a restart finds everything", async ({
  skip,
}) => {
  const folder = mount(2_048) ?? skip("mounting needs root");
  try {
    const file = join(folder, "drydock.db");
    const store = await openStore(file);
    await startAttempt(store, "a");
    writeFileSync(join(folder, "ballast"), "x".repeat(300_000));
    const { stored, error } = await fill(store);
    expect(error.full).toBe(true);
    await expectStored(store, stored);
    expect(await store.saveAnswer("a", "0/a/b", BIG).catch((reason: unknown) => reason)).toMatchObject({ full: true });

    rmSync(join(folder, "ballast"));
    expect(await store.saveAnswer("a", "0/a/b", "80")).toBe(true);
    await store.appendLog({
      journal: [{ session: "a/0", seq: stored, entry: typed("again") }],
      output: [printed("a/0", stored * BIG.length, BIG)],
    });
    await store.close();
    const again = await openStore(file);
    await expectStored(again, stored + 1);
    expect(await again.answers("a")).toEqual(new Map([["0/a/b", "80"]]));
    await again.close();
  } finally {
    execFileSync("umount", ["-l", folder]);
  }
});

test("a store cannot begin on a full disk, and says why", async ({ skip }) => {
  const folder = mount(64) ?? skip("mounting needs root");
  try {
    writeFileSync(join(folder, "ballast"), "x".repeat(40_000));
    const error: unknown = await openStore(join(folder, "drydock.db")).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageError);
    expect((error as StorageError).message).toMatch(/the disk is full|the disk does not take or give it/);
  } finally {
    execFileSync("umount", ["-l", folder]);
  }
});
