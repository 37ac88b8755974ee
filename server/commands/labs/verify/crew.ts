import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { BadFile, type LabSource } from "../../../../labs/index.ts";
import { verifySeed, type VerifyRow } from "./prove.ts";
import type { Unit } from "./units.ts";

/** What a thread is asked: to prove the lab of a folder with a seed. */
export interface Order {
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly twice: boolean;
}

/** What comes of a unit: its rows, or the problems of a lab that cannot be set up. */
export type Proved = { readonly rows: readonly VerifyRow[] } | { readonly problems: readonly string[] };

/** What a thread answers. */
export type Answer = Proved | { readonly bug: string };

/** So many units are quicker proved here than in threads, which have to load everything and boot their own worlds. */
const FEW = 8;

/** With the first seed every case is graded twice, to see that the report is the same. */
const TWICE_SEED = 1;

/** Proves units, on all processors if there are many. What comes of them comes as soon as it is there. */
export async function* proveAll(
  units: readonly Unit[],
  threads = availableParallelism(),
): AsyncGenerator<{ readonly unit: Unit; readonly proved: Proved }> {
  if (units.length <= FEW || threads < 2) {
    for (const unit of units) yield { unit, proved: await prove(unit.source, unit.seed, unit.seed === TWICE_SEED) };
    return;
  }
  const crew = new Crew(units, threads);
  try {
    const waiting = new Map(units.map((unit) => [unit, crew.proved(unit).then((proved) => ({ unit, proved }))]));
    while (waiting.size > 0) {
      const next = await Promise.race(waiting.values());
      waiting.delete(next.unit);
      yield next;
    }
  } finally {
    await crew.end();
  }
}

/** Plays all proofs of a lab with a seed. */
export async function prove(source: LabSource, seed: number, twice: boolean): Promise<Proved> {
  const rows: VerifyRow[] = [];
  try {
    for await (const row of verifySeed(source, seed, twice)) rows.push(row);
    return { rows };
  } catch (error) {
    if (error instanceof BadFile) return { problems: error.problems };
    throw error;
  }
}

/** Threads that take the next unit whenever they have done one. */
class Crew {
  readonly #left: Set<Unit>;
  readonly #done = new Map<Unit, PromiseWithResolvers<Proved>>();
  readonly #workers: Worker[] = [];

  constructor(units: readonly Unit[], threads: number) {
    this.#left = new Set(units);
    for (const unit of units) {
      const done = Promise.withResolvers<Proved>();
      // Who asks for it hears of its failure; until then nobody does.
      done.promise.catch(() => {});
      this.#done.set(unit, done);
    }
    for (let count = 0; count < Math.min(threads, units.length); count++) this.#start();
  }

  proved(unit: Unit): Promise<Proved> {
    return this.#done.get(unit)!.promise;
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(): void {
    const worker = new Worker(new URL("./thread.ts", import.meta.url));
    this.#workers.push(worker);
    const booted = new Set<string>();
    let current: Unit | undefined;
    const next = (): void => {
      current = this.#next(booted);
      if (!current) return void worker.terminate();
      booted.add(current.preset);
      const { source, seed } = current;
      const order: Order = { path: source.folder.path, files: source.folder.files, seed, twice: seed === TWICE_SEED };
      worker.postMessage(order, []);
    };
    worker.on("message", (answer: Answer) => {
      const done = this.#done.get(current!)!;
      if ("bug" in answer) done.reject(new Error(answer.bug));
      else done.resolve(answer);
      next();
    });
    worker.on("error", (error) => {
      for (const { reject } of this.#done.values()) reject(error);
    });
    next();
  }

  /** A unit of a world that the thread has booted; else of one that others are least busy with. */
  #next(booted: ReadonlySet<string>): Unit | undefined {
    const waiting = Map.groupBy(this.#left, ({ preset }) => preset);
    const own = [...waiting].filter(([preset]) => booted.has(preset));
    const [most] = (own.length > 0 ? own : [...waiting]).toSorted(([, a], [, b]) => b.length - a.length);
    // Longest first: at the end no thread waits for another one's long lab.
    const [unit] = most?.[1].toSorted((a, b) => lengthOf(b) - lengthOf(a)) ?? [];
    if (unit) this.#left.delete(unit);
    return unit;
  }
}

/** How long it takes is about how much its proofs type. */
function lengthOf({ source }: Unit): number {
  return source.proofs.reduce((sum, { script }) => sum + script.length, 0);
}
