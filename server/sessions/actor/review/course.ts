import type { PlacedLab } from "../../../../labs/index.ts";
import { programNames } from "../../../programs/registry.ts";
import { MILLISECOND, type Time } from "../../../sim/kernel/index.ts";
import type { World } from "../../../sim/world/index.ts";
import type { Kept, Timeline } from "../../protocol/index.ts";
import { restoreLabWorld } from "../open-lab.ts";
import { Session } from "../session.ts";
import { wallTimer } from "../wall-timer.ts";
import { worldCode } from "../world-code.ts";
import { watchChanges } from "./changes.ts";
import { watchCommands } from "./commands.ts";

/** A moment of calm between what a learner did, and a copy of the world as it was then. */
export interface Moment {
  readonly at: Time;
  /** How many commands had been entered before. */
  readonly commands: number;
  readonly world: World;
}

/** So many moments of a session are kept. */
const MOST_MOMENTS = 200;

/** A kept session that is played again from its start, as far as somebody wants to look. */
interface Playing {
  readonly session: Session;
  readonly world: World;
  /** The next entry of the journal. */
  next: number;
}

/**
 * A session of the past. It is deterministic: played again from its snapshot and journal it is at each moment the world that
 * it was, byte for byte. Whatever is looked at is a copy.
 */
export class Course {
  readonly kept: Kept;
  readonly placed: PlacedLab;
  #read: Promise<{ readonly timeline: Timeline; readonly moments: readonly Moment[] }> | undefined;
  /** The one that went as far as somebody looked last. */
  #playing: Playing | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(kept: Kept, placed: PlacedLab) {
    this.kept = kept;
    this.placed = placed;
  }

  /** What was typed and changed in all of it, and moments of calm behind the commands. */
  read(): Promise<{ readonly timeline: Timeline; readonly moments: readonly Moment[] }> {
    return (this.#read ??= this.#readAll());
  }

  /** A copy of the world as it was at a moment (microseconds). */
  worldAt(at: Time): Promise<World> {
    const found = this.#turn.then(async () => (await this.#playTo(Math.min(at, this.#until))).fork());
    this.#turn = found.catch(() => {});
    return found;
  }

  close(): void {
    this.#closed = true;
    this.#playing?.session.close();
    this.#playing = undefined;
  }

  get #until(): Time {
    return this.kept.until * MILLISECOND;
  }

  async #readAll(): Promise<{ timeline: Timeline; moments: readonly Moment[] }> {
    const playing = await this.#begin();
    const { session, world } = playing;
    const { journal } = this.kept;
    const commands = watchCommands(world, session);
    const changes = watchChanges(world);
    const moments: Moment[] = [{ at: world.now, commands: 0, world: world.fork() }];
    let differences = 0;
    for (const entry of journal) {
      await session.replayTo(entry.at);
      if (entry.step !== world.kernel.steps) differences++;
      if (entry.kind === "input") commands.typedInto(entry.terminal);
      if (commands.count > moments.at(-1)!.commands) keep(moments, moment(world, commands.count));
      await session.replayNext(entry);
      if (this.#closed) break;
    }
    await session.replayTo(this.#until);
    moments.push(moment(world, commands.count));
    session.close();
    return { timeline: { commands: commands.all(), changes: changes.all(), differences }, moments };
  }

  async #playTo(at: Time): Promise<World> {
    const { journal } = this.kept;
    if (this.#playing === undefined || this.#playing.world.now > at) {
      this.#playing?.session.close();
      this.#playing = undefined;
      this.#playing = await this.#begin();
    }
    const playing = this.#playing;
    for (;;) {
      const entry = journal[playing.next];
      if (entry === undefined || entry.at > at) break;
      await playing.session.replayTo(entry.at);
      await playing.session.replayNext(entry);
      playing.next++;
    }
    await playing.session.replayTo(at);
    return playing.world;
  }

  async #begin(): Promise<Playing> {
    await Promise.all(programNames().map(async (program) => worldCode().programs.find(program)));
    const world = restoreLabWorld(this.kept.snapshot);
    const session = new Session({
      name: this.kept.session,
      placed: this.placed,
      world,
      wall: wallTimer,
      post: () => {},
      failed: () => {},
    });
    return { session, world, next: 0 };
  }
}

function moment(world: World, commands: number): Moment {
  return { at: world.now, commands, world: world.fork() };
}

/** When there are too many, every other one goes. */
function keep(moments: Moment[], next: Moment): void {
  moments.push(next);
  if (moments.length < MOST_MOMENTS) return;
  const kept = moments.filter((_, index) => index % 2 === 0);
  moments.splice(0, moments.length, ...kept);
}
