import Sqlite from "better-sqlite3";
import { type Kysely, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openStore, type Store } from "./index.ts";
import { migrations, MIGRATION_NAMES } from "./migrations/index.ts";
import { openTables } from "./open.ts";
import { columns } from "./sqlite/dialect.ts";
import type { Tables } from "./tables.ts";
import { attemptRow, partRow, printed, report, typed } from "./testing.ts";

const base = mkdtempSync(join(tmpdir(), "drydock-migrate-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const fixtures = readdirSync(new URL("fixtures/", import.meta.url)).filter((name) => name.endsWith(".sql"));

/** The database that a released version stored, opened by this one. */
async function openOld(fixture: string): Promise<Store> {
  const file = join(base, `${fixture}.db`);
  const raw = new Sqlite(file);
  raw.exec(readFileSync(new URL(`fixtures/${fixture}`, import.meta.url), "utf8"));
  raw.close();
  return openStore(file);
}

test.each(fixtures)("a database of %s is read, and can be worked on", async (fixture) => {
  const store = await openOld(fixture);
  const open = attemptRow("open", { endsAt: 1_795_262_400_000, away: 30, notes: "it's\n→ open" });
  expect(await store.attempt("open")).toEqual({ attempt: open, parts: [partRow("open")] });
  const done = attemptRow("done", { kind: "exam", of: "first", pass: 66, startedAt: 1_795_000_000_000 });
  expect(await store.attempt("done")).toEqual({
    attempt: { ...done, state: "graded", submittedAt: 1_795_000_060_000, percent: 62.5 },
    parts: [partRow("done", 0, { weight: 2 }), partRow("done", 1, { weight: 0.5, touched: true })],
  });
  expect(await store.report("done", "final")).toEqual(report("done", true, 62.5));
  expect(await store.report("open", "check")).toEqual(report("open", false, 25));
  expect(await store.answers("open")).toEqual(new Map([["0/repair/port", "80'80"]]));
  expect(await store.flags("open")).toEqual(new Set(["0/repair"]));
  expect(await store.hints("open")).toEqual(new Map([["0/repair", 1]]));
  expect(await store.source("open/0")).toEqual({
    lab: "lost-endpoints",
    seed: 2_147_483_647,
    snapshot: Uint8Array.of(0, 1, 128, 255),
    journal: [
      { kind: "open", at: 1, step: 0, terminal: 1, cols: 80, rows: 24 },
      typed("ls\r\u001b\u00ff"),
      { kind: "resize", at: 3, step: 4, terminal: 1, cols: 100, rows: 30 },
      { kind: "close", at: 5, step: 6, terminal: 1 },
    ],
    delivered: { "1": 7 },
  });
  expect(await store.output("open/0", 1)).toEqual([
    printed("open/0", 0, "\u0000\u00ffls\r\n"),
    printed("open/0", 6, "x"),
  ]);
  expect(await store.alive()).toBe(1_795_255_300_000);
  expect(await store.saveAnswer("open", "0/repair/port", "8080")).toBe(true);
  await store.close();
});

test("the newest schema has its recorded database, which has all migrations in order", async () => {
  expect(fixtures).toContain(`version-${Number(MIGRATION_NAMES.at(-1)!.slice(0, 4))}.sql`);
  expect(MIGRATION_NAMES).toEqual(MIGRATION_NAMES.toSorted());
  expect(Object.keys(await migrations(columns).getMigrations())).toEqual(MIGRATION_NAMES);
});

test("an old database has the same tables afterwards as a new one", async () => {
  const schema = async (db: Kysely<Tables>): Promise<unknown> =>
    (await sql`select type, name, sql from sqlite_schema order by name`.execute(db)).rows;
  const fresh = await openTables(":memory:");
  for (const fixture of fixtures) {
    const file = join(base, `${fixture}.schema.db`);
    const raw = new Sqlite(file);
    raw.exec(readFileSync(new URL(`fixtures/${fixture}`, import.meta.url), "utf8"));
    raw.close();
    const old = await openTables(file);
    expect(await schema(old.db)).toEqual(await schema(fresh.db));
    await old.close();
  }
  await fresh.close();
});

test("a migration that fails half-way has changed nothing", async () => {
  const { db, close } = await openTables(":memory:");
  const ours = await migrations(columns).getMigrations();
  const broken = async (trx: Kysely<Tables>): Promise<void> => {
    await trx.schema.createTable("half").addColumn("id", "text").execute();
    await trx.schema.dropTable("answers").execute();
    throw new Error("half-way");
  };
  const provider = { getMigrations: async () => ({ ...ours, "9999-broken": { up: broken } }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  expect(error).toEqual(new Error("half-way"));
  const tables = (await db.introspection.getTables()).map((table) => table.name);
  expect(tables).toContain("answers");
  expect(tables).not.toContain("half");
  await close();
});
