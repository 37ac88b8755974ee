import { UserError } from "./errors.ts";
import { asUser } from "./failures.ts";
import type { Store } from "../store/store.ts";
import { attemptAtWork } from "./known.ts";
import { refuseCall, type KubernetesAccess, type KubernetesApi } from "./kubernetes-access.ts";
import type { OpenAttempts } from "./open-attempts.ts";
import { placeOf } from "./session-name.ts";

/** The Kubernetes APIs of open attempts, for learners' own programs. */
export class LearnersKubernetes {
  readonly #store: Store;
  readonly #open: OpenAttempts;
  /** Undefined if nobody may reach a cluster from outside. */
  readonly #access: KubernetesAccess | undefined;

  constructor(store: Store, open: OpenAttempts, access: KubernetesAccess | undefined) {
    this.#store = store;
    this.#open = open;
    this.#access = access;
  }

  token(id: string, part: number): Promise<string> {
    return asUser(async () => {
      const { attempt } = await attemptAtWork(this.#store, id);
      if (this.#access === undefined)
        throw new UserError("kubernetes-api-off", "This server does not let other programs reach its clusters.");
      if (attempt.kind === "exam")
        throw new UserError("not-in-exam", "In an exam the cluster is reached from its terminals only.");
      return await this.#access.token(await this.#open.session(id, part));
    });
  }

  /** The API behind a token, while its attempt is open. */
  find(token: string): KubernetesApi | undefined {
    const found = this.#access?.find(token);
    if (found === undefined) return undefined;
    const { attempt, part } = placeOf(found.session);
    const open = this.#open.get(attempt);
    if (open === undefined) return undefined;
    const { api, session } = found;
    return {
      session,
      api: {
        call: (asked, hear) => {
          if (open.paused) return refuseCall(hear);
          if (asked.upgrade || asked.method !== "GET") this.#open.touch(attempt, part, open);
          return api.call(asked, hear);
        },
      },
    };
  }
}
