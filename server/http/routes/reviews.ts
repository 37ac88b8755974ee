import { z } from "zod";
import { checksCsv, listCsv, type Reviews } from "../../reviews/index.ts";
import {
  CheckLane,
  Comment,
  Remarks,
  Replay,
  Review,
  ReviewFilter,
  ReviewList,
  StateTable,
  Timeline,
  WriteComment,
  WriteOverride,
} from "../../sessions/protocol/index.ts";
import type { Shown } from "../../store/index.ts";
import { userOf, type User } from "./roles.ts";
import { ById, ERRORS, type Api } from "./typed.ts";

const CSV = "text/csv; charset=utf-8";
const ByPart = ById.extend({ part: z.coerce.number().int().min(0) });
const ByTerminal = ByPart.extend({ terminal: z.coerce.number().int().min(1) });
const ByComment = ById.extend({ comment: z.coerce.number().int() });
const Moment = z.strictObject({ at: z.coerce.number(), resource: z.string().min(1).max(200) });
const STORED = { 204: z.null().describe("Stored"), ...ERRORS };
const REVIEWER = { role: "instructor" } as const;

/** What somebody is shown, perhaps of one class only. */
export type ShownTo = (user: User, of?: string) => Promise<Shown>;

/** What reviewers do with attempts, and what their learners read of it. */
export function reviewRoutes(api: Api, reviews: Reviews, shownTo: ShownTo): void {
  lists(api, reviews, shownTo);
  moments(api, reviews);
  words(api, reviews);
  api.get(
    "/attempts/:id/remarks",
    {
      schema: {
        summary: "What reviewers said of a graded attempt, and points that they gave",
        params: ById,
        response: { 200: Remarks, ...ERRORS },
      },
    },
    (request) => reviews.remarks(request.params.id),
  );
}

function lists(api: Api, reviews: Reviews, shownTo: ShownTo): void {
  const listed = async (user: User, filter: ReviewFilter): Promise<ReviewList> => ({
    reviews: await reviews.list(filter, await shownTo(user, filter.class)),
  });
  api.get(
    "/reviews",
    {
      config: REVIEWER,
      schema: {
        summary: "Attempts that can be reviewed, the newest first",
        querystring: ReviewFilter,
        response: { 200: ReviewList, ...ERRORS },
      },
    },
    (request) => listed(userOf(request), request.query),
  );
  api.get(
    "/reviews.csv",
    {
      config: REVIEWER,
      schema: {
        summary: "The same as a table (CSV)",
        querystring: ReviewFilter,
        response: { 200: { content: { [CSV]: { schema: z.string() } } }, ...ERRORS },
      },
    },
    async (request, reply) => {
      const text = listCsv((await listed(userOf(request), request.query)).reviews);
      return reply.header("content-disposition", 'attachment; filename="attempts.csv"').type(CSV).send(text);
    },
  );
  api.get(
    "/reviews/:id",
    {
      config: REVIEWER,
      schema: { summary: "An attempt and its review", params: ById, response: { 200: Review, ...ERRORS } },
    },
    (request) => reviews.get(request.params.id),
  );
  api.get(
    "/reviews/:id/review.json",
    {
      config: REVIEWER,
      schema: { summary: "The same as a file", params: ById, response: { 200: Review, ...ERRORS } },
    },
    async (request, reply) => {
      const review = await reviews.exported(request.params.id, userOf(request).name, "JSON");
      return reply.header("content-disposition", 'attachment; filename="review.json"').send(review);
    },
  );
  api.get(
    "/reviews/:id/checks.csv",
    {
      config: REVIEWER,
      schema: {
        summary: "The checks of a graded attempt with their points (CSV)",
        params: ById,
        response: { 200: { content: { [CSV]: { schema: z.string() } } }, ...ERRORS },
      },
    },
    async (request, reply) => {
      const text = checksCsv(await reviews.exported(request.params.id, userOf(request).name, "CSV of checks"));
      return reply.header("content-disposition", 'attachment; filename="checks.csv"').type(CSV).send(text);
    },
  );
}

/** An attempt as it was. */
function moments(api: Api, reviews: Reviews): void {
  api.get(
    "/reviews/:id/parts/:part/terminals/:terminal",
    {
      config: REVIEWER,
      schema: { summary: "What a terminal showed", params: ByTerminal, response: { 200: Replay, ...ERRORS } },
    },
    ({ params }) => reviews.replay(params.id, params.part, params.terminal),
  );
  api.get(
    "/reviews/:id/parts/:part/timeline",
    {
      config: REVIEWER,
      schema: {
        summary: "Commands that were entered, and what they changed",
        params: ByPart,
        response: { 200: Timeline, ...ERRORS },
      },
    },
    ({ params }) => reviews.timeline(params.id, params.part),
  );
  api.get(
    "/reviews/:id/parts/:part/checks",
    {
      config: REVIEWER,
      schema: {
        summary: "How the checks stood behind each command; the first time this takes a while",
        params: ByPart,
        response: { 200: CheckLane, ...ERRORS },
      },
    },
    ({ params }) => reviews.checks(params.id, params.part),
  );
  api.get(
    "/reviews/:id/parts/:part/state",
    {
      config: REVIEWER,
      schema: {
        summary: "The objects of a resource at a moment, as kubectl get shows them",
        params: ByPart,
        querystring: Moment,
        response: { 200: StateTable, ...ERRORS },
      },
    },
    ({ params, query }) => reviews.state(params.id, params.part, query.at, query.resource),
  );
}

/** What reviewers write. */
function words(api: Api, reviews: Reviews): void {
  api.post(
    "/reviews/:id/comments",
    {
      config: REVIEWER,
      schema: {
        summary: "Says something about a moment",
        params: ById,
        body: WriteComment,
        response: { 201: Comment, ...ERRORS },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await reviews.comment(request.params.id, request.body, userOf(request).name)),
  );
  api.delete(
    "/reviews/:id/comments/:comment",
    {
      config: REVIEWER,
      schema: { summary: "Takes a comment away", params: ByComment, response: STORED },
    },
    async (request, reply) => {
      await reviews.removeComment(request.params.id, request.params.comment, userOf(request).name);
      return reply.code(204).send(null);
    },
  );
  api.put(
    "/reviews/:id/overrides",
    {
      config: REVIEWER,
      schema: {
        summary: "Gives points in the place of a check's own, with a reason; null takes that back",
        params: ById,
        body: WriteOverride,
        response: STORED,
      },
    },
    async (request, reply) => {
      await reviews.override(request.params.id, request.body, userOf(request).name);
      return reply.code(204).send(null);
    },
  );
}
