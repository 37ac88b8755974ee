import type { LabText } from "../protocol/index.ts";
import { createSessions } from "./create-sessions.ts";
import type { Sessions } from "./pool.ts";
import { FakeClock, FakeViewer, Fleet, MemoryLog, QuietLogger, settled } from "./testing.ts";

export interface TestPool {
  readonly sessions: Sessions;
  readonly fleet: Fleet;
  readonly clock: FakeClock;
  readonly log: MemoryLog;
  readonly logger: QuietLogger;
  /** Opens a session of the lab "one" with a terminal, and looks at it if `look` is set. */
  session(id: string, look?: boolean): Promise<FakeViewer>;
  look(id: string): Promise<FakeViewer>;
}

export const ONE: LabText = {
  id: "one",
  title: "One",
  level: "easy",
  minutes: 10,
  seed: 1,
  host: "controlplane",
  user: "root",
  tasks: [],
  explain: "",
};

/** A pool over fake workers, all of them warm. */
export async function testPool(options: { workers?: number; log?: MemoryLog } = {}): Promise<TestPool> {
  const { workers = 1, log = new MemoryLog() } = options;
  const clock = new FakeClock();
  const fleet = new Fleet();
  const logger = new QuietLogger();
  fleet.labs.set("one", ONE);
  const sessions = createSessions({ workers, spawn: fleet.spawn, log, clock, logger });
  await settled();
  const look = async (id: string): Promise<FakeViewer> => {
    const viewer = new FakeViewer();
    viewer.view = sessions.view(id, viewer);
    await settled();
    return viewer;
  };
  const session = async (id: string, looked = true): Promise<FakeViewer> => {
    const { snapshot } = await sessions.open(id, "one", 1);
    log.keep(id, "one", 1, snapshot);
    await sessions.terminal(id, 80, 24);
    await settled();
    const viewer = looked ? await look(id) : new FakeViewer();
    viewer.take();
    return viewer;
  };
  return { sessions, fleet, clock, log, logger, session, look };
}
