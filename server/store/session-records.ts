import { type Kysely, sql } from "kysely";
import { JournalEntry } from "../sessions/protocol/index.ts";
import { readJson } from "./read-json.ts";
import { StorageError, type Store } from "./store.ts";
import type { Tables } from "./tables.ts";

type SessionRecords = Pick<
  Store,
  "appendLog" | "lastTyped" | "source" | "output" | "recorded" | "apiToken" | "apiTokens"
>;

/** Rows of one INSERT: statements of few lengths are prepared once and used again. */
const ROWS = 50;

/** What sessions are built again from, and what their terminals printed. */
export function sessionRecords(db: Kysely<Tables>): SessionRecords {
  return {
    async appendLog(batch) {
      const journal = batch.journal.map(({ session, seq, entry }) => ({ session, seq, entry: JSON.stringify(entry) }));
      const output = batch.output.map((chunk) => ({ ...chunk, bytes: Buffer.from(chunk.bytes, "latin1") }));
      await db.transaction().execute(async (trx) => {
        for (const { session, lab, seed, snapshot } of batch.opened ?? [])
          await trx
            .insertInto("snapshots")
            .values({ session, lab, seed, bytes: snapshot })
            .onConflict((conflict) => conflict.column("session").doNothing())
            .execute();
        for (const values of inGroups(journal))
          await trx
            .insertInto("journal")
            .values(values)
            .onConflict((conflict) =>
              conflict.columns(["session", "seq"]).doUpdateSet(({ ref }) => ({ entry: ref("excluded.entry") })),
            )
            .execute();
        for (const values of inGroups(output))
          await trx
            .insertInto("output")
            .values(values)
            .onConflict((conflict) => conflict.columns(["session", "terminal", "offset"]).doNothing())
            .execute();
      });
    },
    async lastTyped(attempt) {
      const parts = await db.selectFrom("parts").select("part").where("attempt", "=", attempt).execute();
      const typed = parts.map(async ({ part }) => {
        const session = `${attempt}/${part}`;
        const row = await lastInput(db, session);
        // A world's clock follows the wall clock, in microseconds.
        return (
          row && { at: readJson(JournalEntry, row.entry, `a journal entry of session ${session}`).at / 1000, part }
        );
      });
      return (await Promise.all(typed)).filter((each) => each !== undefined).toSorted((a, b) => b.at - a.at)[0];
    },
    async source(session) {
      const snapshot = await db.selectFrom("snapshots").selectAll().where("session", "=", session).executeTakeFirst();
      if (snapshot === undefined) return neverOpen(db, session);
      const rows = await db
        .selectFrom("journal")
        .select(["seq", "entry"])
        .where("session", "=", session)
        .orderBy("seq")
        .execute();
      const hole = rows.findIndex((row, index) => row.seq !== index);
      if (hole !== -1)
        throw new StorageError(`the database lacks entry ${hole} of the journal of session ${session}`, false);
      const delivered = await db
        .selectFrom("output")
        .select(["terminal", sql<number>`max("offset" + octet_length("bytes"))`.as("bytes")])
        .where("session", "=", session)
        .groupBy("terminal")
        .execute();
      return {
        lab: snapshot.lab,
        seed: snapshot.seed,
        snapshot: snapshot.bytes,
        journal: rows.map((row) => readJson(JournalEntry, row.entry, `a journal entry of session ${session}`)),
        delivered: Object.fromEntries(delivered.map((row) => [String(row.terminal), row.bytes])),
      };
    },
    async output(session, terminal) {
      const rows = await db
        .selectFrom("output")
        .selectAll()
        .where("session", "=", session)
        .where("terminal", "=", terminal)
        .orderBy("offset")
        .execute();
      return rows.map((row) => ({ ...row, bytes: Buffer.from(row.bytes).toString("latin1") }));
    },
    async recorded(session) {
      const rows = await db
        .selectFrom("output")
        .select("terminal")
        .distinct()
        .where("session", "=", session)
        .orderBy("terminal")
        .execute();
      return rows.map((row) => row.terminal);
    },
    async apiToken(session, offered) {
      await db
        .insertInto("api_tokens")
        .values({ session, token: offered })
        .onConflict((conflict) => conflict.column("session").doNothing())
        .execute();
      const row = await db
        .selectFrom("api_tokens")
        .select("token")
        .where("session", "=", session)
        .executeTakeFirstOrThrow();
      return row.token;
    },
    async apiTokens(sessions) {
      const rows = await db
        .selectFrom("api_tokens")
        .selectAll()
        .where("session", "in", [...sessions])
        .execute();
      return new Map(rows.map(({ session, token }) => [session, token]));
    },
  };
}

function lastInput(db: Kysely<Tables>, session: string): Promise<{ readonly entry: string } | undefined> {
  return db
    .selectFrom("journal")
    .select("entry")
    .where("session", "=", session)
    .where(sql`json_extract(entry, '$.kind')`, "=", "input")
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** A part whose world was not made before the server went away. */
async function neverOpen(db: Kysely<Tables>, session: string): ReturnType<Store["source"]> {
  const [attempt = "", part] = session.split("/");
  const row = await db
    .selectFrom("parts")
    .select(["lab", "seed"])
    .where("attempt", "=", attempt)
    .where("part", "=", Number(part))
    .executeTakeFirst();
  return row && { ...row, snapshot: undefined, journal: [], delivered: {} };
}

function inGroups<T>(rows: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let at = 0; at < rows.length; at += ROWS) groups.push(rows.slice(at, at + ROWS));
  return groups;
}
