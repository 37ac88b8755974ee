import type { Attempts } from "../attempts/index.ts";
import type { Clock, Timer } from "../sessions/pool/index.ts";
import type { AssignmentProgress } from "../sessions/protocol/index.ts";
import type { ProgressCache } from "./progress.ts";

/** Changes within so many milliseconds are told together. */
const TOGETHER = 1000;

type Read = (assignment: string, cache: ProgressCache) => Promise<AssignmentProgress>;

interface Watched {
  readonly cache: ProgressCache;
  readonly viewers: Set<Viewer>;
}

interface Viewer {
  readonly tell: (progress: AssignmentProgress) => void;
  readonly failed: (error: unknown) => void;
}

/** Tells those who look how assignments go. While nobody looks, nothing is heard and nothing runs. */
export class Live {
  readonly #attempts: Pick<Attempts, "listenAnywhere">;
  readonly #clock: Clock;
  readonly #read: Read;
  readonly #watched = new Map<string, Watched>();
  readonly #changed = new Set<string>();
  #stopListening: (() => void) | undefined;
  #timer: Timer | undefined;

  constructor(attempts: Pick<Attempts, "listenAnywhere">, clock: Clock, read: Read) {
    this.#attempts = attempts;
    this.#clock = clock;
    this.#read = read;
  }

  watch(assignment: string, tell: Viewer["tell"], failed: Viewer["failed"]): () => void {
    const watched = this.#watched.get(assignment) ?? { cache: new Map(), viewers: new Set<Viewer>() };
    const viewer = { tell, failed };
    watched.viewers.add(viewer);
    this.#watched.set(assignment, watched);
    this.#stopListening ??= this.#attempts.listenAnywhere((id) => this.#hear(id));
    void this.#tell(assignment, watched, [viewer]);
    return () => {
      watched.viewers.delete(viewer);
      if (watched.viewers.size === 0) this.#watched.delete(assignment);
      if (this.#watched.size === 0) this.stop();
    };
  }

  stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    if (this.#timer !== undefined) this.#clock.clear(this.#timer);
    this.#timer = undefined;
    this.#changed.clear();
  }

  /** Who is in a class has changed: whoever looks at any is told soon. */
  again(): void {
    if (this.#watched.size > 0) this.#soon();
  }

  #hear(id: string): void {
    this.#changed.add(id);
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= this.#clock.set(() => this.#flush(), TOGETHER);
  }

  #flush(): void {
    this.#timer = undefined;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const [assignment, watched] of this.#watched) {
      for (const id of changed) watched.cache.delete(id);
      void this.#tell(assignment, watched, watched.viewers);
    }
  }

  async #tell(assignment: string, { cache }: Watched, viewers: Iterable<Viewer>): Promise<void> {
    try {
      const progress = await this.#read(assignment, cache);
      for (const viewer of viewers) viewer.tell(progress);
    } catch (error) {
      for (const viewer of viewers) viewer.failed(error);
    }
  }
}
