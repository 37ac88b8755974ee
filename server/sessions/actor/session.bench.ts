import { cpu, heapUsed, median, turn, type Bench } from "../../sim/kernel/bench.ts";
import { MINUTE, pass, run } from "../../sim/kernel/index.ts";
import { ROOT } from "../../sim/host/index.ts";
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

/** A session with 100 Pods of a Deployment, and one beside. */
async function openHundred(warm: World): Promise<{ world: World; terminal: Terminal }> {
  const session = await open(warm, 1);
  await type(session.world, session.terminal, "kubectl run one --image=nginx");
  await type(session.world, session.terminal, "kubectl create deployment web --image=nginx --replicas=100");
  await type(session.world, session.terminal, "kubectl rollout status deployment web");
  return session;
}

async function atPrompt(world: World, terminal: Terminal): Promise<void> {
  const end = await run(world.kernel, () => terminal.waitingFor?.what === "command", world.now + 60_000_000);
  if (end !== "done") throw new Error(`no prompt: ${end}`);
}

async function type(world: World, terminal: Terminal, line: string): Promise<void> {
  terminal.type(`${line}\n`);
  await atPrompt(world, terminal);
}

/** Milliseconds of this thread's processor time for a line: the median of the last third of the rounds of so many lines. */
async function costOf(world: World, terminal: Terminal, line: string, lines: number, rounds = 60): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.threadCpuUsage();
    for (let count = 0; count < lines; count++) await type(world, terminal, line);
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1000 / lines);
  }
  return median(times.slice((rounds * 2) / 3));
}

/** A manifest as people write them: 20 ConfigMaps, 15 Services, 15 Deployments. */
const FIFTY = [
  ...numbered(20, (n) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `config-${n}` },
    data: { key: "value" },
  })),
  ...numbered(15, (n) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `web-${n}` },
    spec: { selector: { app: `web-${n}` }, ports: [{ port: 80, targetPort: 8080 }] },
  })),
  ...numbered(15, (n) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `web-${n}` },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: `web-${n}` } },
      template: {
        metadata: { labels: { app: `web-${n}` } },
        spec: { containers: [{ name: "web", image: "nginx:1.27", ports: [{ containerPort: 80 }] }] },
      },
    },
  })),
]
  .map((object) => JSON.stringify(object))
  .join("\n---\n");

function numbered(count: number, make: (number: number) => object): object[] {
  return Array.from({ length: count }, (_, index) => make(index + 1));
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
        const before = heapUsed();
        for (let seed = 1; seed <= SESSIONS; seed++) kept.push(await open(world, seed));
        const used = heapUsed() - before;
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
      name: "shell.pipe6",
      unit: "ms",
      bar: 2,
      async run() {
        const { world, terminal } = await open(await warm(), 1);
        return costOf(world, terminal, "seq 100 | grep 1 | sort -r | uniq | head -5 | wc -l", 10);
      },
    },
    {
      name: "shell.loop20k",
      unit: "ms",
      bar: 250,
      async run() {
        const { world, terminal } = await open(await warm(), 1);
        return costOf(world, terminal, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo $i", 1, 9);
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
    {
      name: "kubectl.get-100",
      unit: "ms",
      bar: 5,
      async run() {
        const { world, terminal } = await openHundred(await warm());
        return costOf(world, terminal, "kubectl get pods", 5);
      },
    },
    {
      name: "kubectl.describe-pod",
      unit: "ms",
      bar: 5,
      async run() {
        const { world, terminal } = await openHundred(await warm());
        return costOf(world, terminal, "kubectl describe pod one", 5);
      },
    },
    {
      name: "kubectl.complete",
      unit: "ms",
      bar: 5,
      async run() {
        const { world, terminal } = await openHundred(await warm());
        // Tab behind the start of 100 names; then the line is thrown away.
        return costOf(world, terminal, "kubectl describe pod web-\t\x15", 5);
      },
    },
    {
      name: "kubectl.apply-50",
      unit: "ms",
      bar: 50,
      async run() {
        const times: number[] = [];
        for (let seed = 1; seed <= 30; seed++) {
          const { world, terminal } = await open(await warm(), seed);
          world.hosts.machine("controlplane").host.files.write("/root/fifty.yaml", FIFTY, { mode: 0o644 }, ROOT);
          const before = cpu();
          await type(world, terminal, "kubectl apply -f fifty.yaml");
          times.push(cpu() - before);
        }
        // A server that is in use has compiled this code.
        return median(times.slice(15));
      },
    },
  ];
}
