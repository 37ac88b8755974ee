import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { ApiError } from "../../sessions/protocol/index.ts";

/** The `/api` scope: requests and responses have the types of their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What every route may answer with besides. */
export const ERRORS = { "4xx": ApiError, "5xx": ApiError } as const;

export const ById = z.strictObject({ id: z.string().max(100) });
export type ById = z.infer<typeof ById>;
