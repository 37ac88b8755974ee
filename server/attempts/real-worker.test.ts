import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSessions, threadPort, wallClock, type WorkerPort } from "../sessions/pool/index.ts";
import type { Screen } from "../sessions/protocol/index.ts";
import { FakeViewer, QuietLogger } from "../sessions/pool/testing.ts";
import { openStore, type Store } from "../store/index.ts";
import { createAttempts, createSessionLog, type Attempts } from "./index.ts";

const LAB = "lost-endpoints";
const workers: WorkerPort[] = [];
let store: Store;
let attempts: Attempts;

async function server(): Promise<Attempts> {
  const logger = new QuietLogger();
  const log = createSessionLog({ store, clock: wallClock, logger });
  const spawn = (): WorkerPort => {
    const port = threadPort(new URL("../sessions/actor/worker.ts", import.meta.url));
    workers.push(port);
    return port;
  };
  const sessions = createSessions({ workers: 1, spawn, log, clock: wallClock, logger });
  return createAttempts({ store, sessions, log, clock: wallClock, random: randomBytes, logger });
}

/** A viewer that knows what its first terminal has shown since its last screens. */
class Watcher extends FakeViewer {
  shown = "";
  screensSeen = 0;
  #wake: () => void = () => {};

  override screens(screens: readonly Screen[]): void {
    this.screensSeen++;
    this.shown = screens.map((screen) => screen.bytes).join("");
    this.#wake();
  }

  override output(terminal: number, bytes: string): void {
    super.output(terminal, bytes);
    this.shown += bytes;
    this.#wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

async function watch(id: string): Promise<Watcher> {
  const viewer = new Watcher();
  viewer.view = await attempts.view(id, 0, viewer);
  return viewer;
}

beforeAll(async () => {
  store = await openStore(":memory:");
  attempts = await server();
});

afterAll(async () => {
  await attempts.stop();
  await store.close();
});

test(
  "a lab in a real worker: typed, killed, rebuilt with everything, stopped, gone on with, put back, graded",
  { timeout: 180_000 },
  async () => {
    expect((await attempts.catalogue()).labs.map((lab) => lab.id)).toContain(LAB);
    const { id } = await attempts.start({ kind: "lab", of: LAB, seed: 3 });
    const viewer = await watch(id);
    await viewer.until(() => viewer.shown.endsWith("# "));
    attempts.input(id, 0, 1, "name=remembered; cd /tmp; echo $((6 * 7))\r");
    await viewer.until(() => /42\r\n.*# $/s.test(viewer.shown));
    attempts.resize(id, 0, 1, 100, 30);
    const before = viewer.screensSeen;

    workers[0]!.terminate();
    await viewer.until(() => viewer.screensSeen > before);
    expect(viewer.shown).toContain("42");
    attempts.input(id, 0, 1, "echo $name $PWD $COLUMNS\r");
    await viewer.until(() => viewer.shown.includes("remembered /tmp 100"));

    await attempts.stop();
    attempts = await server();
    const later = await watch(id);
    await later.until(() => later.shown.includes("remembered /tmp 100"));
    attempts.input(id, 0, 1, "echo again $name\r");
    await later.until(() => later.shown.includes("again remembered"));
    const cast = await attempts.recording(id, 0, 1);
    expect(cast.split("\n").filter((line) => line.includes("remembered /tmp 100")).length).toBe(1);

    await attempts.reset(id, 0);
    expect((await attempts.get(id)).parts[0]!.touched).toBe(false);
    const anew = await watch(id);
    await anew.until(() => anew.shown.endsWith("# "));
    expect(anew.shown).not.toContain("remembered");
    attempts.input(id, 0, 1, "echo [$name] $PWD\r");
    await anew.until(() => anew.shown.includes("[] /root"));
    const { journal } = (await store.source(`${id}/0~1`))!;
    expect(journal.some((entry) => entry.kind === "input" && entry.bytes.startsWith("name=remembered"))).toBe(true);

    const report = await attempts.submit(id);
    expect(report).toMatchObject({
      final: true,
      reason: "submitted",
      parts: [{ lab: LAB, report: { settled: true, seed: 3 } }],
    });
    // A world that was kept is graded as it was when it lived.
    const { first, again } = await attempts.management.regrade(id, "Ada");
    expect(first).toEqual(report);
    expect(again).toMatchObject([{ by: "Ada", report: { percent: report.percent } }]);
    expect(again[0]!.report.parts).toEqual(first.parts);
    expect((await attempts.health()).workers).toMatchObject([{ sessions: 0 }, { sessions: 0 }]);
  },
);
