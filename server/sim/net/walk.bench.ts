import { median, turn, type Bench } from "../kernel/bench.ts";
import { Client } from "../kube/api/index.ts";
import { nodes, pods, services } from "../kube/kinds/index.ts";
import { kubeadm } from "../presets/kubeadm.ts";
import { boot, type World, type WorldCode } from "../world/index.ts";
import { address, tcpPacket, walk, type Namespace } from "./index.ts";

const WARM = 6_000;
const ROUNDS = 9;
const WALKS = 200;
const SYN = 0x02;

interface Scene {
  readonly world: World;
  /** A Pod on the worker; CoreDNS, which listens on port 53, is on the other node. */
  readonly from: Namespace;
  readonly pod: string;
  readonly service: string;
}

async function makeScene(code: WorldCode): Promise<Scene> {
  const world = await boot(code, kubeadm, { seed: 1, turn });
  const [cluster] = world.clusters.list();
  const admin = new Client(cluster!.api, {
    user: { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] },
    userAgent: "bench",
  });
  const worker = admin.list(nodes).find(({ metadata }) => metadata.name !== "controlplane")!.metadata.name;
  admin.create(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "from", namespace: "default" },
    spec: { nodeName: worker, containers: [{ name: "pause", image: "registry.k8s.io/pause:3.10" }] },
  });
  await world.settle();
  const address = (name: string): string => admin.get(pods, "default", name)?.status.podIP ?? "";
  const from = namespaceOf(world, address("from"));
  const dns = admin.list(pods).filter(({ metadata }) => metadata.labels?.["k8s-app"] === "kube-dns");
  const other = dns.find(({ spec }) => spec.nodeName !== worker);
  const service = admin.get(services, "kube-system", "kube-dns")?.spec.clusterIP;
  if (!from || dns.length !== 2 || !other?.status.podIP || service === undefined)
    throw new Error("the preset has no two DNS servers, or the Pod does not run");
  return { world, from, pod: other.status.podIP, service };
}

function namespaceOf({ network }: World, address: string): Namespace | undefined {
  for (const { id } of network.namespaces.values()) {
    const ns = network.namespace(id);
    for (const rows of ns.addresses.values()) if (rows.some(({ local }) => local === address)) return ns;
  }
  return undefined;
}

/** What it costs to carry one SYN from a Pod to a Pod on another node, and through a Service of two endpoints; no trace is kept. */
export function walkBenches(code: WorldCode): Bench[] {
  let made: Promise<Scene> | undefined;
  const scene = (): Promise<Scene> => (made ??= makeScene(code));
  const bench = (name: string, to: "pod" | "service", bar?: number): Bench => ({
    name,
    unit: "µs",
    ...(bar === undefined ? {} : { bar }),
    async run() {
      const { world, from, ...targets } = await scene();
      const ns = world.fork().network.namespace(from.id);
      const [src, dst] = [address(addressOf(from)), address(targets[to])];
      let sport = 20_000;
      const syn = (): void => {
        const packet = tcpPacket(SYN);
        Object.assign(packet, { src, dst, sport: sport++, dport: 53, ttl: 64 });
        const { verdict } = walk(ns, packet, { tracing: false, answers: false });
        if (verdict !== "delivered") throw new Error(`${name}: ${verdict}`);
      };
      for (let count = 0; count < WARM; count++) syn();
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const before = process.threadCpuUsage();
        for (let count = 0; count < WALKS; count++) syn();
        const { user, system } = process.threadCpuUsage(before);
        times.push((user + system) / WALKS);
      }
      return median(times);
    },
  });
  return [bench("walk.pod-pod", "pod", 50), bench("walk.nat", "service")];
}

function addressOf(ns: Namespace): string {
  for (const rows of ns.addresses.values())
    for (const { local } of rows) if (!local.includes(":") && !local.startsWith("127.")) return local;
  throw new Error(`${ns.id} has no address`);
}
