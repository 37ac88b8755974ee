import type { Sessions } from "../sessions/pool/index.ts";
import type { Catalogue } from "../sessions/protocol/index.ts";
import type { Store } from "../store/store.ts";
import { summary } from "./present.ts";
import type { Seeds } from "./seeds.ts";

const AHEAD = 4;
const RECENT = 20;

/** All labs and exams with what their owner did with them; whoever reads it may start one soon, so some are made ahead. */
export async function catalogueFor(
  owner: string,
  { store, sessions, seeds }: { readonly store: Store; readonly sessions: Sessions; readonly seeds: Seeds },
): Promise<Catalogue> {
  const [{ labs, exams, problems }, progress, open, recent] = await Promise.all([
    sessions.catalogue(),
    store.progress(owner),
    store.attempts({ states: ["open", "grading"], owner }),
    store.attempts({ states: ["graded"], owner, limit: RECENT }),
  ]);
  const done = (key: string): { best: number | null; attempts: number } => {
    const { best, attempts } = progress.get(key) ?? { best: null, attempts: 0 };
    return { best, attempts };
  };
  const likely = labs.filter(({ id }) => !open.some(({ kind, of }) => kind === "lab" && of === id));
  sessions.prepare(likely.slice(0, AHEAD).map(({ id }) => ({ lab: id, seed: seeds.next(id) })));
  return {
    labs: labs.map((lab) => ({ ...lab, ...done(`lab/${lab.id}`) })),
    exams: exams.map((exam) => ({ ...exam, ...done(`exam/${exam.id}`) })),
    open: open.map(summary),
    recent: recent.map(summary),
    problems,
  };
}
