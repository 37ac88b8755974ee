import { z } from "zod";
import type { Authoring } from "../../authoring/index.ts";
import {
  AttemptView,
  AuthoredKind,
  AuthoredLabs,
  DraftCheck,
  LabDraft,
  type LabName,
  ProveDraft,
  SaveLab,
  StoredLab,
  TryDraft,
  VersionFiles,
} from "../../sessions/protocol/index.ts";
import { userOf } from "./roles.ts";
import { ERRORS, type Api } from "./typed.ts";

const Word = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "lower-case words joined by - are needed");
const ByName = z.strictObject({ topic: Word, id: Word });
const ByNumber = ByName.extend({ number: z.coerce.number().int().min(1) });
const OfKind = z.strictObject({ of: AuthoredKind.default("lab") });
const LINES = "application/x-ndjson";

/** Writing labs: reading them, checking, proving and trying drafts, and saving. For instructors only: labs hold their solutions. */
export function authoringRoutes(api: Api, authoring: Authoring, proofsPerMinute: number): void {
  const config = { role: "instructor" } as const;
  const busy = { ...config, rateLimit: { max: proofsPerMinute, timeWindow: "1 minute" } };
  api.get(
    "/authoring",
    { config, schema: { summary: "Labs, and whether they are proved", response: { 200: AuthoredLabs, ...ERRORS } } },
    () => authoring.labs(),
  );
  api.get(
    "/authoring/schema",
    {
      config,
      schema: {
        summary: "The JSON schema of lab.yaml or exam.yaml",
        querystring: OfKind,
        response: { 200: { content: { "application/schema+json": { schema: z.string() } } }, ...ERRORS },
      },
    },
    async ({ query }, reply) => reply.type("application/schema+json").send(await authoring.schema(query.of)),
  );
  api.get(
    "/authoring/labs/:topic/:id",
    { config, schema: { summary: "A lab's files", params: ByName, response: { 200: StoredLab, ...ERRORS } } },
    (request) => authoring.lab(nameOf(request.params)),
  );
  api.put(
    "/authoring/labs/:topic/:id",
    {
      config: busy,
      schema: { summary: "Saves a lab", params: ByName, body: SaveLab, response: { 200: StoredLab, ...ERRORS } },
    },
    (request) => authoring.save(nameOf(request.params), request.body, userOf(request).name),
  );
  api.get(
    "/authoring/labs/:topic/:id/template",
    {
      config,
      schema: {
        summary: "The files of a new lab or exam",
        params: ByName,
        querystring: OfKind,
        response: { 200: VersionFiles, ...ERRORS },
      },
    },
    (request) => authoring.template(request.query.of, nameOf(request.params)).then((files) => ({ files })),
  );
  api.get(
    "/authoring/labs/:topic/:id/versions/:number",
    {
      config,
      schema: { summary: "What was saved before", params: ByNumber, response: { 200: VersionFiles, ...ERRORS } },
    },
    (request) => authoring.version(nameOf(request.params), request.params.number).then((files) => ({ files })),
  );
  api.post(
    "/authoring/check",
    {
      config,
      schema: { summary: "What is wrong with a draft", body: LabDraft, response: { 200: DraftCheck, ...ERRORS } },
    },
    (request) => authoring.check(request.body),
  );
  api.post(
    "/authoring/prove",
    {
      config: busy,
      schema: {
        summary: "Plays the proofs of a draft: a line of JSON for each case; hanging up cancels it",
        body: ProveDraft,
        response: { 200: { content: { [LINES]: { schema: z.unknown() } } }, ...ERRORS },
      },
    },
    (request, reply) => {
      const lines = authoring.prove(request.body, userOf(request).name);
      return reply.type(LINES).header("x-accel-buffering", "no").send(lines);
    },
  );
  api.post(
    "/authoring/try",
    {
      config: busy,
      schema: { summary: "Starts an attempt at a draft", body: TryDraft, response: { 201: AttemptView, ...ERRORS } },
    },
    async (request, reply) => reply.code(201).send(await authoring.try(request.body, userOf(request).id)),
  );
}

function nameOf({ topic, id }: z.infer<typeof ByName>): LabName {
  return `${topic}/${id}`;
}
