import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cpu, median, type Bench } from "../sim/kernel/bench.ts";
import { openStore, type LogBatch, type Store } from "./index.ts";
import { printed, startAttempt, typed } from "./testing.ts";

const SESSIONS = 50;

/** What keeping everything costs: time of the main thread, which also serves everybody's keystrokes, and space. */
export function storeBenches(): readonly Bench[] {
  return [
    { name: "store.append-50", unit: "ms", bar: 2, run: appendFifty },
    { name: "store.attempt", unit: "MB", bar: 2, run: weighAttempt },
  ];
}

/** Main thread's processor time for what 50 sessions that are typed in bring every 250 ms. */
function appendFifty(): Promise<number> {
  return inFolder(async (file) => {
    const store = await openStore(file);
    const times: number[] = [];
    for (let round = 0; round < 300; round++) {
      const batch = roundOf(round);
      const before = cpu();
      await store.appendLog(batch);
      times.push(cpu() - before);
    }
    await store.close();
    return median(times.slice(100));
  });
}

/** Everybody types one key, and a tenth sees a command's output. */
function roundOf(round: number): LogBatch {
  const sessions = Array.from({ length: SESSIONS }, (_, number) => `AAAAAAAAAAAAAA${10 + number}/0`);
  return {
    journal: sessions.map((session) => ({ session, seq: round, entry: typed("k") })),
    output: sessions.map((session, number) =>
      printed(session, round * 1_000, (round + number) % 10 === 0 ? "x".repeat(800) : "k"),
    ),
  };
}

/** What an attempt of 120 typed commands takes on the disk, without the world's snapshot (0.13 MB). */
function weighAttempt(): Promise<number> {
  return inFolder(async (file) => {
    await (await openStore(file)).close();
    const empty = statSync(file).size;
    const store = await openStore(file);
    const attempts = 5;
    for (let number = 0; number < attempts; number++) await work(store, `AAAAAAAAAAAAAAA${number}`);
    await store.close();
    return (statSync(file).size - empty) / attempts / 1_000_000;
  });
}

async function work(store: Store, attempt: string): Promise<void> {
  await startAttempt(store, attempt);
  const session = `${attempt}/0`;
  let seq = 0;
  let offset = 0;
  for (let command = 0; command < 120; command++) {
    for (const key of "kubectl get pods -A -owide\r") {
      await store.appendLog({
        journal: [{ session, seq: seq++, entry: typed(key) }],
        output: [printed(session, offset++, key)],
      });
    }
    await store.appendLog({ journal: [], output: [printed(session, offset, "x".repeat(1_200))] });
    offset += 1_200;
  }
}

async function inFolder(run: (file: string) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "drydock-bench-"));
  try {
    return await run(join(folder, "drydock.db"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
