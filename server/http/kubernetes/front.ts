import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiPort } from "../../sessions/protocol/index.ts";
import { askedOf } from "./asked.ts";
import { readBody } from "./body.ts";
import { answer, connect } from "./connection.ts";
import { Exchange, refuse } from "./exchange.ts";
import { RateLimit, type Rate } from "./rate.ts";
import { methodNotAllowed, tooLarge, tooMany, type Refused } from "./status.ts";
import { WebSockets } from "./websocket.ts";

/** What the real server takes at most (apiserver/pkg/server/config.go MaxRequestBodyBytes). */
const BODY_LIMIT = 3 * 1024 * 1024;
/** Requests to one session that are under way: a thousand watches and more. */
const MOST_OPEN = 2048;
const RATE: Rate = { burst: 3000, perSecond: 500 };
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
const RESOURCE = /^\/(api\/[^/?]+|apis\/[^/?]+\/[^/?]+)\/[^/?]/;

/** The session that a request is for. */
export interface Target {
  readonly api: ApiPort;
  /** Names the session for limits. */
  readonly key: string;
  /** Path and query without the session's prefix. */
  readonly url: string;
}

/** The Kubernetes APIs of sessions over HTTP: what is HTTP's about them. */
export class KubernetesFront {
  readonly #sockets = new WebSockets();
  readonly #rate: RateLimit;
  readonly #open = new Map<string, number>();

  constructor(rate: Rate = RATE) {
    this.#rate = new RateLimit(rate);
  }

  async request(request: IncomingMessage, response: ServerResponse, target: Target): Promise<void> {
    const refusal = this.#refusal(request, target);
    if (refusal) {
      refuse(response, refusal);
      return hangUp(request);
    }
    const read = await readBody(request, BODY_LIMIT);
    if (read === "aborted") return;
    if (read === "too-large") {
      refuse(response, tooLarge(BODY_LIMIT));
      return hangUp(request);
    }
    const over = this.#enter(target.key);
    new Exchange(request, response).begin(target.api, askedOf(request, target.url, read.body), over);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target: Target): void {
    const refusal = this.#refusal(request, target);
    if (refusal) return answer(socket, refusal);
    const over = this.#enter(target.key);
    const asked = askedOf(request, target.url, undefined, true);
    connect(this.#sockets, target.api, asked, { request, socket, head }, over);
  }

  /** How many requests and connections are under way. */
  get open(): number {
    return this.#open.values().reduce((sum, each) => sum + each, 0);
  }

  close(): void {
    this.#sockets.close();
  }

  #refusal({ method = "GET" }: IncomingMessage, { key, url }: Target): Refused | undefined {
    if (!METHODS.has(method) || (method === "HEAD" && RESOURCE.test(url)))
      return methodNotAllowed(RESOURCE.test(url) ? "GET, POST, PUT, PATCH, DELETE" : "GET");
    if ((this.#open.get(key) ?? 0) >= MOST_OPEN || !this.#rate.takes(key)) return tooMany();
    return undefined;
  }

  #enter(key: string): () => void {
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const left = (this.#open.get(key) ?? 1) - 1;
      if (left > 0) this.#open.set(key, left);
      else this.#open.delete(key);
    };
  }
}

/** So long a client may take to notice that it was refused while it still sends, in milliseconds. */
const NOTICE = 1000;

/** Lets a body that nobody wants run dry for a moment, so that the answer is read; then the line is cut. */
function hangUp(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), NOTICE);
  request.once("end", () => clearTimeout(timer));
  request.once("close", () => clearTimeout(timer));
}
