import { cpu, median, turn, type Bench } from "../kernel/bench.ts";
import { Client } from "../kube/api/index.ts";
import { deployments } from "../kube/kinds/index.ts";
import { boot, type Topology, type WorldCode } from "../world/index.ts";
import { kubeadm } from "./kubeadm.ts";

const PODS = 100;
const ROUNDS = 5;
/** The first ones are the warm-up of the machine that compiles this code. */
const WARM = 6;

/** The usual world with a second worker: one node takes 110 Pods at most, and those of the system are some of them. */
function withTwoWorkers(topology: Topology): Topology {
  const node01 = topology.machines.find(({ name }) => name === "node01")!;
  const [card] = node01.interfaces;
  const interfaces = [{ ...card!, addresses: ["172.30.2.3/24"] }];
  return {
    ...topology,
    machines: [...topology.machines, { ...node01, name: "node02", interfaces }],
    clusters: topology.clusters.map((cluster) => ({ ...cluster, workers: ["node01", "node02"] })),
  };
}

/** A Deployment of a hundred Pods on two workers, from its creation until all are ready, in processor time. */
export function deployHundred(code: WorldCode): Bench {
  return {
    name: "deploy.100",
    unit: "ms",
    bar: 500,
    async run() {
      const world = await boot(code, withTwoWorkers(kubeadm), { seed: 1, turn });
      const times: number[] = [];
      for (let round = 0; round < WARM + ROUNDS; round++) {
        const fork = world.fork();
        const [cluster] = fork.clusters.list();
        const admin = new Client(cluster!.api, {
          user: { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] },
          userAgent: "bench",
        });
        const labels = { app: "web" };
        const before = cpu();
        admin.create(deployments, {
          metadata: { name: "web", namespace: "default" },
          spec: {
            replicas: PODS,
            selector: { matchLabels: labels },
            template: {
              metadata: { labels },
              spec: { containers: [{ name: "nginx", image: "nginx:1.27" }] },
            },
          },
        });
        await fork.settle();
        times.push(cpu() - before);
        const { availableReplicas } = admin.get(deployments, "default", "web")!.status;
        if (availableReplicas !== PODS)
          throw new Error(`deploy.100: only ${availableReplicas ?? 0} Pods are available`);
      }
      return median(times.slice(WARM));
    },
  };
}
