import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { cpu, heapUsed, median, turn, type Bench } from "../../sim/kernel/bench.ts";
import { run, SECOND } from "../../sim/kernel/index.ts";
import { Client } from "../../sim/kube/api/index.ts";
import { deployments, services } from "../../sim/kube/kinds/index.ts";
import { kubeadm } from "../../sim/presets/kubeadm.ts";
import { boot, type World, type WorldCode } from "../../sim/world/index.ts";

/**
 * Side by side with @ngrok/webernetes, the other Kubernetes in JavaScript: the same three replicas behind a Service, each on
 * a clock that is stepped as fast as it goes. Theirs has neither control plane, network nor terminals; ours comes as a
 * session does, by a fork of a world that is booted once for all of a server.
 */
interface Webernetes {
  readonly Cluster: new (options: { nodes: number }) => WebernetesCluster;
  readonly BaseImage: new () => { exec(context: unknown, argv: readonly string[]): Promise<number> };
}

type Schedule = (callback: () => void, milliseconds: number) => number;

interface WebernetesCluster {
  readonly clock: { step(ms: number): void; setTimeout: Schedule; setInterval: Schedule };
  readonly api: {
    appsv1: { readNamespacedDeployment(name: object): Promise<{ status?: { readyReplicas?: number } }> };
  };
  registerImage(image: unknown): void;
  pause(): void;
  init(): Promise<void>;
  apply(objects: readonly object[]): Promise<unknown>;
}

const STEP = 10;
const ROUNDS = 9;
const IDLE_CLUSTERS = 10;
const IDLE_SECONDS = 60;

const LABELS = { app: "web" };
const deployment = (image: string) => ({
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas: 3,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: "web", image, ports: [{ containerPort: 80 }] }] },
    },
  },
});
const service = {
  metadata: { name: "web", namespace: "default" },
  spec: { selector: LABELS, ports: [{ port: 80, targetPort: 80 }] },
};

export function webernetesBenches(code: WorldCode): Bench[] {
  let module: Promise<Webernetes> | undefined;
  let booted: Promise<World> | undefined;
  const theirs = (): Promise<Webernetes> => (module ??= load());
  const warm = (): Promise<World> => (booted ??= boot(code, kubeadm, { seed: 1, turn }));
  return [
    versus("versus.webernetes.cpu", "ms", async () => {
      const [world, webernetes] = [await warm(), await theirs()];
      const [ours, others]: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await ourReplicas(world, round + 1));
        others.push(await theirReplicas(webernetes));
      }
      return [median(ours.slice(3)), median(others.slice(3))];
    }),
    versus("versus.webernetes.heap", "MB", async () => {
      const [world, webernetes] = [await warm(), await theirs()];
      const kept: unknown[] = [world.fork({ seed: 1, resume: true }), await startTheirs(webernetes)];
      const before = heapUsed();
      for (let seed = 2; seed < IDLE_CLUSTERS + 2; seed++) kept.push(world.fork({ seed, resume: true }));
      const between = heapUsed();
      for (let count = 0; count < IDLE_CLUSTERS; count++) kept.push(await startTheirs(webernetes));
      const after = heapUsed();
      if (kept.length !== 2 * IDLE_CLUSTERS + 2) throw new Error("some clusters are gone");
      return [(between - before) / IDLE_CLUSTERS / 2 ** 20, (after - between) / IDLE_CLUSTERS / 2 ** 20];
    }),
    versus("versus.webernetes.timers", "count", async () => {
      const world = (await warm()).fork({ seed: 1, resume: true });
      const until = world.now + IDLE_SECONDS * SECOND;
      let ours = 0;
      for (await world.kernel.drain(); world.kernel.step(until); await world.kernel.drain()) ours++;
      const cluster = await startTheirs(await theirs());
      return [ours / IDLE_SECONDS, (await theirTimers(cluster)) / IDLE_SECONDS];
    }),
  ];
}

/** A row whose value is ours over theirs. */
function versus(name: string, unit: string, both: () => Promise<[ours: number, theirs: number]>): Bench {
  return {
    name,
    unit: "ratio",
    bar: 1,
    async run() {
      const [ours, others] = await both();
      return {
        value: ours / others,
        detail: `ours ${ours.toPrecision(3)} ${unit}, webernetes ${others.toPrecision(3)} ${unit}`,
      };
    },
  };
}

