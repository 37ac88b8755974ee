import type { JsonObject } from "../../../sim/kube/api/index.ts";
import { parseGroupVersion } from "../client/api-resource.ts";
import { klog } from "../client/klog.ts";
import type { Factory } from "../client/factory.ts";
import { aggregate, ConnectionError, GoError, isReason, NoKindMatch } from "../errors/go-error.ts";

import type { Json } from "../output/index.ts";

const NOT_WARNED = "cannot perform warn validation if server-side field validation is unsupported, skipping validation";
const HINT = "if you choose to ignore these errors, turn validation off with --validate=false";

/**
 * Before it sends an object, kubectl makes sure that the server checks fields itself: it looks for `fieldValidation` in the
 * server's OpenAPI (kubectl pkg/cmd/util/factory_client_access.go Validator). Ours always does; what is left of it is that
 * a server out of reach shows here first.
 */
export class OpenApiCheck {
  readonly #factory: Factory;
  readonly #off: boolean;
  readonly #warns: boolean;
  #checked = false;

  constructor(factory: Factory, validation: string) {
    this.#factory = factory;
    this.#off = validation === "Ignore";
    this.#warns = validation === "Warn";
  }

  readonly check = async (source: string, document: Json): Promise<void> => {
    if (this.#off) return;
    const problems = kindProblems(document);
    if (problems.length > 0)
      throw new GoError(
        `error validating ${JSON.stringify(source)}: error validating data: ${aggregate(problems.map((why) => new GoError(why)))!.message}; ${HINT}`,
      );
    if (this.#warns && !(await this.#isKnown(document as JsonObject)))
      await klog(this.#factory.process, "W", "schema.go:145", NOT_WARNED);
    if (this.#checked) return;
    const client = await this.#factory.client();
    const timeout = { timeout: ["32s"] };
    try {
      await client.reply({ method: "GET", path: "/openapi/v3", query: timeout });
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      // A server without OpenAPI v3 is asked for v2; ours has neither yet.
      if (!(error instanceof ConnectionError) && isReason(error, "NotFound")) return void (this.#checked = true);
      const failed = await client
        .reply({ method: "GET", path: "/openapi/v2", query: timeout })
        .catch((second: unknown) => second);
      const why = failed instanceof GoError ? failed.message : error.message;
      throw new GoError(
        `error validating ${JSON.stringify(source)}: error validating data: failed to download openapi: ${why}; ${HINT}`,
      );
    }
    this.#checked = true;
  };

  /** Whether the server takes `fieldValidation` for the kind: lists, and kinds that it does not have, are sent nowhere. */
  async #isKnown({ apiVersion, kind }: JsonObject): Promise<boolean> {
    const { group, version } = parseGroupVersion(apiVersion as string);
    if (kind === "List") return false;
    const mapper = await this.#factory.mapper();
    try {
      await mapper.mappingOf(group, version, kind as string);
      return true;
    } catch (error) {
      if (error instanceof NoKindMatch) return false;
      throw error;
    }
  }
}

/** What keeps a document from being an object at all (kubectl pkg/validation/schema.go getObjectKind). */
function kindProblems(document: Json): string[] {
  if (typeof document !== "object" || document === null || Array.isArray(document))
    return ["invalid object to validate"];
  const object = document as Readonly<Record<string, Json>>;
  const problems = (["apiVersion", "kind"] as const).flatMap((field) => {
    const value = object[field];
    if (value === undefined || value === null) return [`${field} not set`];
    return typeof value === "string" ? [] : [`${field} isn't string type`];
  });
  if (problems.length > 0 || object["kind"] !== "List" || object["apiVersion"] !== "v1") return problems;
  const { items } = object;
  return Array.isArray(items) ? (items as readonly Json[]).flatMap(kindProblems) : ["invalid object to validate"];
}
