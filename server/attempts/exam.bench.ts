import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSessions, threadPort, wallClock, type Sessions, type Viewer } from "../sessions/pool/index.ts";
import type { AttemptView } from "../sessions/protocol/index.ts";
import { median, type Bench } from "../sim/kernel/bench.ts";
import { openStore } from "../store/index.ts";
import { createAttempts, createSessionLog, type Attempts } from "./index.ts";

const EXAM = "networking-mock-b";
const WORKERS = 2;
const ROUNDS = 3;

const SILENT = { info() {}, warn() {}, error() {} };
const WORKER = new URL("../sessions/actor/worker.ts", import.meta.url);

interface Round {
  /** Milliseconds of the wall clock from the order until the attempt is there, and of all threads' processor time. */
  readonly open: number;
  readonly openCpu: number;
  /** Until the base has its prompt and all sixteen clusters are there. */
  readonly all: number;
  readonly grade: number;
  readonly gradeCpu: number;
}

let measured: Promise<readonly Round[]> | undefined;

/** An exam of sixteen labs in two real workers: started when its dialog has been read, and graded untouched. */
export function examBenches(): Bench[] {
  const rounds = (): Promise<readonly Round[]> => (measured ??= measure());
  return [
    {
      name: "exam.open",
      unit: "ms",
      bar: 100,
      async run() {
        const [first, ...warm] = await rounds();
        const [cpu, all] = [median(warm.map(({ openCpu }) => openCpu)), median(warm.map((round) => round.all))];
        return {
          value: median(warm.map(({ open }) => open)),
          detail: `processor time ${cpu.toFixed(0)} ms; all 16 clusters after ${all.toFixed(0)} ms; the server's first exam ${first!.open.toFixed(0)} ms`,
        };
      },
    },
    {
      name: "exam.grade",
      unit: "ms",
      bar: 500,
      async run() {
        const [, ...warm] = await rounds();
        const cpu = median(warm.map(({ gradeCpu }) => gradeCpu));
        return { value: median(warm.map(({ grade }) => grade)), detail: `processor time ${cpu.toFixed(0)} ms` };
      },
    },
  ];
}

async function measure(): Promise<readonly Round[]> {
  const folder = mkdtempSync(join(tmpdir(), "drydock-exam-"));
  const store = await openStore(join(folder, "drydock.db"));
  const log = createSessionLog({ store, clock: wallClock, logger: SILENT });
  const spawn = () => threadPort(WORKER, { workerData: { presets: folder } });
  const sessions = createSessions({ workers: WORKERS, spawn, log, clock: wallClock, logger: SILENT });
  const attempts = await createAttempts({
    store,
    sessions,
    log,
    clock: wallClock,
    random: randomBytes,
    logger: SILENT,
  });
  try {
    await warm(sessions);
    const rounds: Round[] = [];
    for (let count = 0; count <= ROUNDS; count++) rounds.push(await round(attempts));
    return rounds;
  } finally {
    await attempts.stop();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

async function round(attempts: Attempts): Promise<Round> {
  await attempts.prepare({ kind: "exam", of: EXAM });
  await quiet();
  const opening = stopwatch();
  const attempt = await attempts.start({ kind: "exam", of: EXAM });
  const open = opening();
  const places = [attempt.base!.part, ...attempt.parts.map(({ part }) => part)];
  await Promise.all(places.map((part) => there(attempts, attempt, part)));
  const all = opening();
  await quiet();
  const grading = stopwatch();
  const report = await attempts.submit(attempt.id);
  const grade = grading();
  const broken = report.parts
    .flatMap(({ report: { results } }) => results)
    .filter(({ outcome }) => outcome === "broke");
  if (broken.length > 0) throw new Error(`${broken[0]!.id}: ${broken[0]!.observed}`);
  return { open: open.wall, openCpu: open.cpu, all: all.wall, grade: grade.wall, gradeCpu: grade.cpu };
}

/** Until a part's cluster is there, or the base's first terminal has its prompt. */
async function there(attempts: Attempts, { id, base }: AttemptView, part: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let shown = "";
  const show = (bytes: string): void => {
    shown += bytes;
    // A screen ends with the modes of its terminal.
    // oxlint-disable-next-line no-control-regex
    if (/[#$] (?:\x1b\[[?\d;]*[a-z])*$/.test(shown)) resolve();
  };
  const viewer: Viewer = {
    screens: (screens) => {
      if (part !== base?.part) resolve();
      screens.forEach(({ bytes }) => show(bytes));
    },
    output: (_, bytes) => show(bytes),
    opened: () => {},
    resized: () => {},
    leads: () => {},
    ended: () => {},
    gone: () => {},
    rebuilding: (state, message) => state === "failed" && reject(new Error(message)),
    topology: () => {},
    refused: (_, message) => reject(new Error(message)),
  };
  const view = await attempts.view(id, part, viewer);
  await promise;
  view.end();
}

function stopwatch(): () => { readonly wall: number; readonly cpu: number } {
  const [wall, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { wall: performance.now() - wall, cpu: (user + system) / 1000 };
  };
}

async function warm(sessions: Sessions): Promise<void> {
  // With the spare one.
  while (sessions.health().filter((worker) => worker.warm).length <= WORKERS) await pause(50);
}

/** Until the workers have nothing to do: what was prepared is there. Clusters that are broken never quite rest. */
async function quiet(): Promise<void> {
  for (let calm = 0, looks = 0; calm < 4 && looks < 40; looks++) {
    const watch = stopwatch();
    await pause(250);
    calm = watch().cpu < 25 ? calm + 1 : 0;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
