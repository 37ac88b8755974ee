import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Attempts } from "../../attempts/index.ts";
import { AttemptReport, EarlierAttempts, Gradings, LastCheck } from "../../sessions/protocol/index.ts";
import { ById, ERRORS, type Api } from "./typed.ts";

const REPORT = { 200: AttemptReport, ...ERRORS };
const ASCIICAST = "application/x-asciicast";

const Recording = ById.extend({ part: z.coerce.number().int().min(0), terminal: z.coerce.number().int().min(1) });

/** Checking and submitting an attempt, and what is left of it afterwards. */
export function reportRoutes(api: Api, attempts: Attempts, checksPerMinute: number): void {
  api.post(
    "/attempts/:id/check",
    {
      config: {
        rateLimit: {
          max: checksPerMinute,
          timeWindow: "1 minute",
          keyGenerator: (request: FastifyRequest) => (request.params as ById).id,
        },
      },
      schema: { summary: "Checks a lab without submitting it", params: ById, response: REPORT },
    },
    (request) => attempts.check(request.params.id),
  );
  api.post(
    "/attempts/:id/submit",
    { schema: { summary: "Submits an attempt: it is graded and closed", params: ById, response: REPORT } },
    (request) => attempts.submit(request.params.id),
  );
  api.get(
    "/attempts/:id/report",
    { schema: { summary: "The report of a graded attempt", params: ById, response: REPORT } },
    (request) => attempts.report(request.params.id),
  );
  api.get(
    "/attempts/:id/gradings",
    {
      schema: {
        summary: "All reports of a graded attempt: the first one, and those of later gradings",
        params: ById,
        response: { 200: Gradings, ...ERRORS },
      },
    },
    (request) => attempts.gradings(request.params.id),
  );
  api.get(
    "/attempts/:id/earlier",
    {
      schema: {
        summary: "Other graded attempts at the same lab or exam",
        params: ById,
        response: { 200: EarlierAttempts, ...ERRORS },
      },
    },
    (request) => earlier(attempts, request.params.id),
  );
  api.get(
    "/attempts/:id/check",
    { schema: { summary: "What the last check found", params: ById, response: { 200: LastCheck, ...ERRORS } } },
    (request) => lastCheck(attempts, request.params.id),
  );
  api.get(
    "/attempts/:id/recordings/:part/:terminal(^\\d+).cast",
    {
      schema: {
        summary: "A terminal's recording (asciicast v2)",
        params: Recording,
        response: { 200: { content: { [ASCIICAST]: { schema: z.string() } } }, ...ERRORS },
      },
    },
    async (request, reply) => {
      const { id, part, terminal } = request.params;
      const recording = await attempts.recording(id, part, terminal);
      return reply.type(ASCIICAST).send(recording);
    },
  );
}

async function earlier(attempts: Attempts, id: string): Promise<EarlierAttempts> {
  return { attempts: [...(await attempts.earlier(id))] };
}

async function lastCheck(attempts: Attempts, id: string): Promise<LastCheck> {
  return { report: (await attempts.lastCheck(id)) ?? null };
}
