import type { Screen } from "../sessions/protocol/index.ts";
import type { Sessions, View, Viewer } from "../sessions/pool/index.ts";
import type { UserError } from "./errors.ts";
import { userError } from "./failures.ts";

const COLS = 80;
const ROWS = 24;

/** Shows sessions to viewers, and opens the first terminal of one that has none when somebody looks. */
export class FirstTerminals {
  readonly #sessions: Sessions;
  /** Sessions whose first terminal is being opened: a second viewer does not open another one. */
  readonly #opening = new Set<string>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  view(session: string, viewer: Viewer): View {
    let first = true;
    return this.#sessions.view(session, {
      screens: (screens: readonly Screen[]) => {
        viewer.screens(screens);
        if (first && screens.length === 0) this.open(session, ({ code, message }) => viewer.refused(code, message));
        first = false;
      },
      output: (terminal, bytes) => viewer.output(terminal, bytes),
      opened: (terminal, host, user, cols, rows) => viewer.opened(terminal, host, user, cols, rows),
      resized: (terminal, cols, rows) => viewer.resized(terminal, cols, rows),
      leads: (terminal, leadsTo) => viewer.leads(terminal, leadsTo),
      ended: (terminal, status) => viewer.ended(terminal, status),
      gone: (terminal) => viewer.gone(terminal),
      rebuilding: (state, message) => viewer.rebuilding(state, message),
      topology: (topology) => viewer.topology(topology),
      refused: (code, message) => viewer.refused(code, message),
    });
  }

  /**
   * Opens it, unless that is under way: a second viewer's screens, empty as well, come before the answer to this, as the
   * worker keeps order.
   */
  open(session: string, refused: (error: UserError) => void): void {
    if (this.#opening.has(session)) return;
    this.#opening.add(session);
    this.#sessions
      .terminal(session, COLS, ROWS)
      .catch((error: unknown) => refused(userError(error)))
      .finally(() => this.#opening.delete(session))
      .catch(() => {});
  }
}
