import type { Kysely, Selectable } from "kysely";
import type { AssignmentRow, ClassStore } from "./class-store.ts";
import type { Tables } from "./tables.ts";

/** Classes, who is in them, and what is assigned. */
export function classRecords(db: Kysely<Tables>): ClassStore {
  return {
    async classes(leader) {
      const all = db
        .selectFrom("classes")
        .selectAll()
        .select(({ selectFrom, fn }) => [
          selectFrom("class_learners")
            .select(fn.countAll<number>().as("count"))
            .whereRef("class_learners.class", "=", "classes.id")
            .as("learners"),
          selectFrom("assignments")
            .select(fn.countAll<number>().as("count"))
            .whereRef("assignments.class", "=", "classes.id")
            .where("removed_at", "is", null)
            .as("assignments"),
        ])
        .orderBy("name")
        .orderBy("id");
      const rows = await (leader === undefined ? all : all.where("id", "in", led(db, leader))).execute();
      return rows.map(({ created_at, learners, assignments, ...same }) => {
        return { ...same, createdAt: created_at, learners: learners ?? 0, assignments: assignments ?? 0 };
      });
    },
    async class(id) {
      const row = await db.selectFrom("classes").selectAll().where("id", "=", id).executeTakeFirst();
      if (row === undefined) return undefined;
      const { created_at, ...same } = row;
      return { ...same, createdAt: created_at };
    },
    async addClass({ createdAt, ...same }) {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto("classes")
          .values({ ...same, created_at: createdAt })
          .execute();
        const maker = await trx.selectFrom("accounts").select("id").where("id", "=", same.by).executeTakeFirst();
        if (maker) await trx.insertInto("class_instructors").values({ class: same.id, account: maker.id }).execute();
      });
    },
    async renameClass(id, name) {
      await db.updateTable("classes").set({ name }).where("id", "=", id).execute();
    },
    async removeClass(id) {
      await db.transaction().execute(async (trx) => {
        const assignments = trx.selectFrom("assignments").select("id").where("class", "=", id);
        await trx.deleteFrom("extra_times").where("assignment", "in", assignments).execute();
        for (const table of ["assignments", "class_learners", "class_instructors", "invitations"] as const)
          await trx.deleteFrom(table).where("class", "=", id).execute();
        await trx.deleteFrom("classes").where("id", "=", id).execute();
      });
    },
    async learners(id) {
      const rows = await db.selectFrom("class_learners").select("account").where("class", "=", id).execute();
      return rows.map(({ account }) => account);
    },
    async removeLearner(id, account) {
      await db.deleteFrom("class_learners").where("class", "=", id).where("account", "=", account).execute();
    },
    async instructors(id) {
      const rows = await db.selectFrom("class_instructors").select("account").where("class", "=", id).execute();
      return rows.map(({ account }) => account);
    },
    async addInstructor(id, account) {
      await db
        .insertInto("class_instructors")
        .values({ class: id, account })
        .onConflict((conflict) => conflict.columns(["class", "account"]).doNothing())
        .execute();
    },
    async removeInstructor(id, account) {
      await db.deleteFrom("class_instructors").where("class", "=", id).where("account", "=", account).execute();
    },
    ...assignmentRecords(db),
  };
}

function led(db: Kysely<Tables>, account: string) {
  return db.selectFrom("class_instructors").select("class").where("account", "=", account);
}

type AssignmentRecords = Pick<
  ClassStore,
  | "assignments"
  | "assignment"
  | "assigned"
  | "addAssignment"
  | "removeAssignment"
  | "everAssigned"
  | "ledAssignments"
  | "extraTimes"
  | "setExtraTime"
>;

function assignmentRecords(db: Kysely<Tables>): AssignmentRecords {
  const standing = () => db.selectFrom("assignments").selectAll().where("removed_at", "is", null);
  const newest = () => standing().orderBy("created_at", "desc").orderBy("id");
  return {
    async assignments(of) {
      return (await newest().where("class", "=", of).execute()).map(assignmentOf);
    },
    async assignment(id) {
      const row = await standing().where("id", "=", id).executeTakeFirst();
      return row && assignmentOf(row);
    },
    async assigned(account) {
      const classes = db.selectFrom("class_learners").select("class").where("account", "=", account);
      return (await newest().where("class", "in", classes).execute()).map(assignmentOf);
    },
    async addAssignment({ opensAt, closesAt, createdAt, ...same }) {
      await db
        .insertInto("assignments")
        .values({ ...same, opens_at: opensAt, closes_at: closesAt, created_at: createdAt, removed_at: null })
        .execute();
    },
    async removeAssignment(id, at) {
      await db.updateTable("assignments").set({ removed_at: at }).where("id", "=", id).execute();
    },
    async everAssigned(of) {
      const rows = await db.selectFrom("assignments").select("id").where("class", "=", of).execute();
      return rows.map(({ id }) => id);
    },
    async ledAssignments(account) {
      const rows = await db.selectFrom("assignments").select("id").where("class", "in", led(db, account)).execute();
      return rows.map(({ id }) => id);
    },
    async extraTimes(assignment) {
      const rows = await db.selectFrom("extra_times").selectAll().where("assignment", "=", assignment).execute();
      return new Map(rows.map(({ account, minutes }) => [account, minutes]));
    },
    async setExtraTime(assignment, account, minutes) {
      await db
        .insertInto("extra_times")
        .values({ assignment, account, minutes })
        .onConflict((conflict) => conflict.columns(["assignment", "account"]).doUpdateSet({ minutes }))
        .execute();
    },
  };
}

function assignmentOf(row: Selectable<Tables["assignments"]>): AssignmentRow {
  const { opens_at, closes_at, created_at, removed_at: _, ...same } = row;
  return { ...same, opensAt: opens_at, closesAt: closes_at, createdAt: created_at };
}
