import type { PlacedLab } from "../../../../labs/index.ts";
import { TERMINAL_ENDED } from "../../../../grader/index.ts";
import { pass, type WallTimer } from "../../../sim/kernel/index.ts";
import type { World } from "../../../sim/world/index.ts";
import type { FromWorker } from "../../protocol/index.ts";
import { Session } from "../session.ts";
import { Refused } from "../refused.ts";
import { wallTimer } from "../wall-timer.ts";

/** What may be under way to whoever looks, in bytes, before the programs wait. */
const AHEAD = 262_144;

export interface SandboxEvents {
  output(bytes: string): void;
  ended(status: number): void;
}

/** A terminal in a copy of a world, which goes on from its moment. Nothing of it comes back to the attempt. */
export class Sandbox {
  readonly #session: Session;
  #terminal = 1;
  #ahead = 0;

  private constructor(session: Session) {
    this.#session = session;
  }

  /** `world` is a copy for nobody else. Throws Refused. */
  static async open(
    world: World,
    placed: PlacedLab,
    size: { readonly cols: number; readonly rows: number },
    events: SandboxEvents,
  ): Promise<Sandbox> {
    const left = world.fork({ resume: true });
    // Shells that were left behind end here: they are none of the new terminal's.
    left.kernel.handle(TERMINAL_ENDED, () => undefined);
    await pass(left.kernel, left.now);
    const own = left.fork({ resume: true });
    let sandbox: Sandbox | undefined;
    const post = (message: FromWorker): void => {
      if (message.kind === "output") sandbox?.sent(message.bytes.length);
      if (message.kind === "output") events.output(message.bytes);
      else if (message.kind === "ended") events.ended(message.status);
    };
    const wall = since(own);
    const session = new Session({ name: "sandbox", placed, world: own, wall, post, failed: () => {} });
    sandbox = new Sandbox(session);
    session.start();
    const opened = await new Promise<number | Refused>((resolve) =>
      session.terminal(size.cols, size.rows, {}, resolve),
    );
    if (opened instanceof Refused) {
      session.close();
      throw opened;
    }
    sandbox.#terminal = opened;
    return sandbox;
  }

  get login(): { readonly host: string; readonly user: string } {
    return this.#session.login;
  }

  input(bytes: string): void {
    this.#session.input(this.#terminal, bytes);
  }

  resize(cols: number, rows: number): void {
    this.#session.resize(this.#terminal, cols, rows);
  }

  sent(bytes: number): void {
    this.#ahead += bytes;
    if (this.#ahead > AHEAD) this.#session.pause();
  }

  taken(bytes: number): void {
    const waited = this.#ahead > AHEAD;
    this.#ahead -= bytes;
    if (waited && this.#ahead <= AHEAD) this.#session.resume();
  }

  close(): void {
    this.#session.close();
  }
}

/** The wall clock, set back to the moment that a world is at. */
function since(world: World): WallTimer {
  const back = wallTimer.now() - world.now;
  return { ...wallTimer, now: () => wallTimer.now() - back };
}
