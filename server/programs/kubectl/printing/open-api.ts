import type { Factory } from "../client/factory.ts";
import { ConnectionError, GoError, isReason } from "../errors/go-error.ts";

const HINT = "if you choose to ignore these errors, turn validation off with --validate=false";

/**
 * Before it sends an object, kubectl makes sure that the server checks fields itself: it looks for `fieldValidation` in the
 * server's OpenAPI (kubectl pkg/cmd/util/factory_client_access.go Validator). Ours always does; what is left of it is that
 * a server out of reach shows here first.
 */
export class OpenApiCheck {
  readonly #factory: Factory;
  readonly #off: boolean;
  #checked = false;

  constructor(factory: Factory, validation: string) {
    this.#factory = factory;
    this.#off = validation === "Ignore";
  }

  readonly check = async (source: string): Promise<void> => {
    if (this.#off || this.#checked) return;
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
}
