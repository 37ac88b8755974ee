import { cpu, median, type Bench, type Measured } from "../../kernel/bench.ts";
import { address, connect, tcpPacket, walk, type Namespace } from "../../net/index.ts";
import { listen } from "../../net/testing.ts";
import { networkPolicies } from "../kinds/index.ts";
import { Stand } from "./stand.ts";

const ROUNDS = 5;
const APPS = 10;
/** As many as the network of a node's Pods has room for. */
const OF_A_BLOCK = 200;

interface BenchPod {
  readonly app: number;
  readonly address: string;
  readonly ns: Namespace;
}

/** Pods of ten apps on two nodes, felix on each; kube-proxy has no Services. */
async function podsOn(count: number): Promise<{ stand: Stand; pods: BenchPod[] }> {
  const stand = Stand.create(2);
  const pods = Array.from({ length: count }, (_, at) => {
    const node = at % 2;
    const nth = at >> 1;
    const address = `10.${244 + Math.floor(nth / OF_A_BLOCK)}.${node}.${10 + (nth % OF_A_BLOCK)}`;
    const name = stand.nodeNames[node]!;
    const app = at % APPS;
    const ns = stand.addPod({ name: `p${at}`, node: name, labels: { app: `a${app}` } }, address);
    listen(ns, 80);
    return { app, address, ns };
  });
  await stand.startFelix();
  return { stand, pods };
}

/** Each app lets in itself and the next one. */
function chainOfApps(stand: Stand): void {
  for (let app = 0; app < APPS; app++)
    stand.client.create(networkPolicies, {
      metadata: { name: `p${app}`, namespace: "default" },
      spec: {
        podSelector: { matchLabels: { app: `a${app}` } },
        ingress: [
          {
            from: [app, (app + 1) % APPS].map((at) => ({ podSelector: { matchLabels: { app: `a${at}` } } })),
            ports: [{ port: 80 }],
          },
        ],
      },
    });
}

const SYN = 0x02;
/** What decides is the fate of a connection's first packet. */
const FIRST_ONLY = { tracing: false, answers: false };

/** Whether each of a hundred Pods reaches each: ten policies on two nodes decide. */
async function matrix(): Promise<number> {
  const { stand, pods } = await podsOn(100);
  chainOfApps(stand);
  await stand.pass(1);
  const times: number[] = [];
  let count = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpu();
    let wrong = 0;
    for (const from of pods)
      for (const to of pods) {
        const packet = tcpPacket(SYN);
        Object.assign(packet, { dst: address(to.address), sport: 20_000 + (count++ % 40_000), dport: 80 });
        const open = from === to || from.app === to.app || from.app === (to.app + 1) % APPS;
        if ((walk(from.ns, packet, FIRST_ONLY).verdict === "delivered") !== open) wrong++;
      }
    times.push(cpu() - before);
    if (wrong > 0) throw new Error(`matrix.100: ${wrong} pairs are not as the policies say`);
    await stand.pass(1);
  }
  return median(times);
}

/** Until a change of a policy that is for a thousand Pods stands in the tables of both nodes; beside it what its first day costs. */
async function change(): Promise<Measured> {
  const { stand, pods } = await podsOn(1000);
  chainOfApps(stand);
  await stand.pass(1);
  const [to, , from] = pods as [BenchPod, BenchPod, BenchPod];
  const reaches = (): boolean => {
    const { outcome, connection } = connect(from.ns, { to: to.address, port: 80, tracing: false });
    connection?.close();
    return outcome === "connected";
  };
  const costOf = async (work: () => void): Promise<number> => {
    const before = cpu();
    work();
    await stand.pass(0.1);
    return cpu() - before;
  };
  const created = await costOf(() =>
    stand.client.create(networkPolicies, {
      metadata: { name: "everybody", namespace: "default" },
      spec: { podSelector: {}, ingress: onPort(81) },
    }),
  );
  const times: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const port = round % 2 === 0 ? 80 : 81;
    const spec = { ingress: onPort(port) };
    times.push(
      await costOf(() =>
        stand.client.patch(networkPolicies, { name: "everybody", namespace: "default" }, "merge-patch+json", { spec }),
      ),
    );
    if (reaches() !== (port === 80)) throw new Error("policy.change-1000: the policy is not in force");
    await stand.pass(1);
  }
  return { value: median(times), detail: `${Math.round(created)} ms for a new policy for all of them` };
}

function onPort(port: number) {
  return [{ from: [{ podSelector: {} }], ports: [{ port }] }];
}

export function reachBenches(): Bench[] {
  return [
    { name: "matrix.100", unit: "ms", bar: 1000, run: matrix },
    { name: "policy.change-1000", unit: "ms", bar: 20, run: change },
  ];
}
