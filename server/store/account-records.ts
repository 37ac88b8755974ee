import type { Kysely, Selectable, Transaction } from "kysely";
import type { AccountRow, AccountSessionRow, AccountStore, InvitationRow } from "./account-store.ts";
import type { Tables } from "./tables.ts";

/** Who may sign in, who is, and who was invited. */
export function accountRecords(db: Kysely<Tables>): AccountStore {
  return {
    async accounts() {
      const rows = await db.selectFrom("accounts").selectAll().orderBy("created_at").orderBy("id").execute();
      return rows.map(({ created_at, ...same }) => ({ ...same, createdAt: created_at }));
    },
    addAccount: (account) => addAccount(db, account),
    async setRole(id, role) {
      await db.updateTable("accounts").set({ role }).where("id", "=", id).execute();
    },
    async setPassword(id, password) {
      await db.updateTable("accounts").set({ password }).where("id", "=", id).execute();
    },
    async removeAccount(id) {
      await db.transaction().execute(async (trx) => {
        for (const table of ["account_sessions", "class_learners", "class_instructors", "extra_times"] as const)
          await trx.deleteFrom(table).where("account", "=", id).execute();
        await trx.deleteFrom("accounts").where("id", "=", id).execute();
      });
    },
    async addAccountSession({ createdAt, seenAt, expiresAt, ...same }) {
      const values = { ...same, created_at: createdAt, seen_at: seenAt, expires_at: expiresAt };
      await db.insertInto("account_sessions").values(values).execute();
    },
    async accountSession(token, now) {
      const row = await db
        .selectFrom("account_sessions")
        .selectAll()
        .where("token", "=", token)
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return row && sessionOf(row);
    },
    async accountSessions(account, now) {
      const rows = await db
        .selectFrom("account_sessions")
        .selectAll()
        .where("account", "=", account)
        .where("expires_at", ">", now)
        .orderBy("seen_at", "desc")
        .orderBy("id")
        .execute();
      return rows.map(sessionOf);
    },
    async sawAccountSession(id, at) {
      await db.updateTable("account_sessions").set({ seen_at: at }).where("id", "=", id).execute();
    },
    async endAccountSession(id) {
      await db.deleteFrom("account_sessions").where("id", "=", id).execute();
    },
    async forgetExpired(now) {
      await db.deleteFrom("account_sessions").where("expires_at", "<=", now).execute();
      await db.deleteFrom("invitations").where("expires_at", "<=", now).execute();
    },
    ...invitationRecords(db),
  };
}

type InvitationRecords = Pick<
  AccountStore,
  "addInvitation" | "invitations" | "invitation" | "accept" | "join" | "removeInvitation"
>;

function invitationRecords(db: Kysely<Tables>): InvitationRecords {
  return {
    async addInvitation({ createdAt, expiresAt, ...same }) {
      await db
        .insertInto("invitations")
        .values({ ...same, created_at: createdAt, expires_at: expiresAt })
        .execute();
    },
    async invitations(now) {
      const rows = await usable(db, now).orderBy("created_at", "desc").orderBy("id").execute();
      return rows.map(invitationOf);
    },
    async invitation(token, now) {
      const row = await usable(db, now).where("token", "=", token).executeTakeFirst();
      return row && invitationOf(row);
    },
    accept: (token, now, account) =>
      db.transaction().execute(async (trx) => {
        const invitation = await usable(trx, now).where("token", "=", token).executeTakeFirst();
        if (invitation === undefined) return "unknown";
        if (!(await addAccount(trx, account))) return "name-taken";
        await use(trx, invitation, account.id);
        return "accepted";
      }),
    join: (token, now, account) =>
      db.transaction().execute(async (trx) => {
        const invitation = await usable(trx, now).where("token", "=", token).executeTakeFirst();
        if (invitation === undefined) return false;
        await use(trx, invitation, account);
        return true;
      }),
    async removeInvitation(id) {
      await db.deleteFrom("invitations").where("id", "=", id).execute();
    },
  };
}

function usable(db: Kysely<Tables>, now: number) {
  return db.selectFrom("invitations").selectAll().where("left", ">", 0).where("expires_at", ">", now);
}

/** One use less, and one learner more in its class. */
async function use(trx: Transaction<Tables>, row: Selectable<Tables["invitations"]>, account: string): Promise<void> {
  await trx
    .updateTable("invitations")
    .set({ left: row.left - 1 })
    .where("id", "=", row.id)
    .execute();
  if (row.class === null) return;
  await trx
    .insertInto("class_learners")
    .values({ class: row.class, account })
    .onConflict((conflict) => conflict.columns(["class", "account"]).doNothing())
    .execute();
}

async function addAccount(db: Kysely<Tables>, { createdAt, ...same }: AccountRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("accounts")
    .values({ ...same, created_at: createdAt })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

function sessionOf(row: Selectable<Tables["account_sessions"]>): AccountSessionRow {
  const { created_at, seen_at, expires_at, ...same } = row;
  return { ...same, createdAt: created_at, seenAt: seen_at, expiresAt: expires_at };
}

function invitationOf({ created_at, expires_at, ...same }: Selectable<Tables["invitations"]>): InvitationRow {
  return { ...same, createdAt: created_at, expiresAt: expires_at };
}
