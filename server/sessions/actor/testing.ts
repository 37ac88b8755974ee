import { expect } from "vitest";
import { SECOND, type Time, type WallTimer } from "../../sim/kernel/index.ts";
import type { FromWorker, JournalEntry, Screen, ToWorker } from "../protocol/index.ts";
import { Actor } from "./actor.ts";
import { turn } from "./turn.ts";

/** A wall clock that stands still until a test lets it go on. */
export class TestWall implements WallTimer {
  #now: Time = 1_795_000_000 * SECOND;
  readonly #timers = new Map<number, { readonly at: Time; readonly callback: () => void }>();
  #next = 1;

  now(): Time {
    return this.#now;
  }

  set(callback: () => void, milliseconds: number): number {
    this.#timers.set(this.#next, { at: this.#now + milliseconds * 1000, callback });
    return this.#next++;
  }

  clear(handle: unknown): void {
    this.#timers.delete(handle as number);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** How many of them are due within so many milliseconds. */
  due(milliseconds: number): number {
    return [...this.#timers.values()].filter(({ at }) => at <= this.#now + milliseconds * 1000).length;
  }

  /** Lets time pass, timer by timer; between them everything comes to `rest`. */
  async pass(milliseconds: number, rest: () => Promise<void>): Promise<void> {
    const end = this.#now + milliseconds * 1000;
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at);
      if (!next) break;
      const [id, { at, callback }] = next;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, at);
      callback();
      await rest();
    }
    this.#now = end;
  }
}

type Answer<K extends FromWorker["kind"]> = Extract<FromWorker, { kind: K }>;
type Request = Extract<ToWorker, { request: number }>;
type Unnumbered<R> = R extends Request ? Omit<R, "request"> : never;

export const LAB = "lost-endpoints";
const SEED = 7;

/** An actor without a thread, on a clock of the test's own. */
export class Rig {
  readonly wall = new TestWall();
  readonly posted: FromWorker[] = [];
  readonly actor: Actor;
  #requests = 1;
  #hear: () => void = () => {};

  constructor() {
    this.actor = new Actor(
      {
        post: (message) => {
          this.posted.push(message);
          this.#hear();
        },
      },
      { wall: this.wall },
    );
  }

  send(message: ToWorker): void {
    this.actor.receive(message);
  }

  /** The answer to a request, whatever it is. */
  async ask(message: Unnumbered<Request>): Promise<FromWorker> {
    const request = this.#requests++;
    this.send({ ...message, request });
    for (;;) {
      const answer = this.posted.find((posted) => "request" in posted && posted.request === request);
      if (answer) return answer;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#hear = resolve;
      await promise;
    }
  }

  async open(session: string, seed = SEED): Promise<Answer<"opened">> {
    const answer = await this.ask({ kind: "open", session, lab: LAB, seed, urgent: true });
    expect(answer.kind).toBe("opened");
    return answer as Answer<"opened">;
  }

  /** Opens a terminal and waits for its prompt. */
  async terminal(session: string, cols = 80, rows = 24): Promise<number> {
    const answer = await this.ask({ kind: "terminal", session, cols, rows });
    expect(answer.kind).toBe("terminal");
    await this.pass(2_000);
    return (answer as Answer<"terminal">).terminal;
  }

  /** Types, and lets some time pass. */
  async type(session: string, terminal: number, bytes: string, milliseconds = 2_000): Promise<void> {
    this.send({ kind: "input", session, terminal, bytes });
    await this.pass(milliseconds);
  }

  async pass(milliseconds: number): Promise<void> {
    await this.rest();
    await this.wall.pass(milliseconds, () => this.rest());
    await this.rest();
  }

  async rest(): Promise<void> {
    do await turn();
    while (!this.actor.resting);
    await turn();
  }

  /** All that a terminal has printed, put together by its offsets. */
  output(session: string, terminal: number): string {
    let all = "";
    for (const message of this.posted) {
      if (message.kind !== "output" || message.session !== session || message.terminal !== terminal) continue;
      if (message.offset !== all.length) throw new Error(`output at ${message.offset}, not at ${all.length}`);
      all += message.bytes;
    }
    return all;
  }

  /** What came into a session, from entry `first` on: a session that was built again tells only what is new. */
  journal(session: string, first = 0): JournalEntry[] {
    const all: JournalEntry[] = [];
    for (const message of this.posted) {
      if (message.kind !== "journal" || message.session !== session) continue;
      expect(message.from).toBe(first + all.length);
      all.push(...message.entries);
    }
    return all;
  }

  async screens(session: string): Promise<readonly Screen[]> {
    const answer = await this.ask({ kind: "screens", session });
    expect(answer.kind).toBe("screens");
    return (answer as Answer<"screens">).screens;
  }

  /**
   * Builds a session again as after a worker's death: from its snapshot and journal. `delivered` is all that was posted
   * unless a test says otherwise.
   */
  async restore(session: string, as: string, delivered?: Readonly<Record<string, number>>): Promise<FromWorker> {
    const opened = this.posted.find(
      (message): message is Answer<"opened"> => message.kind === "opened" && message.session === session,
    )!;
    return this.ask({
      kind: "restore",
      session: as,
      lab: LAB,
      seed: opened.lab.seed,
      snapshot: opened.snapshot,
      journal: this.journal(session),
      delivered: delivered ?? {},
    });
  }
}
