import type { FastifyInstance, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { AccountError } from "../accounts/index.ts";
import { UserError } from "../attempts/index.ts";
import { ClassError } from "../classes/index.ts";
import type { ApiError } from "../sessions/protocol/index.ts";
import { Refusal } from "./refusal.ts";

interface Answer {
  readonly status: number;
  readonly error: ApiError;
}

/** Fastify's own errors (its lib/errors.js), in our words. */
const OF_FASTIFY: Readonly<Record<string, Answer>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: problem(413, "too-large", "The request is too large; nothing of it was stored."),
  FST_ERR_CTP_INVALID_JSON_BODY: problem(400, "bad-request", "The request's body is not JSON."),
  FST_ERR_CTP_EMPTY_JSON_BODY: problem(400, "bad-request", "The request's body is empty."),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problem(400, "bad-request", "The request's body is not as long as it says."),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problem(
    415,
    "bad-media-type",
    "The request's body must be JSON (content-type: application/json).",
  ),
  FST_ERR_BAD_URL: problem(400, "bad-request", "The address is not well written."),
};

/** Every error is answered as `ApiError`. Bugs are logged with their stack and answered without it. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, error: body } = answerTo(error);
    if (status >= 500) request.log.error({ err: error }, "request failed");
    return reply.code(status).type("application/json").send(body);
  });
}

export function notFound(request: FastifyRequest): Refusal {
  const path = request.url.split("?")[0]!;
  return new Refusal(404, "not-found", `There is nothing at ${request.method} ${path}.`);
}

/** What a browser is told about an error, wherever it came from. */
export function answerTo(error: unknown): Answer {
  if (
    error instanceof UserError ||
    error instanceof Refusal ||
    error instanceof AccountError ||
    error instanceof ClassError
  )
    return { status: error.status, error: error.toJSON() };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const context = error.validationContext === "body" ? "" : `${error.validationContext ?? "request"}: `;
    const words = error.validation.map(
      ({ instancePath, message }) =>
        `${instancePath.slice(1).replaceAll("/", ".") || "request"}: ${message ?? "wrong"}`,
    );
    return problem(400, "bad-request", `The request is not as it should be: ${context}${words.join("; ")}`);
  }
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = typeof code === "string" && Object.hasOwn(OF_FASTIFY, code) ? OF_FASTIFY[code] : undefined;
  if (known) return known;
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
    return problem(statusCode, "bad-request", (error as Error).message);
  return problem(
    500,
    "internal",
    "Something went wrong in the server; what was stored before is safe.",
    "Try again. If it happens again, the server's log says more.",
  );
}

function problem(status: number, code: string, message: string, help?: string): Answer {
  return { status, error: { code, message, ...(help === undefined ? {} : { help }) } };
}
