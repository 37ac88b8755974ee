import { MAX_UNDRAWN, type Screen, type Topology } from "../protocol/index.ts";
import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import type { Viewer } from "./pool.ts";

/** So long a viewer may be behind others before it gets no more output, in milliseconds. */
const MAX_BEHIND = 3000;
/** So much a session prints while nobody looks before it waits. */
const MAX_UNSEEN = 1_048_576;

export interface Stage {
  /** Screens are wanted for a viewer: answered by `show`. */
  screens(seat: Seat): void;
  pause(): void;
  resume(): void;
  /** Somebody wants the topology: all who want it get it anew; or nobody wants it any more. */
  topology(on: boolean): void;
}

/**
 * A viewer in its place. `waiting`: its screens are asked for, output before them is in them. `watching`: output is
 * delivered. `skipping`: it was too slow for the others; it gets screens when it has drawn what it was sent.
 */
export class Seat {
  readonly viewer: Viewer;
  state: "waiting" | "watching" | "skipping" = "waiting";
  /** Bytes that were delivered and not drawn yet, by terminal. */
  readonly undrawn = new Map<number, number>();
  /** Since when it has been behind. */
  behindSince: number | undefined;
  wantsTopology = false;

  constructor(viewer: Viewer) {
    this.viewer = viewer;
  }

  get behind(): boolean {
    return this.behindSince !== undefined;
  }

  /** Counts what was delivered or drawn. Who was behind is so until half of what is allowed is drawn. */
  count(terminal: number, bytes: number, now: number): void {
    this.undrawn.set(terminal, Math.max(0, (this.undrawn.get(terminal) ?? 0) + bytes));
    const most = Math.max(...this.undrawn.values());
    if (most > MAX_UNDRAWN) this.behindSince ??= now;
    else if (most <= MAX_UNDRAWN / 2) this.behindSince = undefined;
  }
}

/** Who looks at a session, how fast, and whether the session has to wait for them. */
export class Audience {
  readonly #stage: Stage;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #seats = new Set<Seat>();
  #unseen = 0;
  #paused = false;
  /** Lines that pass its output on, and those of them whose other end cannot take more. */
  readonly #relays = new Set<object>();
  readonly #holds = new Set<object>();

  constructor(stage: Stage, clock: Clock, logger: Logger) {
    this.#stage = stage;
    this.#clock = clock;
    this.#logger = logger;
  }

  get size(): number {
    return this.#seats.size;
  }

  /** The seat's screens must be asked for. */
  add(viewer: Viewer): Seat {
    const seat = new Seat(viewer);
    this.#seats.add(seat);
    this.#unseen = 0;
    this.#regulate();
    return seat;
  }

  remove(seat: Seat): void {
    this.wantTopology(seat, false);
    if (!this.#seats.delete(seat)) return;
    this.#unseen = 0;
    this.#regulate();
  }

  /** A line passes its output on, or does no more. */
  relay(line: object, on: boolean): void {
    if (on) this.#relays.add(line);
    else this.#relays.delete(line);
    this.#unseen = 0;
  }

  get relayed(): boolean {
    return this.#relays.size > 0;
  }

  /** A line cannot take more output for the moment. */
  hold(line: object, on: boolean): void {
    if (on) this.#holds.add(line);
    else if (!this.#holds.delete(line)) return;
    this.#regulate();
  }

  get wantsTopology(): boolean {
    return [...this.#seats].some((seat) => seat.wantsTopology);
  }

  wantTopology(seat: Seat, on: boolean): void {
    if (!this.#seats.has(seat) || (!on && !seat.wantsTopology)) return;
    seat.wantsTopology = on;
    if (on || !this.wantsTopology) this.#stage.topology(on);
  }

  topology(topology: Topology): void {
    for (const seat of this.#seats) if (seat.wantsTopology) this.#tell(seat, (viewer) => viewer.topology(topology));
  }

  /** The answer to `screens`. */
  show(seat: Seat, screens: readonly Screen[]): void {
    if (!this.#seats.has(seat)) return;
    seat.state = "watching";
    seat.undrawn.clear();
    seat.behindSince = undefined;
    this.#tell(seat, (viewer) => viewer.screens(screens));
    this.#regulate();
  }

  output(terminal: number, bytes: string): void {
    if (this.#seats.size === 0 && !this.relayed) this.#unseen += bytes.length;
    const now = this.#clock.now();
    for (const seat of this.#seats) {
      if (seat.state !== "watching") continue;
      if (this.#tooSlow(seat, now)) {
        seat.state = "skipping";
        continue;
      }
      seat.count(terminal, bytes.length, now);
      this.#tell(seat, (viewer) => viewer.output(terminal, bytes));
    }
    this.#regulate();
  }

  drawn(seat: Seat, terminal: number, bytes: number): void {
    if (!this.#seats.has(seat)) return;
    seat.count(terminal, -bytes, this.#clock.now());
    this.#catchUp(seat);
  }

  gone(terminal: number): void {
    for (const seat of this.#seats) {
      seat.undrawn.delete(terminal);
      seat.count(terminal, 0, this.#clock.now());
      this.#catchUp(seat);
    }
    this.tell((viewer) => viewer.gone(terminal));
  }

  /** Tells all who have their screens; the others will see it in theirs. */
  tell(what: (viewer: Viewer) => void): void {
    for (const seat of this.#seats) if (seat.state !== "waiting") this.#tell(seat, what);
  }

  /** Tells everybody. */
  tellAll(what: (viewer: Viewer) => void): void {
    for (const seat of this.#seats) this.#tell(seat, what);
  }

  /** The session is not there at the moment: nobody has screens. */
  interrupted(state: "working" | "making" | "failed", message: string): void {
    for (const seat of this.#seats) {
      seat.state = "waiting";
      seat.behindSince = undefined;
    }
    this.tellAll((viewer) => viewer.rebuilding(state, message));
  }

  /** The session was built again; it runs. */
  resumed(): void {
    this.#paused = false;
    for (const seat of this.#seats) this.#stage.screens(seat);
    if (this.wantsTopology) this.#stage.topology(true);
    this.#regulate();
  }

  /** An input went to the session: it runs again whatever was wanted, and waits again after its next output. */
  inputSent(): void {
    this.#paused = false;
  }

  #tooSlow(seat: Seat, now: number): boolean {
    if (seat.behindSince === undefined || now - seat.behindSince < MAX_BEHIND) return false;
    return [...this.#seats].some((other) => other.state === "watching" && !other.behind);
  }

  #catchUp(seat: Seat): void {
    if (seat.state === "skipping" && [...seat.undrawn.values()].every((bytes) => bytes === 0)) {
      seat.state = "waiting";
      seat.behindSince = undefined;
      this.#stage.screens(seat);
    }
    this.#regulate();
  }

  #regulate(): void {
    const paused =
      this.#holds.size > 0 ||
      (this.#seats.size === 0
        ? this.#unseen > MAX_UNSEEN
        : !this.relayed && [...this.#seats].every((seat) => seat.state === "skipping" || seat.behind));
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (paused) this.#stage.pause();
    else this.#stage.resume();
  }

  /** A viewer that throws must not harm the others. */
  #tell(seat: Seat, what: (viewer: Viewer) => void): void {
    try {
      what(seat.viewer);
    } catch (error) {
      this.#logger.error({ err: error }, "a viewer failed");
    }
  }
}
