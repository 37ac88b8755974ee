import Sqlite from "better-sqlite3";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { openStore, StorageError } from "./index.ts";
import { child } from "./testing-child.ts";
import { printed, startAttempt, typed } from "./testing.ts";

const base = mkdtempSync(join(tmpdir(), "drydock-store-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let file: string;
let tests = 0;
beforeEach(() => {
  file = join(base, `${++tests}`, "data", "drydock.db");
});

/** The words with which a file is refused. */
async function refusal(): Promise<string> {
  const error = await openStore(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StorageError);
  return (error as StorageError).message;
}

test("folders are made, and what was stored is there after a restart", async () => {
  const first = await openStore(file);
  await startAttempt(first, "a");
  await first.appendLog({ journal: [{ session: "a/0", seq: 0, entry: typed("l") }], output: [] });
  await first.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
  const second = await openStore(file);
  expect((await second.source("a/0"))?.journal).toEqual([typed("l")]);
  await second.close();
});

test("the file can be read by others meanwhile, for a copy", async () => {
  const store = await openStore(file);
  await startAttempt(store, "a");
  const other = new Sqlite(file, { readonly: true });
  expect(other.prepare("select id from attempts").all()).toEqual([{ id: "a" }]);
  other.close();
  await startAttempt(store, "b");
  await store.close();
});

test("a database that another Drydock uses is refused with its process id, until that one ends", async () => {
  const other = child("open-store.ts", file);
  expect((await other.lines.next()).value).toBe(`open ${other.pid}`);
  expect(await refusal()).toBe(
    `the database ${file} is in use by another Drydock (process ${other.pid}). End that one, or give this one another folder`,
  );
  await other.end();
  await (await openStore(file)).close();
});

test("a killed Drydock leaves no lock behind", async () => {
  const other = child("open-store.ts", file);
  await other.lines.next();
  await other.kill();
  expect(readFileSync(`${file}.pid`, "utf8")).toBe(`${other.pid}\n`);
  const store = await openStore(file);
  expect(readFileSync(`${file}.pid`, "utf8")).toBe(`${process.pid}\n`);
  await store.close();
  expect(existsSync(`${file}.pid`)).toBe(false);
});

test("two stores in one process do not share a file either", async () => {
  const store = await openStore(file);
  expect(await refusal()).toContain(`(process ${process.pid})`);
  await startAttempt(store, "a");
  const other = child("open-store.ts", file);
  expect((await other.lines.next()).value).toContain(`in use by another Drydock (process ${process.pid})`);
  await other.end();
  await store.close();
});

test("a database of a newer Drydock is refused and not changed", async () => {
  await (await openStore(file)).close();
  const raw = new Sqlite(file);
  raw.exec("insert into kysely_migration values ('0099-classes', '2027-01-01T00:00:00.000Z')");
  raw.close();
  const before = readFileSync(file);
  expect(await refusal()).toBe(
    `the database ${file} was written by a newer Drydock (it has 0099-classes). Run that version, or name another file; nothing was changed`,
  );
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("a database of another program is refused and not changed", async () => {
  mkdirSync(join(file, ".."), { recursive: true });
  const raw = new Sqlite(file);
  raw.exec("pragma journal_mode = wal; create table bookmarks (url text); create table history (url text)");
  raw.close();
  const before = readFileSync(file);
  expect(await refusal()).toBe(
    `the database ${file} is not one of Drydock's: it holds bookmarks, history. Name another file`,
  );
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("a file that is no database is refused and not changed", async () => {
  mkdirSync(join(file, ".."), { recursive: true });
  const letter = "Dear Sir or Madam,\n".repeat(500);
  writeFileSync(file, letter);
  expect(await refusal()).toBe(
    `the database ${file}: it is not a database of Drydock's. Name another file, or move this one away to start with an empty one (SQLITE_NOTADB)`,
  );
  expect(readFileSync(file, "utf8")).toBe(letter);
});

test("a damaged database is refused with what can be done", async () => {
  const store = await openStore(file);
  await startAttempt(store, "a");
  await store.close();
  truncateSync(file, 12_288);
  expect(await refusal()).toMatch(
    /^the database \S+drydock.db: it is damaged\. Put back a copy, or move it away .* \(SQLITE_CORRUPT\w*\)$/,
  );
});

test("damage that is found later is an error of the one query, in the same words", async () => {
  const store = await openStore(file);
  await startAttempt(store, "a");
  await store.appendLog({ journal: [], output: [printed("a/0", 0, "x".repeat(500_000))] });
  await store.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 400_000);
  writeFileSync(file, bytes);
  const damaged = await openStore(file);
  await expect(damaged.output("a/0", 1)).rejects.toThrow(/^the database .*: it is damaged\. .* \(SQLITE_CORRUPT/);
  expect((await damaged.attempt("a"))?.attempt.id).toBe("a");
  await damaged.close();
});

test("rows that this Drydock cannot read are named", async () => {
  const store = await openStore(file);
  await startAttempt(store, "a");
  await store.appendLog({ journal: [{ session: "a/0", seq: 0, entry: typed("l") }], output: [] });
  await store.close();
  const raw = new Sqlite(file);
  raw.exec(`update parts set text = '{"id":1}'; update journal set entry = '{'`);
  raw.close();
  const again = await openStore(file);
  await expect(again.attempt("a")).rejects.toThrow(
    new StorageError("the database holds a lab text of attempt a of another form than this Drydock knows", false),
  );
  await expect(again.source("a/0")).rejects.toThrow(
    "the database holds a journal entry of session a/0 that is not JSON",
  );
  await again.close();
});

test("a folder in the file's place, and a file in the folder's place, are refused", async () => {
  mkdirSync(file, { recursive: true });
  expect(await refusal()).toMatch(/^the database \S+drydock.db: it cannot be opened\. .* \(SQLITE_CANTOPEN\w*\)$/);
  file = join(base, "a-file", "drydock.db");
  writeFileSync(join(base, "a-file"), "");
  expect(await refusal()).toMatch(/^the folder \S+a-file cannot be made: .*(EEXIST|ENOTDIR)/);
});
