import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { median, turn, type Bench } from "../../sim/kernel/bench.ts";
import { MINUTE, pass, run } from "../../sim/kernel/index.ts";
import { boot, type World, type WorldCode } from "../../sim/world/index.ts";
import { kubeadm } from "../../sim/presets/kubeadm.ts";
import { Terminal } from "./terminal.ts";

const SESSIONS = 200;
const IDLE = 3 * MINUTE;

/** A session as learners get it: a fork of a warm world, with a terminal at its prompt. */
async function open(warm: World, seed: number): Promise<{ world: World; terminal: Terminal }> {
  const world = warm.fork({ seed, resume: true });
  const { host } = world.hosts.machine("controlplane");
  const terminal = new Terminal(world, host, host.users.byName("root")!, { cols: 120, rows: 40, display: () => {} });
  await atPrompt(world, terminal);
  return { world, terminal };
}

async function atPrompt(world: World, terminal: Terminal): Promise<void> {
  const end = await run(world.kernel, () => terminal.waitingFor?.what === "command", world.now + 60_000_000);
  if (end !== "done") throw new Error(`no prompt: ${end}`);
}

async function type(world: World, terminal: Terminal, line: string): Promise<void> {
  terminal.type(`${line}\n`);
  await atPrompt(world, terminal);
}

/** Milliseconds of this thread's processor time for a line: the median of some rounds of so many lines, once it is warm. */
async function costOf(world: World, terminal: Terminal, line: string, lines: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    const before = process.threadCpuUsage();
    for (let count = 0; count < lines; count++) await type(world, terminal, line);
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1000 / lines);
  }
  return median(times.slice(40));
}

/** What sessions cost: to open, in memory, in timers, and for a line. */
export function sessionBenches(code: WorldCode): Bench[] {
  let booted: Promise<World> | undefined;
  const warm = (): Promise<World> => (booted ??= boot(code, kubeadm, { seed: 1, turn }));
  return [
    {
      name: "session.open",
      unit: "ms",
      bar: 50,
      async run() {
        const world = await warm();
        const times: number[] = [];
        for (let seed = 1; seed <= 12; seed++) {
          const before = performance.now();
          await open(world, seed);
          times.push(performance.now() - before);
        }
        return median(times);
      },
    },
    {
      name: "session.heap",
      unit: "MB",
      bar: 2,
      async run() {
        const world = await warm();
        await open(world, 1);
        const kept: unknown[] = [];
        const before = heap();
        for (let seed = 1; seed <= SESSIONS; seed++) kept.push(await open(world, seed));
        const used = heap() - before;
        return used / kept.length / 2 ** 20;
      },
    },
    {
      name: "session.idle-timers",
      unit: "count",
      bar: 0,
      async run() {
        const { world } = await open(await warm(), 1);
        // What the typing has set going comes to rest; then nothing may be planned for any time.
        await pass(world.kernel, world.now + IDLE);
        return world.kernel.events().length;
      },
    },
    {
      name: "shell.echo",
      unit: "ms",
      bar: 0.1,
      async run() {
        const { world, terminal } = await open(await warm(), 1);
        return costOf(world, terminal, "echo hello", 50);
      },
    },
    {
      name: "kubectl.get",
      unit: "ms",
      bar: 2,
      async run() {
        const { world, terminal } = await open(await warm(), 1);
        return costOf(world, terminal, "kubectl get pods -A", 5);
      },
    },
  ];
}

let collect: (() => void) | undefined;

/** Bytes on the heap after a full collection. */
function heap(): number {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  return process.memoryUsage().heapUsed;
}
