import type { Registry } from "../registry.ts";
import type { ApiResponse } from "../request.ts";
import { documentsOf, type OpenApiDocument } from "./index.ts";
import type { Schema } from "./schemas.ts";

const PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
/** Document { swagger: "2.0", info: { title: "Kubernetes", version: "v1.33.1" } } of gnostic's openapiv2.proto. */
const DOCUMENT = "\n\u00032.0\u0012\u0015\n\nKubernetes\u0012\u0007v1.33.1";

/**
 * /openapi/v2: all that v3 says of all group-versions, as Swagger 2.0. As protobuf it comes without paths and definitions: the
 * clients that want it so read v3 first, and come here for kinds that they find nowhere else, to see that nobody knows them.
 */
export function openApiV2(registry: Registry, path: string, accept: string): ApiResponse | undefined {
  if (path !== "/openapi/v2") return undefined;
  if (accept.includes("proto-openapi")) return { kind: "text", code: 200, text: DOCUMENT, mediaType: PROTOBUF };
  return { kind: "object", code: 200, object: swagger(registry), mediaType: "application/json", warnings: [] };
}

/** The last one that was made, and of what. */
let made: { readonly of: readonly OpenApiDocument[]; readonly document: unknown } | undefined;

function swagger(registry: Registry): unknown {
  const documents = documentsOf(registry);
  if (made?.of.length === documents.length && made.of.every((one, at) => one === documents[at])) return made.document;
  const paths = documents.flatMap((one) => Object.entries(one.paths).map(([path, item]) => [path, pathItem(item)]));
  const definitions = documents.flatMap((one) =>
    Object.entries(one.components.schemas).map(([name, schema]) => [name, definition(schema)] as const),
  );
  const document = {
    swagger: "2.0",
    info: documents[0]?.info,
    paths: Object.fromEntries(paths) as unknown,
    definitions: Object.fromEntries(definitions.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
  made = { of: documents, document };
  return document;
}

function record(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A schema without what Swagger does not have: defaults, several types, references within something else. */
function definition(schema: Schema): Schema {
  const { default: _default, oneOf, allOf, ...rest } = schema;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) out[key] = member(key, value);
  if (Array.isArray(allOf) && record(allOf[0])) Object.assign(out, definition(allOf[0]));
  // Quantities and IntOrStrings are strings to those who know one type at a time.
  if (oneOf !== undefined) out["type"] = "string";
  return out;
}

function member(key: string, value: unknown): unknown {
  if (key === "$ref") return String(value).replace("#/components/schemas/", "#/definitions/");
  if (key === "properties" && record(value))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, definition(one as Schema)]));
  return (key === "items" || key === "additionalProperties") && record(value) ? definition(value) : value;
}

function pathItem(item: Schema): Schema {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [
      key,
      key === "parameters" ? (value as Schema[]).map(parameter) : record(value) ? operation(value) : value,
    ]),
  );
}

function parameter({ schema, ...rest }: Schema): Schema {
  return { ...rest, ...(schema as Schema) };
}

function operation({ requestBody, parameters = [], responses, ...rest }: Schema): Schema {
  const body = requestBody as { readonly content: Contents; readonly required?: boolean } | undefined;
  const asked = body && {
    name: "body",
    in: "body",
    ...(body.required ? { required: true } : {}),
    schema: schemaOf(body.content),
  };
  const all = [...(asked ? [asked] : []), ...(parameters as Schema[]).map(parameter)];
  const answers = Object.entries(responses as Readonly<Record<string, Answer>>);
  return {
    ...rest,
    ...(body ? { consumes: Object.keys(body.content) } : {}),
    produces: [...new Set(answers.flatMap(([, { content = {} }]) => Object.keys(content)))],
    ...(all.length > 0 ? { parameters: all } : {}),
    responses: Object.fromEntries(
      answers.map(([code, { description, content }]) => [
        code,
        { description, ...(content ? { schema: schemaOf(content) } : {}) },
      ]),
    ),
  };
}

type Contents = Readonly<Record<string, { readonly schema: Schema }>>;

interface Answer {
  readonly description: string;
  readonly content?: Contents;
}

function schemaOf(content: Contents): Schema {
  return definition(Object.values(content)[0]!.schema);
}
