import { sql, type Kysely } from "kysely";
import type { ReviewCounts, ReviewStore } from "./review-store.ts";
import type { Tables } from "./tables.ts";

const COMMENT = ["id", "part", "at", "text", "by", "written"] as const;

/** What reviewers do with attempts. */
export function reviewRecords(db: Kysely<Tables>): ReviewStore {
  return {
    async comments(attempt) {
      const rows = await db
        .selectFrom("review_comments")
        .select(COMMENT)
        .where("attempt", "=", attempt)
        .orderBy("part")
        .orderBy("at")
        .orderBy("id")
        .execute();
      return rows;
    },
    async saveComment(attempt, comment) {
      return db
        .insertInto("review_comments")
        .values({ attempt, ...comment })
        .returning(COMMENT)
        .executeTakeFirstOrThrow();
    },
    async removeComment(attempt, id) {
      const { numDeletedRows } = await db
        .deleteFrom("review_comments")
        .where("attempt", "=", attempt)
        .where("id", "=", id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async overrides(attempt) {
      const rows = await db
        .selectFrom("review_overrides")
        .select(["part", "task", "check", "points", "reason", "by", "written"])
        .where("attempt", "=", attempt)
        .orderBy("part")
        .orderBy("task")
        .orderBy("check")
        .execute();
      return rows;
    },
    async saveOverride(attempt, override) {
      const { points, reason, by, written } = override;
      await db
        .insertInto("review_overrides")
        .values({ attempt, ...override })
        .onConflict((conflict) =>
          conflict.columns(["attempt", "part", "task", "check"]).doUpdateSet({ points, reason, by, written }),
        )
        .execute();
    },
    async removeOverride(attempt, { part, task, check }) {
      await db
        .deleteFrom("review_overrides")
        .where("attempt", "=", attempt)
        .where("part", "=", part)
        .where("task", "=", task)
        .where("check", "=", check)
        .execute();
    },
    async audit(attempt) {
      const rows = await db
        .selectFrom("review_audit")
        .select(["at", "by", "what", "detail"])
        .where("attempt", "=", attempt)
        .orderBy("id", "desc")
        .execute();
      return rows;
    },
    async saveAudit(attempt, entry) {
      await db
        .insertInto("review_audit")
        .values({ attempt, ...entry })
        .execute();
    },
    async reading(session, what) {
      const row = await db
        .selectFrom("review_readings")
        .select("reading")
        .where("session", "=", session)
        .where("what", "=", what)
        .executeTakeFirst();
      return row?.reading;
    },
    async saveReading(session, what, reading) {
      await db
        .insertInto("review_readings")
        .values({ session, what, reading })
        .onConflict((conflict) => conflict.columns(["session", "what"]).doUpdateSet({ reading }))
        .execute();
    },
    async setPercent(attempt, percent) {
      await db.updateTable("attempts").set({ percent }).where("id", "=", attempt).execute();
    },
    async reviewCounts() {
      const { rows } = await sql<ReviewCounts & { attempt: string }>`
        select id as attempt,
          (select count(*) from review_comments where attempt = attempts.id) as comments,
          (select count(*) from review_overrides where attempt = attempts.id) as overrides,
          (select count(*) from reports, json_each(reports.report, '$.parts') part,
              json_each(part.value, '$.report.results') result
            where reports.attempt = attempts.id and which = 'final'
              and json_extract(result.value, '$.outcome') = 'fail') as failed
        from attempts`.execute(db);
      return new Map(rows.map(({ attempt, ...counts }) => [attempt, counts]));
    },
  };
}
