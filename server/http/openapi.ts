import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from "fastify-type-provider-zod";
import { z } from "zod";
import { CheckResult, Evidence, Report } from "../../grader/result.ts";
import { PacketHeaders, PacketTrace, TraceHop } from "../../grader/trace.ts";
import {
  Account,
  AccountSession,
  ApiError,
  AttemptManagement,
  AssignedWork,
  Assignment,
  AssignmentResults,
  AttemptReport,
  AttemptSummary,
  AttemptView,
  Catalogue,
  ClockChange,
  GiveTime,
  Gradings,
  ClassSummary,
  ClassView,
  ExamSummary,
  FlagTask,
  GiveAnswer,
  Invitation,
  KubernetesAddress,
  LabSummary,
  Learner,
  Me,
  NewAssignment,
  OfferedInvitation,
  PartReport,
  PartView,
  ReadHint,
  Regrade,
  StartAttempt,
  TaskView,
  TaskWork,
  User,
  WriteNotes,
} from "../sessions/protocol/index.ts";

const NAMED = {
  Account,
  AccountSession,
  Assignment,
  AssignmentResults,
  AssignedWork,
  ClassSummary,
  ClassView,
  Invitation,
  Learner,
  Me,
  NewAssignment,
  OfferedInvitation,
  User,
  ApiError,
  AttemptManagement,
  AttemptReport,
  AttemptSummary,
  AttemptView,
  Catalogue,
  CheckResult,
  ClockChange,
  Evidence,
  ExamSummary,
  FlagTask,
  GiveAnswer,
  GiveTime,
  Gradings,
  KubernetesAddress,
  LabSummary,
  PacketHeaders,
  PacketTrace,
  PartReport,
  PartView,
  ReadHint,
  Regrade,
  Report,
  StartAttempt,
  TaskView,
  TaskWork,
  TraceHop,
  WriteNotes,
};

/** Routes of this scope are typed, checked and described by zod; `/openapi.json` tells them all. */
export async function describeRoutes(api: FastifyInstance, version: string): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) schemaRegistry.add(schema, { id });
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  const named = createJsonSchemaTransformObject({ schemaRegistry });
  await api.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Drydock", version, description: "Start labs and exams, answer, check, submit, read reports." },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: (document) => withUsedSchemas(named(document) as Document) as ReturnType<typeof named>,
  });
  api.get("/openapi.json", { schema: { hide: true } }, () => api.swagger());
}

interface Document {
  readonly paths?: object;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const REFERENCE = /"#\/components\/schemas\/(\w+)"/g;

/**
 * fastify-type-provider-zod describes every named schema twice, as input and as output. What no route refers to is left
 * out, and an input goes by its own name where there is no output of that name.
 */
function withUsedSchemas<T extends Document>(document: T): T {
  const schemas = document.components?.schemas ?? {};
  const used = new Set(references(document.paths));
  for (const name of used) for (const next of references(schemas[name])) used.add(next);
  const nameOf = (name: string): string => {
    const own = name.replace(/Input$/, "");
    return used.has(own) ? name : own;
  };
  const kept = [...used].toSorted().map((name) => [nameOf(name), schemas[name]]);
  const tidy = { ...document, components: { ...document.components, schemas: Object.fromEntries(kept) } };
  const text = JSON.stringify(tidy).replace(REFERENCE, (_, name: string) => `"#/components/schemas/${nameOf(name)}"`);
  return JSON.parse(text) as T;
}

function references(part: unknown): string[] {
  return [...(JSON.stringify(part) ?? "").matchAll(REFERENCE)].map((match) => match[1]!);
}
