import { expect, test } from "vitest";
import { SessionError } from "./pool.ts";
import { FakeViewer, MemoryLog, settled } from "./testing.ts";
import { testPool } from "./testing-pool.ts";

test("a worker that is killed is replaced by the warm one, and its sessions are there again", async () => {
  const { sessions, fleet, session, log } = await testPool();
  const viewer = await session("a/0");
  sessions.input("a/0", 1, "ls\r");
  await settled();
  expect(viewer.take()).toEqual(['output 1 "ls\\r\\n$ "']);
  expect(fleet.workers.length).toBe(2);

  fleet.workers[0]!.die("killed");
  await settled();
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ ls\\r\\n$ "']);
  expect(fleet.workers.map((worker) => worker.restored)).toEqual([[], ["a/0"], []]);
  expect(log.sources.get("a/0")!.journal.length).toBe(2);

  sessions.input("a/0", 1, "pwd");
  await settled();
  expect(viewer.take()).toEqual(['output 1 "pwd"']);
});

test("a session at which nobody looks is built again when it is used", async () => {
  const { sessions, fleet, session, look } = await testPool();
  await session("a/0", false);
  fleet.workers[0]!.die("killed");
  await settled();
  expect(fleet.alive.map((worker) => worker.restored)).toEqual([[], []]);
  const viewer = await look("a/0");
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ "']);
  await sessions.stop();
  expect(viewer.take()).toEqual(["failed: The server is stopping. Everything is kept; go on when it is back."]);
});

test("sessions of an earlier server are built again from the log; those that never were are not", async () => {
  const log = new MemoryLog();
  log.keep("a/0", "one", 1, new Uint8Array([1]));
  log.journal("a/0", 0, [{ kind: "open", at: 0, step: 0, terminal: 1, cols: 80, rows: 24 }]);
  const { sessions, look } = await testPool({ log });
  expect((await look("a/0")).take()).toEqual(["rebuilding", 'screens 1="$ "']);
  expect(await sessions.terminal("a/0", 80, 24)).toBe(2);
  expect((await look("b/0")).take()).toEqual(["rebuilding", "failed: There is no session 'b/0'."]);
  await expect(sessions.grade("c/0", {}, 0)).rejects.toEqual(new SessionError("unknown-session", "There is no session 'c/0'.")); // prettier-ignore
});

test("a worker that hangs is replaced after 5 seconds, and what was typed meanwhile is typed", async () => {
  const { sessions, fleet, clock, session } = await testPool();
  const viewer = await session("a/0");
  fleet.workers[0]!.silent = true;
  sessions.input("a/0", 1, "ls");
  await clock.advance(4000);
  sessions.input("a/0", 1, "\r");
  expect(fleet.workers[0]!.gone).toBe(false);
  await clock.advance(3000);
  expect(fleet.workers[0]!.gone).toBe(true);
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ "', 'output 1 "ls"', 'output 1 "\\r\\n$ "']);
});

test("requests under way are asked again, once", async () => {
  const { sessions, fleet, session } = await testPool();
  const viewer = await session("a/0");
  fleet.workers[0]!.silent = true;
  const grade = sessions.grade("a/0", { "t/q": "x" }, 0);
  const terminal = sessions.terminal("a/0", 100, 30);
  fleet.workers[0]!.die("killed");
  expect(await terminal).toBe(2);
  expect((await grade).score).toBe(2);
  await settled();
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ "', "opened 2 root@controlplane 100x30", 'output 2 "$ "']);

  fleet.ungradable.add("a/0");
  await expect(sessions.grade("a/0", {}, 0)).rejects.toMatchObject({ code: "not-answering" });
  await settled();
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ " 2="$ "', "rebuilding", 'screens 1="$ " 2="$ "']);
});

test("a terminal that was opened before its worker died is not opened twice", async () => {
  const { sessions, fleet, session } = await testPool();
  const viewer = await session("a/0");
  fleet.diesBeforeAnswer.add("a/0");
  expect(await sessions.terminal("a/0", 80, 24)).toBe(2);
  await settled();
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ " 2="$ "']);
  expect(await sessions.terminal("a/0", 80, 24)).toBe(3);
});

test("input that ends its worker before it is in the journal is typed once more, then it is lost", async () => {
  const { sessions, fleet, session } = await testPool();
  const viewer = await session("a/0");
  sessions.input("a/0", 1, "<dies unheard>");
  await settled();
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ "', "refused input-lost", "rebuilding", 'screens 1="$ "']);
  expect(fleet.workers.filter((worker) => worker.gone).length).toBe(2);
});

test("a paste that was on its way is not typed again, a resize is", async () => {
  const { sessions, fleet, session } = await testPool();
  const viewer = await session("a/0");
  fleet.workers[0]!.silent = true;
  sessions.input("a/0", 1, "x".repeat(5000));
  sessions.resize("a/0", 1, 132, 50);
  fleet.workers[0]!.die("killed");
  await settled();
  expect(viewer.take()).toEqual(["refused input-lost", "rebuilding", 'screens 1="$ "', "resized 1 132x50"]);
});

