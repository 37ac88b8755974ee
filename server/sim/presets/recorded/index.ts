import type { Topology, World } from "../../world/index.ts";
import { controlPlaneProcesses, nextPid } from "./control-plane.ts";
import { KUBE_NODE_SCRIPT } from "./kube-node.ts";
import { KUBE_PROXY_RULES } from "./kube-proxy-rules.ts";
import { RED_BLUE_SCRIPT, V_NET_SCRIPT } from "./namespaces.ts";
import { node, NODE_SCRIPT } from "./node.ts";
import { pod, POD_SCRIPT, type PodOptions } from "./pod.ts";
import { MACHINE } from "./wiring.ts";

/** Runs a script as root on the machine; it must succeed. */
export type RunScript = (script: string) => Promise<void>;

/** A world that transcripts of real tools were recorded in (golden/worlds). */
export type Arrange = (world: World, run: RunScript) => Promise<void> | void;

/** Its pids in transcripts start here; those below are chosen. */
const FIRST_PID = 20_000;
const LO = "ip link set lo up\n";

/** The machine of all of them, as the kernel makes it: with lo, which is down. */
export const RECORDED_TOPOLOGY: Topology = {
  networks: [],
  machines: [{ name: MACHINE, profile: "debian12", cpus: 2, memory: 2_048_000, interfaces: [], loopback: "down" }],
  clusters: [],
};

const inPod =
  (options: PodOptions = {}): Arrange =>
  async (world, run) => {
    await run(LO);
    pod(world, options);
    await run(POD_SCRIPT);
  };

const onNode =
  (...scripts: readonly string[]): Arrange =>
  async (world, run) => {
    node(world, { ipv6: false });
    await run(LO + NODE_SCRIPT);
    for (const script of scripts) await run(script);
  };

const kubeNode = (script: string, restore: string): Arrange =>
  onNode(script, `${restore} <<'EOF'\n${KUBE_PROXY_RULES}EOF\n`);

const ARRANGEMENTS: Readonly<Record<string, Arrange>> = {
  raw: () => {},
  bare: (_, run) => run(LO),
  redblue: (_, run) => run(LO + RED_BLUE_SCRIPT),
  node: async (world, run) => {
    await run(LO);
    node(world, { ipv6: true });
    await run(NODE_SCRIPT);
  },
  node4: onNode(),
  "v-net": onNode(V_NET_SCRIPT),
  "kube-node": kubeNode(KUBE_NODE_SCRIPT, "iptables-restore"),
  "kube-node-legacy": kubeNode(":", "iptables-legacy-restore"),
  controlplane: async (world, run) => {
    await onNode()(world, run);
    controlPlaneProcesses(world);
  },
  pod: inPod(),
  nodns: inPod({ nameserver: "10.244.9.9", options: " timeout:1 attempts:2" }),
  refuseddns: inPod({ nameserver: "10.244.2.10" }),
  bbpod128: inPod({ busybox: "1.28.4" }),
  bbpod135: inPod({ busybox: "1.35.0" }),
  bbpod136: inPod({ busybox: "1.36.1" }),
};

/** By name, how the worlds of recordings come from the bare machine. */
export const RECORDED: Readonly<Record<string, Arrange>> = Object.fromEntries(
  Object.entries(ARRANGEMENTS).map(([name, arrange]): [string, Arrange] => [
    name,
    async (world, run) => {
      world.network.loadModule(MACHINE, "br_netfilter");
      world.hosts.machine(MACHINE).host.files.mkdir("/run/lab", { parents: true });
      await arrange(world, run);
      nextPid(world, FIRST_PID);
    },
  ]),
);
