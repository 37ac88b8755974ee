import { expect, test } from "vitest";
import { MAX_UNDRAWN } from "../protocol/index.ts";
import { FakeViewer } from "./testing.ts";
import { settled } from "./testing.ts";
import { testPool, type TestPool } from "./testing-pool.ts";

const CHUNK = "y\r\n".repeat(10_000);

/** A program prints chunks until its session waits. How many bytes it came to. */
async function flood({ fleet }: TestPool, session: string, chunks: number): Promise<number> {
  const worker = fleet.of(session);
  for (let count = 0; count < chunks; count++) {
    if (!worker.print(session, 1, CHUNK)) return count * CHUNK.length;
    await settled();
  }
  return chunks * CHUNK.length;
}

/** A viewer that draws when it is told to. */
async function slowViewer(
  { sessions }: TestPool,
  session: string,
): Promise<{ viewer: FakeViewer; draw: () => void; leave: () => void }> {
  const viewer = new FakeViewer();
  viewer.quiet = true;
  const view = sessions.view(session, viewer);
  await settled();
  let drawn = 0;
  const draw = (): void => {
    view.drawn(1, viewer.seen - drawn);
    drawn = viewer.seen;
  };
  return { viewer, draw, leave: () => view.end() };
}

test("viewers see output from their screens on, and all of them the same", async () => {
  const { sessions, session, look } = await testPool();
  const first = await session("a/0");
  sessions.input("a/0", 1, "a");
  const second = await look("a/0");
  sessions.input("a/0", 1, "b");
  sessions.resize("a/0", 1, 100, 30);
  sessions.hangUp("a/0", 1);
  await settled();
  const rest = ['output 1 "b"', "resized 1 100x30", "gone 1"];
  expect(first.take()).toEqual(['output 1 "a"', ...rest]);
  expect(second.take()).toEqual(['screens 1="$ a"', ...rest]);
  await sessions.terminal("a/0", 80, 24);
  await settled();
  expect(second.take()).toEqual(["opened 2 root@controlplane 80x24", 'output 2 "$ "']);
});

test("a session prints as fast as its viewer draws; input gets through", async () => {
  const pool = await testPool();
  await pool.session("a/0", false);
  const { draw } = await slowViewer(pool, "a/0");
  const first = await flood(pool, "a/0", 1000);
  expect(first).toBeGreaterThan(MAX_UNDRAWN);
  expect(first).toBeLessThan(MAX_UNDRAWN + 2 * CHUNK.length);
  expect(await flood(pool, "a/0", 1)).toBe(0);

  pool.sessions.input("a/0", 1, "\u0003");
  await settled();
  expect(pool.fleet.of("a/0").sessions.get("a/0")!.paused).toBe(true);
  expect(pool.log.sources.get("a/0")!.journal.at(-1)).toMatchObject({ kind: "input", bytes: "\u0003" });

  draw();
  await settled();
  expect(await flood(pool, "a/0", 1000)).toBeGreaterThan(MAX_UNDRAWN);
});

test("a viewer that stays behind while others keep up is left out, and gets screens when it has drawn what it had", async () => {
  const pool = await testPool();
  const quick = await pool.session("a/0");
  quick.quiet = true;
  const slow = await slowViewer(pool, "a/0");
  slow.viewer.take();
  await flood(pool, "a/0", 30);
  expect(slow.viewer.seen).toBe(30 * CHUNK.length);
  await pool.clock.advance(3000);
  expect(await flood(pool, "a/0", 30)).toBe(30 * CHUNK.length);
  expect(slow.viewer.seen).toBe(30 * CHUNK.length);
  expect(quick.seen).toBe(60 * CHUNK.length);

  slow.draw();
  await settled();
  expect(slow.viewer.take()).toEqual([`screens 1=${JSON.stringify(`$ ${CHUNK.repeat(60)}`)}`]);
  await flood(pool, "a/0", 1);
  expect(slow.viewer.seen).toBe(31 * CHUNK.length);
});

test("without another viewer a slow one is waited for, however long", async () => {
  const pool = await testPool();
  await pool.session("a/0", false);
  const { viewer, draw } = await slowViewer(pool, "a/0");
  await flood(pool, "a/0", 1000);
  const { seen } = viewer;
  await pool.clock.advance(60_000);
  expect(await flood(pool, "a/0", 10)).toBe(0);
  pool.sessions.input("a/0", 1, "x");
  await settled();
  expect(viewer.seen).toBe(seen + 1);
  draw();
  await settled();
  await flood(pool, "a/0", 1);
  expect(viewer.seen).toBe(seen + 1 + CHUNK.length);
});

test("a slow viewer that leaves holds nobody up", async () => {
  const pool = await testPool();
  await pool.session("a/0", false);
  const slow = await slowViewer(pool, "a/0");
  await flood(pool, "a/0", 1000);
  slow.leave();
  await settled();
  const printed = await flood(pool, "a/0", 1000);
  expect(printed).toBeGreaterThan(1_048_576);
  expect(printed).toBeLessThan(1_048_576 + 2 * CHUNK.length);
});

test("a session at which nobody looks prints 1 MB and waits until somebody does", async () => {
  const pool = await testPool();
  await pool.session("a/0", false);
  const printed = await flood(pool, "a/0", 1000);
  expect(printed).toBeGreaterThan(1_048_576);
  expect(printed).toBeLessThan(1_048_576 + 2 * CHUNK.length);
  const { viewer } = await slowViewer(pool, "a/0");
  expect(viewer.take()[0]!.length).toBeGreaterThan(printed);
  expect(await flood(pool, "a/0", 2)).toBe(2 * CHUNK.length);
});

test("a viewer that throws does not harm the others", async () => {
  const pool = await testPool();
  const viewer = await pool.session("a/0");
  const broken = new FakeViewer();
  broken.output = () => {
    throw new Error("the socket is gone");
  };
  pool.sessions.view("a/0", broken);
  await settled();
  pool.sessions.input("a/0", 1, "x");
  await settled();
  expect(viewer.take()).toEqual(['output 1 "x"']);
  expect(pool.logger.lines).toEqual(["error: a viewer failed Error: the socket is gone"]);
});
