import type { Clock, Logger, Sessions } from "../sessions/pool/index.ts";
import type { Store } from "../store/store.ts";
import type { Random } from "./opening.ts";
import type { StoredLog } from "./session-log.ts";

export interface AttemptsOptions {
  readonly store: Store;
  readonly sessions: Sessions;
  /** The log that the sessions write. */
  readonly log: StoredLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Whether learners may reach their clusters with a kubectl of their own; default yes. */
  readonly kubernetesApi?: boolean;
  /** After how many milliseconds without anybody an attempt leaves the memory; default 30 minutes. */
  readonly idleAfter?: number;
  /** So many sessions are in memory at most. */
  readonly mostSessions?: number;
  /** The name of an account, by its id. */
  readonly nameOf?: (id: string) => string | undefined;
}