test("a session whose rebuild ends its worker is built without its last input, others are not harmed", async () => {
  const { sessions, fleet, session, log } = await testPool();
  const other = await session("b/0");
  const viewer = await session("a/0");
  sessions.input("a/0", 1, "ls\r");
  sessions.input("a/0", 1, "<dies>");
  await settled();
  expect(viewer.take()).toEqual([
    'output 1 "ls\\r\\n$ "',
    "rebuilding",
    "refused input-left-out",
    'screens 1="$ ls\\r\\n$ "',
  ]);
  // Its worker died; then it was the one in which `a/0` was built again; after that `a/0` was alone.
  expect(other.take()).toEqual(["rebuilding", 'screens 1="$ "', "rebuilding", 'screens 1="$ "']);
  expect(fleet.of("a/0")).not.toBe(fleet.of("b/0"));
  const typed = log.sources.get("a/0")!.journal.map((entry) => (entry.kind === "input" ? entry.bytes : entry.kind));
  expect(typed).toEqual(["open", "ls\r", ""]);
});

test("a session that was built again while a neighbour ended their worker loses nothing", async () => {
  const log = new MemoryLog();
  log.keep("a/0", "one", 1, new Uint8Array([1]));
  log.journal("a/0", 0, [
    { kind: "open", at: 0, step: 0, terminal: 1, cols: 80, rows: 24 },
    { kind: "input", at: 0, step: 0, terminal: 1, bytes: "ls\r" },
  ]);
  const { fleet, session, look } = await testPool({ log });
  await session("b/0");
  fleet.workers[0]!.silent = true;
  const viewer = await look("a/0");
  expect(fleet.workers[0]!.restored).toEqual(["a/0"]);
  fleet.workers[0]!.die("by its neighbour");
  await settled();
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ ls\\r\\n$ "']);
  expect(log.sources.get("a/0")!.journal[1]).toMatchObject({ bytes: "ls\r" });
});

test("a session that cannot be built again has failed, and is tried again when somebody looks later", async () => {
  const log = new MemoryLog();
  log.keep("a/0", "one", 1, new Uint8Array([1]));
  const input = { kind: "input", at: 0, step: 0, terminal: 1 } as const;
  log.journal("a/0", 0, [
    { kind: "open", at: 0, step: 0, terminal: 1, cols: 80, rows: 24 },
    { ...input, bytes: "<hangs> 1" },
    { ...input, bytes: "<hangs> 2" },
  ]);
  const { sessions, fleet, clock, look } = await testPool({ log });
  const viewer = await look("a/0");
  await clock.advance(20_000);
  const words =
    "Your cluster could not be built again. It ended its worker each time. " +
    "Your answers and notes are safe, and everything that you did is kept.";
  expect(viewer.take()).toEqual(["rebuilding", `failed: ${words}`]);
  await expect(sessions.grade("a/0", {}, 0)).rejects.toEqual(new SessionError("not-answering", words));
  sessions.input("a/0", 1, "x");
  expect(viewer.take()).toEqual(["refused failed"]);

  expect((await look("a/0")).take()).toEqual([`failed: ${words}`]);
  log.keep("a/0", "one", 1, new Uint8Array([1]));
  await clock.advance(30_000);
  const later = await look("a/0");
  expect(later.take()).toEqual(["rebuilding", "screens"]);
  expect(fleet.of("a/0").restored).toEqual(["a/0"]);
});

test("a lab whose opening ends the worker is tried twice; other sessions go on", async () => {
  const { sessions, fleet, session } = await testPool();
  const viewer = await session("a/0");
  fleet.labs.set("bad", "dies");
  await expect(sessions.open("b/0", "bad", 1)).rejects.toMatchObject({ code: "not-answering" });
  await settled();
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ "']);
  await expect(sessions.open("c/0", "none", 1)).rejects.toEqual(
    new SessionError("unknown-lab", "There is no lab 'none'."),
  );
});

test("workers that die before they are warm are started more and more slowly, and requests hear why", async () => {
  const { sessions, fleet, clock } = await testPool();
  fleet.warm = false;
  for (const worker of fleet.alive) worker.die("killed");
  await settled();
  for (let round = 0; round < 3; round++) {
    for (const worker of fleet.alive) worker.die("SyntaxError in worker.ts");
    await settled();
  }
  await expect(sessions.catalogue()).rejects.toEqual(
    new SessionError("not-answering", "No worker runs: SyntaxError in worker.ts."),
  );
  const before = fleet.workers.length;
  fleet.warm = true;
  await clock.advance(60_000);
  expect(fleet.workers.length).toBeGreaterThan(before);
  expect(sessions.health().map(({ warm }) => warm)).toEqual([true, true]);
  expect((await sessions.catalogue()).labs).toEqual([]);
});

test("sessions under which workers die again and again live apart from the others", async () => {
  const { sessions, fleet, session } = await testPool();
  const bad = await session("bad/0");
  const good = await session("good/0");
  for (let round = 0; round < 2; round++) {
    sessions.input("bad/0", 1, "<dies once>");
    await settled();
  }
  good.take();
  bad.take();
  sessions.input("bad/0", 1, "<dies once>");
  await settled();
  expect(fleet.of("good/0")).not.toBe(fleet.of("bad/0"));
  good.take();
  sessions.input("bad/0", 1, "<dies once>");
  await settled();
  expect(good.take()).toEqual([]);
  expect(bad.take().at(-1)).toContain("screens");
  sessions.close("bad/0");
  await settled();
  expect(fleet.alive.length).toBeLessThanOrEqual(3);
});

test("a closed session is not built again", async () => {
  const { sessions, session } = await testPool();
  await session("a/0");
  const grade = sessions.grade("a/0", {}, 0);
  sessions.close("a/0");
  await expect(grade).rejects.toMatchObject({ code: "unknown-session" });
  expect(() => sessions.view("a/0", new FakeViewer())).toThrow("The session was closed.");
  expect(sessions.health()[0]!.sessions).toBe(0);
});
