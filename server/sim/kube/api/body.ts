import { parse as parseYaml } from "yaml";
import type { RequestContext } from "./context.ts";
import { quote } from "./go-syntax.ts";
import { isObject, parseJson, type JsonObject, type JsonValue } from "./json.ts";
import { apiVersion, type GroupVersionKind } from "./kind.ts";
import type { FieldValidation } from "./options.ts";
import type { Registry } from "./registry.ts";
import type { ApiRequest } from "./request.ts";
import { fromProtobuf } from "./protobuf/decode.ts";
import { strictErrors } from "./schema/decode.ts";
import { decodeAs, schemaOf, type KindSchema } from "./schema/kind-schema.ts";
import { hasStructType } from "./schema/types.ts";
import { errors } from "./status.ts";
import { yamlProblem, type YamlProblem } from "./yaml-problem.ts";

/** What the real server takes at most (apiserver/pkg/server/config.go MaxRequestBodyBytes). */
export const MAX_BYTES = 3 * 1024 * 1024;
const SCHEME = "pkg/api/legacyscheme/scheme.go:30";
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const MEDIA_TYPES = ["application/json", "application/yaml", PROTOBUF];

/** The body as it was sent: a JSON value, and the keys that were given twice in it. */
export interface Body {
  readonly value: JsonValue;
  readonly duplicates: readonly string[];
  /** For messages; undefined if the body never was text. */
  readonly text: string | undefined;
}

/** Reads JSON, YAML or protobuf by content type; `fail` makes the error for a text that is neither. */
export function readBody(request: ApiRequest, fail: (error: string, text: string) => Error): Body {
  const { body } = request;
  if (typeof body === "object") return { value: body, duplicates: [], text: undefined };
  const text = body ?? "";
  if (text.length > MAX_BYTES) throw errors.requestEntityTooLarge(MAX_BYTES);
  const mediaType = request.contentType.split(";")[0]!.trim();
  if (mediaType === "application/yaml") return readYaml(text, fail);
  if (mediaType === PROTOBUF) return readProtobuf(text, fail);
  if (mediaType !== "" && mediaType !== "application/json") throw errors.unsupportedMediaType(MEDIA_TYPES);
  const parsed = parseJson(text);
  if (!parsed.ok) throw fail(`couldn't get version/kind; json parse error: ${parsed.error}`, text);
  return { value: parsed.value, duplicates: parsed.duplicates, text };
}

function readYaml(text: string, fail: (error: string, text: string) => Error): Body {
  try {
    return { value: parseYaml(text, { version: "1.1", merge: true }) as JsonValue, duplicates: [], text };
  } catch (error) {
    throw fail(`error converting YAML to JSON: yaml: ${yamlProblem(error as YamlProblem)}`, text);
  }
}

function readProtobuf(bytes: string, fail: (error: string, text: string) => Error): Body {
  const read = fromProtobuf(bytes);
  if (!read.ok) throw fail(read.error, bytes);
  return { value: read.value, duplicates: [], text: bytes };
}

/**
 * The object in a request's body as the kind's structure, without kind and apiVersion. Throws BadRequest with the
 * server's words for what is no such object; under `Warn`, unknown and duplicate fields become warnings.
 */
export function readObject(
  context: RequestContext,
  as: GroupVersionKind & { readonly schema?: KindSchema },
  validation: FieldValidation,
  request: ApiRequest = context.request,
): JsonObject {
  const { value, duplicates, text } = readBody(request, (error, body) =>
    errors.badRequest(`the object provided is unrecognized (must be of type ${as.kind}): ${error} (${summary(body)})`),
  );
  if (text !== undefined || isObject(value)) checkType(context.registry, as, value);
  const given = isObject(value) && typeof value["kind"] === "string" && value["kind"] !== "" ? value["kind"] : as.kind;
  const { value: object, error, unknown } = decodeAs(schemaOf(as), value);
  const cannot = (cause: string): Error =>
    errors.badRequest(`${given} in version ${quote(as.version)} cannot be handled as a ${as.kind}: ${cause}`);
  if (error) throw cannot(error);
  if (validation !== "Ignore" && unknown.length + duplicates.length > 0) {
    const problems = strictErrors(unknown, duplicates);
    if (validation === "Strict") throw cannot(`strict decoding error: ${problems.join(", ")}`);
    for (const problem of problems) context.warn(problem);
  }
  delete object["kind"];
  delete object["apiVersion"];
  return object;
}

/** Refuses an object that says to be of another kind or version; one that says nothing is taken for what is expected. */
function checkType(registry: Registry, as: GroupVersionKind, value: JsonValue): void {
  const { kind = "", apiVersion: version = "" } = isObject(value) ? value : {};
  const expected = apiVersion(as);
  const givenKind = typeof kind === "string" && kind !== "" ? kind : as.kind;
  const given = typeof version === "string" && version !== "" ? version : expected;
  if (given === expected && givenKind === as.kind) return;
  const slash = given.indexOf("/");
  const group = slash < 0 ? "" : given.slice(0, slash);
  const cannot = `${givenKind} in version ${quote(given.slice(slash + 1))} cannot be handled as a ${as.kind}`;
  const known =
    registry.kinds.some((served) => served.kind === givenKind && served.group === group) ||
    hasStructType(`${given}.${givenKind}`);
  if (!known)
    throw errors.badRequest(
      `${cannot}: no kind ${quote(givenKind)} is registered for version ${quote(given)} in scheme ${quote(SCHEME)}`,
    );
  if (given !== expected)
    throw errors.badRequest(
      `the API version in the data (${given}) does not match the expected API version (${expected})`,
    );
  throw errors.badRequest(
    `${cannot}: converting (${given.slice(slash + 1)}.${givenKind}) to (${goPackage(as)}.${as.kind}): unknown conversion`,
  );
}

/** The package of a kind's internal type: `core.Pod`, `apps.Deployment`. */
function goPackage({ group }: GroupVersionKind): string {
  return group === "" ? "core" : group.split(".")[0]!;
}

function summary(text: string): string {
  if (text === "") return "<empty>";
  const shown = text.startsWith("{") ? text : Buffer.from(text, "latin1").toString("hex");
  const limit = text.startsWith("{") ? 30 : 60;
  return shown.length > limit ? `${shown.slice(0, limit)} ...` : shown;
}
