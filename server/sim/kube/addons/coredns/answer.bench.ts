import { cpu, median, turn, type Bench } from "../../../kernel/bench.ts";
import { decodeDns, dnsQuery, encodeDns, exchangeDatagram, hostNamespace } from "../../../net/index.ts";
import { kubeadm } from "../../../presets/kubeadm.ts";
import { boot, type WorldCode } from "../../../world/index.ts";

const WARM = 3_000;
const ROUNDS = 9;
const QUESTIONS = 200;

/** A node asks CoreDNS for a Service through its ClusterIP: the question's way, the answer, and the way back. */
export function dnsBench(code: WorldCode): Bench {
  return {
    name: "dns.answer",
    unit: "ms",
    bar: 0.1,
    async run() {
      const world = await boot(code, kubeadm, { seed: 1, turn });
      const ns = hostNamespace(world.hosts.machine("controlplane").host);
      let port = 20_000;
      const ask = (): void => {
        const id = port & 0xffff;
        const query = encodeDns(dnsQuery(id, "kubernetes.default.svc.cluster.local", "A"));
        const spec = { to: "10.96.0.10", port: 53, from: { port: port++ }, uid: 0, tracing: false };
        const [answer] = exchangeDatagram(ns, spec, query).answers;
        if (!answer || decodeDns(answer.bytes)?.answers.length !== 1) throw new Error("dns.answer: no answer");
      };
      for (let count = 0; count < WARM; count++) ask();
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const before = cpu();
        for (let count = 0; count < QUESTIONS; count++) ask();
        times.push((cpu() - before) / QUESTIONS);
      }
      return median(times);
    },
  };
}
