import { getHeapStatistics } from "node:v8";
import type { WallTimer } from "../../sim/kernel/index.ts";
import type { World } from "../../sim/world/index.ts";
import { ToWorker, type FromWorker } from "../protocol/index.ts";
import type { PlacedLab } from "../../../labs/index.ts";
import { labText } from "./lab-text.ts";
import { Library } from "./library.ts";
import { makeLabWorld, openLabWorld, restoreLabWorld } from "./open-lab.ts";
import { BASE_PRESET } from "./place-base.ts";
import type { PresetSnapshots } from "./preset-snapshots.ts";
import { Refused } from "./refused.ts";
import { regradeWorld } from "./regrade.ts";
import { reportBug } from "./report-bug.ts";
import { Session } from "./session.ts";
import { Turns, type Urgency } from "./turns.ts";
import { wallTimer } from "./wall-timer.ts";
import { WarmWorlds } from "./warm-up.ts";
import { WorldsAhead } from "./worlds-ahead.ts";

/** The way back to the main thread. */
export interface Port {
  post(message: FromWorker): void;
}

export interface ActorOptions {
  readonly library?: Library;
  readonly wall?: WallTimer;
  /** Where booted worlds are kept for the next worker. */
  readonly snapshots?: PresetSnapshots | undefined;
}

type Of<K extends ToWorker["kind"]> = Extract<ToWorker, { kind: K }>;
type OfSession = Exclude<
  ToWorker,
  { kind: "catalogue" | "place" | "ping" | "regrade" | "keep-again" | "open" | "prepare" | "restore" | "close" }
>;

/** A session, or what waits for it while it is opened. */
interface Place {
  session: Session | undefined;
  readonly waiting: OfSession[];
}

/** A worker's side of the protocol: sessions by name, and what is done with them. */
export class Actor {
  readonly #port: Port;
  readonly #library: Library;
  readonly #wall: WallTimer;
  readonly #worlds: WarmWorlds;
  readonly #ahead: WorldsAhead;
  readonly #places = new Map<string, Place>();
  readonly #turns = new Turns();

  constructor(port: Port, options: ActorOptions = {}) {
    this.#port = port;
    this.#library = options.library ?? new Library();
    this.#wall = options.wall ?? wallTimer;
    this.#worlds = new WarmWorlds(this.#wall, options.snapshots);
    this.#ahead = new WorldsAhead(
      {
        source: (lab) => this.#library.source(lab),
        place: (lab, seed) => this.#library.place(lab, seed),
        make: async (placed) => makeLabWorld(placed, await this.#worlds.preset(placed.lab.preset), this.#wall),
      },
      this.#wall,
      this.#turns,
    );
  }

  /** Loads all code and boots the preset of most labs; `warm` is posted then. */
  async warmUp(): Promise<void> {
    await this.#worlds.preset("kubeadm");
    this.#port.post({ kind: "warm" });
    // Exams begin on it: a small one.
    await this.#worlds.preset(BASE_PRESET);
  }

