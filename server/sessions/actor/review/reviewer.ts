import { MILLISECOND } from "../../../sim/kernel/index.ts";
import { ToReviewer, type FromReviewer, type Kept } from "../../protocol/index.ts";
import { Library } from "../library.ts";
import { Refused } from "../refused.ts";
import { reportBug } from "../report-bug.ts";
import { turn } from "../turn.ts";
import { readChecks } from "./checks.ts";
import { Course } from "./course.ts";
import { keyframesOf } from "./keyframes.ts";
import { Sandbox } from "./sandbox.ts";
import { stateOf } from "./state.ts";

/** Sessions of the past that are kept at hand. */
const MOST_COURSES = 3;
const MOST_SANDBOXES = 8;

type Asked = Extract<ToReviewer, { request: number }>;
type Of<K extends ToReviewer["kind"]> = Extract<ToReviewer, { kind: K }>;

/** Plays attempts again for their reviewers: the worker's side of the protocol. */
export class Reviewer {
  readonly #post: (message: FromReviewer) => void;
  readonly #library: Library;
  readonly #courses = new Map<string, Course>();
  readonly #sandboxes = new Map<number, Sandbox>();
  /** What somebody waits for: checks are graded in between. */
  #urgent = 0;
  #idle: (() => void)[] = [];

  constructor(post: (message: FromReviewer) => void, library = new Library()) {
    this.#post = post;
    this.#library = library;
  }

  /** Takes a message. Nothing is thrown: what goes wrong is posted. */
  receive(data: unknown): void {
    const message = ToReviewer.parse(data);
    if ("request" in message) void this.#ask(message);
    else this.#sandbox(message);
  }

  async #ask(message: Asked): Promise<void> {
    const urgent = message.kind !== "checks";
    if (urgent) this.#urgent++;
    try {
      this.#post(await this.#answer(message));
    } catch (error) {
      if (!(error instanceof Refused)) reportBug("review", error);
      const words = error instanceof Refused ? error.message : `Something in Drydock failed: ${String(error)}`;
      this.#post({ kind: "error", request: message.request, message: words });
    } finally {
      if (urgent && --this.#urgent === 0) for (const go of this.#idle.splice(0)) go();
    }
  }

  async #answer(message: Asked): Promise<FromReviewer> {
    const { request } = message;
    switch (message.kind) {
      case "timeline":
        return { kind: "timeline", request, timeline: (await this.#course(message.kept).read()).timeline };
      case "checks":
        return { kind: "checks", request, checks: await readChecks(this.#course(message.kept), () => this.#quiet()) };
      case "state": {
        const world = await this.#course(message.kept).worldAt(message.at * MILLISECOND);
        return { kind: "state", request, state: stateOf(world, message.resource) };
      }
      case "keyframes":
        return { kind: "keyframes", request, keyframes: await keyframesOf(message.cols, message.rows, message.events) };
      case "sandbox":
        return { kind: "sandbox", request, ...(await this.#open(message)) };
    }
  }

  async #open({ sandbox: number, kept, at, cols, rows }: Of<"sandbox">): Promise<{ host: string; user: string }> {
    if (this.#sandboxes.size >= MOST_SANDBOXES)
      throw new Refused("too-many-terminals", `There are at most ${MOST_SANDBOXES} sandboxes: close one first.`);
    const course = this.#course(kept);
    const world = await course.worldAt(at * MILLISECOND);
    const sandbox = await Sandbox.open(
      world,
      course.placed,
      { cols, rows },
      {
        output: (bytes) => this.#post({ kind: "sandbox-output", sandbox: number, bytes }),
        ended: (status) => this.#post({ kind: "sandbox-ended", sandbox: number, status }),
      },
    );
    this.#sandboxes.set(number, sandbox);
    return sandbox.login;
  }

  #sandbox(message: Exclude<ToReviewer, Asked>): void {
    const sandbox = this.#sandboxes.get(message.sandbox);
    if (!sandbox) return;
    if (message.kind === "sandbox-input") sandbox.input(message.bytes);
    else if (message.kind === "sandbox-resize") sandbox.resize(message.cols, message.rows);
    else if (message.kind === "sandbox-taken") sandbox.taken(message.bytes);
    else {
      this.#sandboxes.delete(message.sandbox);
      sandbox.close();
    }
  }

  /** A running session's journal grows: then it is another course. */
  #course(kept: Kept): Course {
    const key = `${kept.session} ${kept.journal.length} ${kept.until}`;
    const known = this.#courses.get(key) ?? new Course(kept, this.#library.place(kept.lab, kept.seed));
    this.#courses.delete(key);
    this.#courses.set(key, known);
    const [oldest] = this.#courses.keys();
    if (this.#courses.size > MOST_COURSES && oldest !== undefined) {
      this.#courses.get(oldest)?.close();
      this.#courses.delete(oldest);
    }
    return known;
  }

  /** Lets others have their turn, and those who wait go first. */
  async #quiet(): Promise<void> {
    await turn();
    while (this.#urgent > 0) await new Promise<void>((go) => void this.#idle.push(go));
  }
}
