import { expect, test } from "vitest";
import { FakeClock, settled } from "./testing.ts";
import { testPool } from "./testing-pool.ts";
import { LOOK, Watchdog } from "./watchdog.ts";

/** A watchdog of a worker that never answers. */
function watchdog(): { clock: FakeClock; dog: Watchdog; hung: () => boolean } {
  const clock = new FakeClock();
  let isHung = false;
  const hung = (): void => void (isHung = true);
  const dog = new Watchdog(clock, { busy: () => true, warm: () => true, ping: () => {}, hung });
  dog.talked();
  return { clock, dog, hung: () => isHung };
}

test("five looks in time without an answer are needed", async () => {
  const { clock, hung } = watchdog();
  await clock.advance(5 * LOOK - 1);
  expect(hung()).toBe(false);
  await clock.advance(1);
  expect(hung()).toBe(true);
});

test("a look that comes late does not count, after one that comes very late the count begins again", async () => {
  const { clock, hung } = watchdog();
  await clock.advance(4 * LOOK);
  await clock.sleep(LOOK + 300);
  expect(hung()).toBe(false);
  await clock.sleep(3_600_000);
  expect(hung()).toBe(false);
  await clock.advance(4 * LOOK);
  expect(hung()).toBe(false);
  await clock.advance(LOOK);
  expect(hung()).toBe(true);
});

test("an answer in time is enough", async () => {
  const { clock, dog, hung } = watchdog();
  for (let round = 0; round < 10; round++) {
    await clock.advance(4 * LOOK);
    dog.answered();
  }
  expect(hung()).toBe(false);
  dog.stop();
  expect(clock.timers).toBe(0);
});

test("while nothing happens there is no timer", async () => {
  const { sessions, clock, session, fleet } = await testPool({ workers: 2 });
  await session("a/0", false);
  await clock.advance(5000);
  expect(clock.timers).toBe(0);
  const pings = fleet.workers.flatMap((worker) => worker.got).filter((message) => message.kind === "ping").length;
  expect(pings).toBeLessThan(4);
  sessions.input("a/0", 1, "x");
  expect(clock.timers).toBe(1);
  await clock.advance(5000);
  expect(clock.timers).toBe(0);
});

test("a worker whose session somebody looks at is watched, and replaced if it hangs", async () => {
  const { clock, session, fleet } = await testPool();
  const viewer = await session("a/0");
  await clock.advance(60_000);
  expect(fleet.workers[0]!.gone).toBe(false);
  fleet.workers[0]!.silent = true;
  await clock.advance(7000);
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ "']);
});

test("a machine that slept, or a stall of the main thread, ends no worker", async () => {
  const { clock, session, fleet } = await testPool();
  await session("a/0");
  const [worker] = fleet.workers;
  for (const time of [30_000, 3_600_000, 8000, 6000, 12_000]) {
    await clock.advance(700);
    worker!.silent = true;
    // A ping is out, and its answer would be behind the timers that are late.
    await clock.advance(3000);
    await clock.sleep(time);
    expect(worker!.gone).toBe(false);
    const pings = worker!.got.filter((message) => message.kind === "ping");
    worker!.silent = false;
    worker!.say({ kind: "pong", request: pings.at(-1)!.request, sessions: 1, heap: 5 });
    await settled();
  }
  await clock.advance(60_000);
  expect(worker!.gone).toBe(false);
});

test("a worker that still boots has more time", async () => {
  const { clock, sessions, fleet } = await testPool();
  fleet.warm = false;
  for (const worker of fleet.alive) worker.die("killed");
  await settled();
  const [cold] = fleet.alive;
  cold!.silent = true;
  const asked = sessions.catalogue();
  await clock.advance(30_000);
  expect(cold!.gone).toBe(false);
  fleet.warm = true;
  cold!.say({ kind: "warm" });
  await clock.advance(60_000);
  expect(cold!.gone).toBe(true);
  expect(await asked).toEqual({ labs: [], exams: [], problems: [] });
});

test("sessions are spread over the workers, and health shows them", async () => {
  const { sessions, session, fleet, clock } = await testPool({ workers: 2 });
  expect(fleet.workers.length).toBe(3);
  for (const id of ["a/0", "b/0", "c/0", "d/0"]) await session(id, false);
  await clock.advance(2000);
  expect(sessions.health()).toEqual([
    { worker: 1, warm: true, sessions: 2, heap: 1000 },
    { worker: 2, warm: true, sessions: 2, heap: 1000 },
    { worker: 3, warm: true, sessions: 0, heap: 0 },
  ]);
  sessions.close("a/0");
  await session("e/0", false);
  expect(sessions.health().map((worker) => worker.sessions)).toEqual([2, 2, 0]);
});

test("messages that are none are refused", async () => {
  const { fleet, session, logger } = await testPool();
  const viewer = await session("a/0");
  fleet.workers[0]!.say({ kind: "output", session: "a/0", terminal: 0, offset: 0, bytes: "x" });
  fleet.workers[0]!.say({ kind: "nonsense" } as never);
  // Another session's worker has nothing to say about this one.
  fleet.workers[1]!.say({ kind: "output", session: "a/0", terminal: 1, offset: 0, bytes: "x" });
  await settled();
  expect(viewer.take()).toEqual([]);
  expect(logger.lines).toEqual(Array(2).fill("error: a worker sent a message that is none"));
});
