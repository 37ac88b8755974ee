import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { median, type Bench } from "../sim/kernel/bench.ts";
import type { AttemptView } from "../sessions/protocol/index.ts";
import { SocketClient } from "./testing.ts";

const TYPISTS = 50;
/** Milliseconds between two keys of somebody who types without haste. */
const KEY_EVERY = 200;
const TYPING = 20_000;
const STARTS = 12;
const LAB = "lost-endpoints";

/** What somebody who works on a lab types, over and over. */
const LINES = [
  "kubectl get pods -A",
  "kubectl -n shop get endpoints",
  "ip route",
  "ls -l /etc/kubernetes",
  "echo done",
];

/** What sessions run that mean no good, or went wrong: each in an attempt of its own, beside people who type. */
const HOSTILE = [
  "while :; do :; done",
  "yes > /dev/null",
  "while :; do echo x; done",
  ":(){ :|:& };:",
  "f() { f | f & }; f; while :; do ls -R / > /dev/null; done",
];
const NEIGHBOURS = 10;

/** What learners feel over real websockets. The server is a process of its own; its learners are in this one. */
export function socketBenches(): Bench[] {
  return [
    {
      name: "echo.p99-50",
      unit: "ms",
      bar: 10,
      run: () =>
        withServer(async (server) => {
          const typists: Typist[] = [];
          for (let count = 0; count < TYPISTS; count++) typists.push(await Typist.start(server.address));
          const end = performance.now() + TYPING;
          const waits = await Promise.all(
            typists.map((typist, number) => typist.work(number, (KEY_EVERY * number) / TYPISTS, end)),
          );
          for (const typist of typists) typist.leave();
          const sorted = waits.flat().toSorted((a, b) => a - b);
          return sorted[Math.floor(sorted.length * 0.99)]!;
        }),
    },
    {
      name: "hostile.p99",
      unit: "ms",
      bar: 50,
      run: () =>
        withServer(async (server) => {
          const workers = await workersOf(server.address);
          for (const line of HOSTILE) await (await Typist.start(server.address)).leaveRunning(line);
          const typists: Typist[] = [];
          for (let count = 0; count < NEIGHBOURS; count++) typists.push(await Typist.start(server.address));
          const end = performance.now() + TYPING;
          const waits = await Promise.all(
            typists.map((typist, number) => typist.work(number, (KEY_EVERY * number) / NEIGHBOURS, end)),
          );
          for (const typist of typists) typist.leave();
          // A worker that was replaced answers soon enough, but not with what ran in it.
          const now = await workersOf(server.address);
          if (!workers.every((worker) => now.includes(worker)))
            throw new Error("a worker did not answer and was replaced");
          const sorted = waits.flat().toSorted((a, b) => a - b);
          return sorted[Math.floor(sorted.length * 0.99)]!;
        }),
    },
    {
      name: "attempt.start",
      unit: "ms",
      bar: 500,
      run: () =>
        withServer(async (server) => {
          const times: number[] = [];
          for (let count = 0; count < STARTS; count++) {
            const before = performance.now();
            const typist = await Typist.start(server.address);
            times.push(performance.now() - before);
            typist.leave();
          }
          return median(times);
        }),
    },
  ];
}

/** Somebody with a lab of their own, in one terminal. */
class Typist {
  readonly #client: SocketClient;

  constructor(client: SocketClient) {
    this.#client = client;
  }

  /** Starts the lab, connects, and waits for the prompt. */
  static async start(address: string): Promise<Typist> {
    const response = await fetch(`${address}api/attempts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ kind: "lab", of: LAB }),
    });
    if (response.status !== 201) throw new Error(`attempt not started: ${await response.text()}`);
    const { id } = (await response.json()) as AttemptView;
    const client = new SocketClient(`${address.replace("http", "ws")}api/attempts/${id}/socket`);
    await client.opened();
    client.tell({ type: "attach", part: 0 });
    const typist = new Typist(client);
    await client.heard(() => typist.#atPrompt);
    return typist;
  }

  /** Types until `end`; how long each key took to be seen, in milliseconds. `number` and `phase` make people differ. */
  async work(number: number, phase: number, end: number): Promise<number[]> {
    const waits: number[] = [];
    let next = performance.now() + phase;
    for (let line = number; ; line++) {
      for (const key of LINES[line % LINES.length]!) {
        await sleep(Math.max(0, next - performance.now()));
        if (performance.now() > end) return waits;
        waits.push(await this.#echoOf(key));
        next += KEY_EVERY;
      }
      this.#client.printed.clear();
      this.#client.type(0, 1, "\r");
      await this.#client.heard(() => this.#atPrompt);
      next = Math.max(next, performance.now()) + KEY_EVERY;
    }
  }

  /** Types a line that does not end, and leaves it to itself. */
  async leaveRunning(line: string): Promise<void> {
    this.#client.type(0, 1, `${line}\r`);
    await sleep(1000);
    this.leave();
  }

  leave(): void {
    this.#client.socket.close();
  }

  async #echoOf(key: string): Promise<number> {
    this.#client.printed.clear();
    const before = performance.now();
    this.#client.type(0, 1, key);
    await this.#client.heard(() => this.#client.printed.get("0/1")?.includes(key));
    return performance.now() - before;
  }

  /** The screen, or what came after it, ends in a prompt. */
  get #atPrompt(): boolean {
    const drawn = this.#client.messages.find(({ type }) => type === "screens");
    if (drawn?.type !== "screens") return false;
    const screen = Buffer.from(drawn.terminals[0]?.screen ?? "", "base64").toString("latin1");
    return /[#$] (\x1b\[[\d;?]*[a-zA-Z])*$/.test(this.#client.printed.get("0/1") ?? screen);
  }
}

/** A `drydock serve` of its own, with its workers warm. */
async function withServer<T>(use: (server: { readonly address: string }) => Promise<T>): Promise<T> {
  const data = mkdtempSync(join(tmpdir(), "drydock-bench-"));
  const child = spawn(process.execPath, [CLI, "serve", "--port", "0", "--data", data], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, DRYDOCK_LOG: "warn" },
  });
  try {
    const address = await ready(child);
    while (!(await isWarm(address))) await sleep(100);
    return await use({ address });
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
    rmSync(data, { recursive: true, force: true });
  }
}

const CLI = join(import.meta.dirname, "../cli.ts");

async function ready(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const address = /^Drydock is ready: (\S+)$/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error("the server did not start");
}

interface Health {
  readonly workers: readonly { readonly worker: number; readonly warm: boolean }[];
}

async function healthOf(address: string): Promise<Health> {
  return (await (await fetch(`${address}healthz`)).json()) as Health;
}

async function isWarm(address: string): Promise<boolean> {
  const { workers } = await healthOf(address);
  return workers.length > 0 && workers.every(({ warm }) => warm);
}

/** The numbers of its workers: one that is replaced has another. */
async function workersOf(address: string): Promise<readonly number[]> {
  return (await healthOf(address)).workers.map(({ worker }) => worker);
}
