import type { Sessions } from "../sessions/pool/index.ts";
import type { StoredLog } from "./session-log.ts";

export interface Health {
  readonly ok: boolean;
  readonly storage: string;
  readonly workers: readonly object[];
}

/** For /healthz: whether sessions run and what is done in them is stored. */
export function healthOf(sessions: Sessions, { trouble }: StoredLog): Health {
  const workers = sessions.health();
  const storage = trouble === undefined ? "ok" : trouble.full ? "full" : "failed";
  return { ok: trouble === undefined && workers.some((each) => each.warm), storage, workers };
}
