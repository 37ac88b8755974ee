import { objectKey, watching, type Client, type ControllerLoop } from "../../api/index.ts";
import { secrets } from "../../kinds/index.ts";
import { isToken, readToken, TOKENS } from "../bootstrapsigner/token.ts";
import type { ControllerContext } from "../context.ts";

/** Deletes bootstrap tokens whose time is over (pkg/controller/bootstrap/tokencleaner.go). */
export class TokenCleaner {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("token-cleaner");
    this.loop = context.loop("token-cleaner-controller", this.#client, {
      name: "token_cleaner",
      watches: [watching(secrets, ({ object }) => (isToken(object) ? [objectKey(object)] : []))],
      reconcile: (key) => this.#clean(key),
    });
  }

  #clean(key: string): void {
    const name = key.slice(key.indexOf("/") + 1);
    const secret = this.#client.get(secrets, TOKENS, name);
    const expires = secret && readToken(secret)?.expires;
    if (expires === undefined) return;
    const { now } = this.#context.kernel;
    if (expires > now) return this.loop.queue.addAfter(key, expires - now, { periodic: true });
    this.#client.delete(secrets, TOKENS, name);
  }
}
