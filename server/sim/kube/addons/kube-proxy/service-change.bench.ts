import { cpu, median, type Bench } from "../../../kernel/bench.ts";
import { Kernel } from "../../../kernel/index.ts";
import { addNamespace, Network, type Namespace } from "../../../net/index.ts";
import { withDefaults } from "./config.ts";
import { endpointChain, portHash } from "./chain-names.ts";
import { IpvsProxier } from "./ipvs/proxier.ts";
import { localDetector } from "./platform.ts";
import { Proxier } from "./proxier.ts";
import type { ServiceState } from "./service-map.ts";
import { portKey } from "./service-port.ts";

const SERVICES = 5_000;
const ENDPOINTS = 3;
const WARM = 5;
const ROUNDS = 9;

const address = (base: string, number: number): string => `${base}.${(number >> 8) & 255}.${number & 255}`;

/** Service `default/s17` with three endpoints; `moved` gives it others. */
function state(number: number, moved: number): ServiceState {
  const name = `default/s${number}`;
  const endpoints = Array.from({ length: ENDPOINTS }, (_, at) => {
    const ip = address("10.244", number * ENDPOINTS + at + moved);
    const text = `${ip}:80`;
    const chain = endpointChain(name, "tcp", text);
    return {
      ip,
      port: 80,
      text,
      chain,
      local: at === 0,
      ready: true,
      serving: true,
      terminating: false,
      zoneHints: [],
    };
  });
  const facts = { service: name, clusterIP: address("10.96", number + 1), externalIPs: [], loadBalancerVIPs: [], sourceRanges: [], externalLocal: false, internalLocal: false, healthCheckNodePort: 0 }; // prettier-ignore
  return {
    ports: [{ ...facts, name, protocol: "tcp", hash: portHash(name, "tcp"), port: 80, nodePort: 0 }],
    endpoints: new Map([[portKey(name, "tcp"), endpoints]]),
  };
}

function node(): Namespace {
  const kernel = new Kernel({ seed: 1, now: 0, turn: async () => {} });
  const network = new Network(kernel);
  return addNamespace(network, "node");
}

/** What one Service changed among 5,000 costs kube-proxy: from what its informers tell to the rules in force. */
export function serviceChangeBenches(): Bench[] {
  const detector = localDetector(withDefaults({ clusterCIDR: "10.244.0.0/16" }), []);
  const common = {
    masqueradeAll: false,
    detector,
    nodeIP: "192.168.0.2",
    masqueradeMark: 0x4000,
    nodePortAddresses: [],
  };
  const bench = (name: string, make: () => Proxier | IpvsProxier): Bench => ({
    name,
    unit: "ms",
    bar: 50,
    async run() {
      const ns = node();
      const proxier = make();
      for (let number = 0; number < SERVICES; number++) proxier.set(`default/s${number}`, state(number, 0));
      proxier.sync(ns, { full: true, changed: new Set(), cleanup: true });
      const times: number[] = [];
      for (let round = 1; round <= WARM + ROUNDS; round++) {
        const changed = state(round * 100, round);
        const before = cpu();
        proxier.set(`default/s${round * 100}`, changed);
        const { problem } = proxier.sync(ns, {
          full: false,
          changed: new Set([`default/s${round * 100}`]),
          cleanup: false,
        });
        times.push(cpu() - before);
        if (problem !== undefined) throw new Error(`${name}: ${problem}`);
      }
      return median(times.slice(WARM));
    },
  });
  return [
    bench("service.change-5000", () =>
      new Proxier({ ...common, localhostNodePorts: true, conntrackTcpLiberal: false })),
    bench("service.change-5000-ipvs", () => new IpvsProxier({ ...common, scheduler: "rr", excludeCIDRs: [] })),
  ];
}