  /** Takes a message. Nothing is thrown: what goes wrong is posted. */
  receive(data: unknown): void {
    const parsed = ToWorker.safeParse(data);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      this.#failed({}, new Error(`a message that is not one: ${path.join(".")}: ${message}`));
      return;
    }
    const message = parsed.data;
    try {
      this.#take(message);
    } catch (error) {
      this.#failed(message, error);
    }
  }

  /** All sessions are there and have caught up with the wall clock. */
  get resting(): boolean {
    return this.#places.values().every(({ session }) => session?.resting);
  }

  /** Ends all sessions. */
  close(): void {
    for (const name of this.#places.keys()) this.#close(name);
  }

  #take(message: ToWorker): void {
    switch (message.kind) {
      case "ping":
        return this.#port.post({
          kind: "pong",
          request: message.request,
          sessions: this.#places.size,
          heap: getHeapStatistics().used_heap_size,
        });
      case "catalogue":
        return this.#port.post({
          kind: "catalogue",
          request: message.request,
          catalogue: this.#library.catalogue(),
        });
      case "place":
        return this.#port.post({
          kind: "placed",
          request: message.request,
          lab: labText(this.#library.place(message.lab, message.seed)),
        });
      case "open":
        return this.#make(message, message.urgent ? "now" : "soon", () => this.#open(message));
      case "prepare":
        return this.#ahead.prepare(message.labs);
      case "restore":
        return this.#make(message, "now", () => this.#restore(message));
      case "regrade":
        return this.#later(message, () => this.#turns.take("soon", () => this.#regrade(message)));
      case "keep-again":
        return this.#later(message, () => this.#keepAgain(message));
      case "close":
        return this.#close(message.session);
      default: {
        const place = this.#places.get(message.session);
        if (!place) throw new Refused("unknown-session", `There is no session '${message.session}'.`);
        if (place.session) this.#tell(place.session, message);
        else place.waiting.push(message);
      }
    }
  }

  #tell(session: Session, message: OfSession): void {
    switch (message.kind) {
      case "input":
        return session.input(message.terminal, message.bytes);
      case "resize":
        return session.resize(message.terminal, message.cols, message.rows);
      case "hang-up":
        return session.hangUp(message.terminal);
      case "pause":
        return session.pause();
      case "resume":
        return session.resume();
      case "topology":
        return session.topology.want(message.on);
      case "heard":
        return session.lines?.hear(message.line, message.answer);
      case "sync":
        return session.lines?.sync(message.line);
      case "command":
        return session.commands.open(message.line, message.command);
      case "command-input":
        return session.commands.input(message.line, message.bytes);
      case "command-end":
        return session.commands.end(message.line);
      case "command-cut":
        return session.commands.cut(message.line);
      case "api-call":
        return session.api.call(message.call, message.asked);
      case "api-frame":
        return session.api.input(message.call, message.frame);
      case "api-taken":
        return session.api.taken(message.call, message.bytes);
      case "api-cut":
        return session.api.cut(message.call);
      case "terminal":
        return this.#terminal(session, message);
      case "rests": {
        const { request, session: name } = message;
        return this.#port.post({ kind: "rests", request, session: name, rests: session.rests });
      }
      case "screens":
        return this.#later(message, async () => {
          const { request, session: name } = message;
          await session.screens((screens) => this.#port.post({ kind: "screens", request, session: name, screens }));
        });
      case "grade":
        return this.#later(message, async () => {
          const { request, session: name, answers, hints, keep = false } = message;
          const graded = keep ? await session.finish(answers, hints) : { report: await session.check(answers, hints) };
          this.#port.post({ kind: "graded", request, session: name, version: session.version, ...graded });
        });
      case "keep":
        // Whoever submitted has the report already: those who work come first.
        return this.#later(message, () =>
          this.#turns.take("soon", async () =>
            this.#port.post({ kind: "kept", request: message.request, kept: await session.keep() }),
          ),
        );
    }
  }

  #terminal(session: Session, message: Of<"terminal">): void {
    const { request, session: name, line, command } = message;
    const remote = { ...(line === undefined ? {} : { line }), ...(command === undefined ? {} : { command }) };
    session.terminal(message.cols, message.rows, remote, (opened) => {
      if (opened instanceof Refused) this.#failed(message, opened);
      else this.#port.post({ kind: "terminal", request, session: name, terminal: opened, ...session.login });
    });
  }

  /** Makes a session; what is asked of it meanwhile waits. */
  #make(message: Of<"open"> | Of<"restore">, urgency: Urgency, make: () => Promise<MadeSession>): void {
    const { session: name } = message;
    if (this.#places.has(name)) throw new Refused("internal", `There is a session '${name}' already.`);
    const place: Place = { session: undefined, waiting: [] };
    this.#places.set(name, place);
    this.#later(message, async () => {
      let made: MadeSession;
      try {
        made = await this.#turns.take(urgency, make);
      } catch (error) {
        if (this.#places.get(name) === place) this.#places.delete(name);
        for (const waiting of place.waiting) if ("request" in waiting) this.#failed(waiting, error);
        throw error;
      }
      if (this.#places.get(name) !== place) {
        made.session.close();
        throw new Refused("unknown-session", `The session '${name}' was closed before it was there.`);
      }
      place.session = made.session;
      this.#port.post(made.answer);
      made.session.start();
      for (const waiting of place.waiting.splice(0)) this.#guard(waiting, () => this.#tell(made.session, waiting));
    });
  }

  async #open({ request, session: name, lab, seed }: Of<"open">): Promise<MadeSession> {
    const placed = this.#library.place(lab, seed);
    const { world, snapshot } = await openLabWorld(await this.#ahead.take(placed), this.#wall);
    const session = this.#session(name, placed, world);
    return { session, answer: { kind: "opened", request, session: name, lab: labText(placed), snapshot } };
  }

  async #restore(message: Of<"restore">): Promise<MadeSession> {
    const { request, session: name, lab, seed, snapshot, journal, delivered } = message;
    const placed = this.#library.place(lab, seed);
    // Programs are loaded with it.
    await this.#worlds.preset(placed.lab.preset);
    const session = this.#session(name, placed, restoreLabWorld(snapshot));
    await session.replay(journal, delivered, () => this.#places.has(name));
    return { session, answer: { kind: "restored", request, session: name } };
  }

  async #regrade({ request, lab, seed, kept, answers, hints }: Of<"regrade">): Promise<void> {
    const placed = this.#library.place(lab, seed);
    // Programs are loaded with it.
    await this.#worlds.preset(placed.lab.preset);
    this.#port.post({ kind: "regraded", request, ...(await regradeWorld(placed, kept, answers, hints)) });
  }

  async #keepAgain({ request, lab, seed, snapshot, journal, at, answers, hints }: Of<"keep-again">): Promise<void> {
    const placed = this.#library.place(lab, seed);
    // Programs are loaded with it.
    await this.#worlds.preset(placed.lab.preset);
    // What it prints was printed before.
    const session = this.#session("kept again", placed, restoreLabWorld(snapshot), () => {});
    try {
      await session.replay(journal, {});
      await session.replayTo(at);
      const { report } = await session.finish(answers, hints);
      const kept = await session.keep();
      this.#port.post({ kind: "kept", request, kept, again: { report, version: session.version } });
    } finally {
      session.close();
    }
  }

  #session(name: string, placed: PlacedLab, world: World, post = (it: FromWorker) => this.#port.post(it)): Session {
    return new Session({
      name,
      placed,
      world,
      wall: this.#wall,
      post,
      failed: (error) => this.#failed({ session: name }, error),
    });
  }

  #close(name: string): void {
    const place = this.#places.get(name);
    this.#places.delete(name);
    place?.session?.close();
    for (const waiting of place?.waiting ?? [])
      if ("request" in waiting)
        this.#failed(waiting, new Refused("unknown-session", `The session '${name}' was closed.`));
  }

  #later(message: ToWorker, work: () => Promise<void>): void {
    work().catch((error: unknown) => this.#failed(message, error));
  }

  #guard(message: ToWorker, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(message, error);
    }
  }

  /** Posts that something was not done, and for whom. */
  #failed(about: ToWorker | { readonly session?: string; readonly request?: number }, error: unknown): void {
    const session = "session" in about ? about.session : undefined;
    const request = "request" in about ? about.request : undefined;
    const known = error instanceof Refused;
    if (!known) reportBug(session ?? "worker", error);
    this.#port.post({
      kind: "error",
      ...(request === undefined ? {} : { request }),
      ...(session === undefined ? {} : { session }),
      code: known ? error.code : "internal",
      message: known ? error.message : `Something in Drydock failed: ${String(error)}`,
    });
  }
}

interface MadeSession {
  readonly session: Session;
  readonly answer: FromWorker;
}
