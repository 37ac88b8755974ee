import type { Kysely, Transaction } from "kysely";
import { z } from "zod";
import { readJson } from "./read-json.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

type FinalWorldRecords = Pick<Store, "saveFinalWorld" | "forgoFinalWorld" | "owedWorlds" | "finalWorld">;

const OWED = "final/";

const Values = z.record(z.string(), z.unknown());

/** Worlds as they were graded, and those that are still to be kept. */
export function finalWorldRecords(db: Kysely<Tables>): FinalWorldRecords {
  return {
    async saveFinalWorld({ session, values, snapshot }) {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto("final_worlds")
          .values({ session, values: JSON.stringify(values), bytes: snapshot })
          .onConflict((conflict) => conflict.column("session").doNothing())
          .execute();
        await trx.deleteFrom("server").where("name", "=", `${OWED}${session}`).execute();
      });
    },
    async forgoFinalWorld(session) {
      await db.deleteFrom("server").where("name", "=", `${OWED}${session}`).execute();
    },
    async owedWorlds(id) {
      const prefix: `final/${string}` = id === undefined ? OWED : `${OWED}${id}/`;
      const rows = await db
        .selectFrom("server")
        .selectAll()
        .where("name", ">=", prefix)
        .where("name", "<", `${prefix}~`)
        .orderBy("name")
        .execute();
      return rows.map(({ name, value }) => ({ session: name.slice(OWED.length), at: value }));
    },
    async finalWorld(session) {
      const row = await db.selectFrom("final_worlds").selectAll().where("session", "=", session).executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        snapshot: new Uint8Array(row.bytes),
        values: readJson(Values, row.values, `the variants of session ${session}`),
      };
    },
  };
}

/** The world of a session has to be kept as it was at `at`. */
export async function oweWorld(trx: Transaction<Tables>, session: string, at: number): Promise<void> {
  await trx
    .insertInto("server")
    .values({ name: `${OWED}${session}`, value: at })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: at }))
    .execute();
}
