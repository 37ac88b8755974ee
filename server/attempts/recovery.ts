import type { Clock } from "../sessions/pool/index.ts";
import type { Store } from "../store/store.ts";
import type { Endings } from "./endings.ts";
import type { Focuses } from "./focus.ts";
import { knownAttempt } from "./known.ts";
import type { KubernetesAccess } from "./kubernetes-access.ts";
import type { OpenAttempts } from "./open-attempts.ts";
import { sessionOf } from "./session-name.ts";

/** The server was away if its last beat is older than this, in milliseconds. */
const AWAY = 2000;

export interface RecoveryTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly open: OpenAttempts;
  readonly focuses: Focuses;
  readonly endings: Endings;
  readonly access: KubernetesAccess | undefined;
}

/** Takes up what was open or being graded when the server went away. */
export async function recoverAttempts({ store, clock, open, focuses, endings, access }: RecoveryTools): Promise<void> {
  const alive = await store.alive();
  const away = alive === undefined ? 0 : clock.now() - alive;
  if (away > AWAY) await store.extendOpen(away);
  await store.saveAlive(clock.now());
  for (const { id, state } of await store.attempts({ states: ["open", "grading"] })) {
    const known = await knownAttempt(store, id);
    // Nobody looked at a task while there was no server.
    if (alive !== undefined && (await store.focus(id)).at(-1)?.task) focuses.end(id, alive);
    if (state === "open") {
      open.add(known);
      await access?.recover(known.parts.map(({ part }) => sessionOf({ attempt: id, part })));
    } else endings.again(known.attempt);
  }
}
