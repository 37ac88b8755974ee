import type { ApiEvent, ApiHandle, ApiPort } from "../sessions/protocol/index.ts";
import type { Sessions } from "../sessions/pool/index.ts";
import type { Store } from "../store/store.ts";
import type { Random } from "./opening.ts";

/** A session's Kubernetes API under its token. */
export interface KubernetesApi {
  readonly api: ApiPort;
  readonly session: string;
}

/** Tokens under which the Kubernetes APIs of open attempts' sessions are reached. Whoever knows one is an administrator there. */
export class KubernetesAccess {
  readonly #store: Store;
  readonly #sessions: Sessions;
  readonly #random: Random;
  readonly #byToken = new Map<string, string>();
  readonly #bySession = new Map<string, string>();

  constructor(store: Store, sessions: Sessions, random: Random) {
    this.#store = store;
    this.#sessions = sessions;
    this.#random = random;
  }

  /** A session's token; it gets one when it is first asked for, and keeps it. */
  async token(session: string): Promise<string> {
    const known = this.#bySession.get(session);
    if (known !== undefined) return known;
    const offered = Buffer.from(this.#random(24)).toString("base64url");
    const token = await this.#store.apiToken(session, offered);
    this.#add(session, token);
    return token;
  }

  /** The tokens that sessions were given before the server started. */
  async recover(sessions: readonly string[]): Promise<void> {
    for (const [session, token] of await this.#store.apiTokens(sessions)) this.#add(session, token);
  }

  find(token: string): KubernetesApi | undefined {
    const session = this.#byToken.get(token);
    return session === undefined ? undefined : { session, api: this.#sessions.api(session) };
  }

  /** A session is over. */
  forget(session: string): void {
    const token = this.#bySession.get(session);
    this.#bySession.delete(session);
    if (token !== undefined) this.#byToken.delete(token);
  }

  #add(session: string, token: string): void {
    this.#bySession.set(session, token);
    this.#byToken.set(token, session);
  }
}

/** What programs hear that come while an attempt is paused: a v1.Status. */
export function refuseCall(hear: (event: ApiEvent) => void): ApiHandle {
  const message = "drydock: this attempt is paused: nothing can be done in its cluster until it goes on";
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason: "Forbidden" };
  const body = Buffer.from(`${JSON.stringify({ ...status, code: 403 })}\n`);
  queueMicrotask(() => hear({ type: "head", call: 0, status: 403, mediaType: "application/json", warnings: [], body }));
  return { input: () => {}, taken: () => {}, cut: () => {} };
}
