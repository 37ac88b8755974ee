import { BadFile, type LabSource } from "../../../../labs/index.ts";

/** A lab with one seed: what is proved in one go. */
export interface Unit {
  readonly source: LabSource;
  readonly seed: number;
  /** The world that it begins with: a thread that has booted it is quicker. */
  readonly preset: string;
}

/** Seeds in which a proof that is only about some draws may be found. */
const MOST_SEEDS = 50;

/**
 * A lab with the seeds 1 to `seeds`, and as many more as it takes to play every proof once: some are only about what some
 * seeds draw. Throws BadFile if a proof is about what no seed draws.
 */
export function unitsOf(source: LabSource, seeds: number): Unit[] {
  const units: Unit[] = [];
  const left = new Set(source.proofs.map(({ name }) => name));
  for (let seed = 1; seed <= seeds || (left.size > 0 && seed <= MOST_SEEDS); seed++) {
    const { proofs, lab } = source.place(seed);
    const plays = proofs.filter(({ name }) => left.has(name));
    if (seed > seeds && plays.length === 0) continue;
    for (const { name } of plays) left.delete(name);
    units.push({ source, seed, preset: lab.preset });
  }
  if (left.size > 0)
    throw new BadFile(
      [...left].map(
        (name) => `${source.folder.path}/proof/${name}:1:1: none of ${MOST_SEEDS} seeds draws what it is about`,
      ),
    );
  return units;
}
