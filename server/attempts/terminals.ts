import type { Clock, Sessions, View, Viewer } from "../sessions/pool/index.ts";
import { UserError } from "./errors.ts";
import { asUser } from "./failures.ts";
import type { FirstTerminals } from "./first-terminals.ts";
import { paused } from "./known.ts";
import type { Listeners } from "./listeners.ts";
import type { Open, OpenAttempts } from "./open-attempts.ts";
import type { Unloading } from "./unloading.ts";

export interface TerminalsTools {
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly open: OpenAttempts;
  readonly first: FirstTerminals;
  readonly listeners: Listeners;
  readonly unloading: Unloading;
}

/** What is seen and typed in the terminals of open attempts. */
export class Terminals {
  readonly #tools: TerminalsTools;

  constructor(tools: TerminalsTools) {
    this.#tools = tools;
  }

  view(id: string, part: number, viewer: Viewer, watching: boolean): Promise<View> {
    return asUser(async () => {
      const { sessions, open, first } = this.#tools;
      const session = await open.session(id, part);
      const base = open.get(id)?.base;
      // The terminals of an exam are on its base.
      const only = watching || (base !== undefined && part !== base);
      const view = only ? sessions.view(session, viewer) : first.view(session, viewer);
      const leave = this.#tools.unloading.seat(id);
      const end = (): void => {
        view.end();
        leave();
      };
      return { ...view, end, topology: (on) => open.now(id, part, (_, attempt) => showTopology(view, attempt, on)) };
    });
  }

  open(id: string, part: number, cols: number, rows: number): Promise<number> {
    return asUser(async () => {
      const session = await this.#tools.open.session(id, part);
      if (this.#tools.open.get(id)?.paused) throw paused();
      return await this.#tools.sessions.terminal(session, cols, rows);
    });
  }

  input(id: string, part: number, terminal: number, bytes: string): void {
    const { sessions, clock, listeners, open } = this.#tools;
    open.now(id, part, (session, attempt) => {
      if (attempt.paused) throw paused();
      open.touch(id, part, attempt);
      sessions.input(session, terminal, bytes);
      // Whether it is for one of the tasks is known when it comes in there.
      attempt.typed = { at: clock.now(), part: part === attempt.base ? (attempt.typed?.part ?? 0) : part };
      listeners.typed(id);
    });
  }

  resize(id: string, part: number, terminal: number, cols: number, rows: number): void {
    this.#tools.open.now(id, part, (session) => this.#tools.sessions.resize(session, terminal, cols, rows));
  }

  close(id: string, part: number, terminal: number): void {
    this.#tools.open.now(id, part, (session, attempt) => {
      if (attempt.paused) throw paused();
      this.#tools.sessions.hangUp(session, terminal);
    });
  }
}

/** It shows what a learner would have to find out. */
function showTopology(view: View, { kind }: Open, on: boolean): void {
  if (kind === "exam") throw new UserError("not-in-exam", "There is no topology in an exam.");
  view.topology(on);
}
