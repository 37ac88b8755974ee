import { z } from "zod";
import type { Attempts, Terms } from "../../attempts/index.ts";
import {
  AttemptView,
  FlagTask,
  GiveAnswer,
  ReadHint,
  StartAttempt,
  WriteNotes,
} from "../../sessions/protocol/index.ts";
import { userOf } from "./roles.ts";
import { ById, ERRORS, type Api } from "./typed.ts";

const ByPart = ById.extend({ part: z.coerce.number().int().min(0) });
const DONE = { 204: z.null().describe("It is back at its start"), ...ERRORS };
const STORED = { 204: z.null().describe("Stored"), ...ERRORS };

/** On which terms somebody starts something. */
export type MakeTerms = (user: string, order: StartAttempt) => Promise<Terms>;

/** Starting an attempt, reading it, and what is written while it is worked on. */
export function attemptRoutes(api: Api, attempts: Attempts, terms: MakeTerms, startsPerMinute: number): void {
  api.post(
    "/attempts",
    {
      config: { rateLimit: { max: startsPerMinute, timeWindow: "1 minute" } },
      schema: { summary: "Starts a lab or an exam", body: StartAttempt, response: { 201: AttemptView, ...ERRORS } },
    },
    async (request, reply) => {
      const order = request.body;
      return reply.code(201).send(await attempts.start(order, await terms(userOf(request).id, order)));
    },
  );
  api.post(
    "/attempts/prepare",
    {
      config: { rateLimit: { max: startsPerMinute, timeWindow: "1 minute" } },
      schema: {
        summary: "Makes clusters ready that are likely to be wanted soon: starting is quicker then",
        body: StartAttempt,
        response: { 204: z.null().describe("They are being made, when there is time"), ...ERRORS },
      },
    },
    async (request, reply) => {
      await attempts.prepare(request.body);
      return reply.code(204).send(null);
    },
  );
  api.get(
    "/attempts/:id",
    { schema: { summary: "An attempt as it is now", params: ById, response: { 200: AttemptView, ...ERRORS } } },
    (request) => attempts.get(request.params.id),
  );
  api.put(
    "/attempts/:id/answers",
    { schema: { summary: "Answers a question", params: ById, body: GiveAnswer, response: STORED } },
    async (request, reply) => {
      await attempts.answer(request.params.id, request.body);
      return reply.code(204).send(null);
    },
  );
  api.put(
    "/attempts/:id/notes",
    { schema: { summary: "Writes the notepad", params: ById, body: WriteNotes, response: STORED } },
    async (request, reply) => {
      await attempts.notes(request.params.id, request.body.notes);
      return reply.code(204).send(null);
    },
  );
  api.put(
    "/attempts/:id/flags",
    { schema: { summary: "Marks a task, or takes the mark away", params: ById, body: FlagTask, response: STORED } },
    async (request, reply) => {
      await attempts.flag(request.params.id, request.body);
      return reply.code(204).send(null);
    },
  );
  api.post(
    "/attempts/:id/parts/:part/reset",
    {
      config: { rateLimit: { max: 10, timeWindow: "1 minute" } },
      schema: { summary: "Puts a part's cluster back to how the lab began", params: ByPart, response: DONE },
    },
    async (request, reply) => {
      await attempts.reset(request.params.id, request.params.part);
      return reply.code(204).send(null);
    },
  );
  api.post(
    "/attempts/:id/abandon",
    {
      config: { attempt: "reads" },
      schema: {
        summary: "Gives an attempt up: it is not graded. Learners give up what was not assigned, instructors any",
        params: ById,
        response: { 204: z.null().describe("It is over, and counts for nothing"), ...ERRORS },
      },
    },
    async (request, reply) => {
      const { role } = userOf(request);
      await attempts.abandon(request.params.id, role === "learner" ? "learner" : "instructor");
      return reply.code(204).send(null);
    },
  );
  api.post(
    "/attempts/:id/hints",
    {
      schema: {
        summary: "Reads the next hint of a task",
        params: ById,
        body: ReadHint,
        response: { 200: AttemptView, ...ERRORS },
      },
    },
    (request) => attempts.hint(request.params.id, request.body),
  );
}