/** Processor time from no session to a Deployment whose three replicas are ready, behind a Service. */
async function ourReplicas(warm: World, seed: number): Promise<number> {
  const before = cpu();
  const world = warm.fork({ seed, resume: true });
  const [cluster] = world.clusters.list();
  const client = new Client(cluster!.api, {
    user: { name: "kubernetes-admin", groups: ["system:masters"] },
    userAgent: "bench",
  });
  client.create(deployments, deployment("nginx:1.27"));
  client.create(services, service);
  const ready = (): boolean => client.get(deployments, "default", "web")?.status.readyReplicas === 3;
  const end = await run(world.kernel, ready, world.now + 60 * SECOND);
  if (end !== "done") throw new Error(`our replicas are not ready: ${end}`);
  return cpu() - before;
}

/** The package's imports name no files, so that it needs a bundler. */
async function load(): Promise<Webernetes> {
  const folder = mkdtempSync(join(tmpdir(), "drydock-webernetes-"));
  try {
    const outfile = join(folder, "webernetes.mjs");
    await build({
      stdin: { contents: 'export { Cluster, BaseImage } from "@ngrok/webernetes";', resolveDir: import.meta.dirname },
      bundle: true,
      format: "esm",
      platform: "node",
      outfile,
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    });
    return (await import(pathToFileURL(outfile).href)) as Webernetes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function startTheirs({ Cluster, BaseImage }: Webernetes): Promise<WebernetesCluster> {
  const cluster = new Cluster({ nodes: 2 });
  class Web extends BaseImage {
    static readonly imageName = "web";
    static readonly imageVersion = "1.0";
    readonly defaultCommand = ["server"];
    override async exec(context: WebernetesContext): Promise<number> {
      context.listenHttp(80, async () => ({ statusCode: 200, body: "hello\n" }));
      return context.waitUntilKilled();
    }
  }
  cluster.registerImage(Web);
  cluster.pause();
  let ready = false;
  const started = cluster.init().then(() => (ready = true));
  await stepUntil(cluster, () => ready);
  await started;
  return cluster;
}

interface WebernetesContext {
  listenHttp(port: number, answer: () => Promise<object>): void;
  waitUntilKilled(): Promise<number>;
}

/** Steps its clock; what happens in a step goes on in promises, which get their turns. */
async function stepUntil(cluster: WebernetesCluster, done: () => boolean): Promise<void> {
  for (let step = 0; !done(); step++) {
    if (step > 60_000 / STEP) throw new Error("webernetes does not get done");
    cluster.clock.step(STEP);
    await turn();
  }
}

async function theirReplicas(webernetes: Webernetes): Promise<number> {
  const before = cpu();
  const cluster = await startTheirs(webernetes);
  let ready = false;
  const objects = [
    { apiVersion: "apps/v1", kind: "Deployment", ...deployment("web:1.0") },
    { apiVersion: "v1", kind: "Service", ...service },
  ];
  const applied = cluster.apply(objects).then(async () => {
    while (!ready) {
      const { status } = await cluster.api.appsv1.readNamespacedDeployment({ name: "web", namespace: "default" });
      ready = status?.readyReplicas === 3;
      if (!ready) await new Promise<void>((resolve) => cluster.clock.setTimeout(resolve, 100));
    }
  });
  await stepUntil(cluster, () => ready);
  await applied;
  return cpu() - before;
}

/** How many of its timers go off while nothing happens. */
async function theirTimers(cluster: WebernetesCluster): Promise<number> {
  const { clock } = cluster;
  let fired = 0;
  const { setTimeout, setInterval } = clock;
  clock.setTimeout = (callback, milliseconds) => setTimeout.call(clock, () => (fired++, callback()), milliseconds);
  clock.setInterval = (callback, milliseconds) => setInterval.call(clock, () => (fired++, callback()), milliseconds);
  for (let span = 0; span < IDLE_SECONDS * 1000; span += STEP) {
    clock.step(STEP);
    await turn();
  }
  return fired;
}
