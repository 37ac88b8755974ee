import type { Topology } from "../world/index.ts";
import { docker } from "./docker.ts";
import { kubeadmTopology, type KubeadmOptions } from "./kubeadm.ts";
import { linux } from "./linux.ts";

export { BASE, hostAddress, hostNumber, MOST_HOSTS, TASKS_MACHINE } from "./base.ts";
export { RECORDED, RECORDED_TOPOLOGY } from "./recorded/index.ts";

/** A world by name: its topology, and the host that a terminal starts on. */
export interface Preset {
  readonly topology: Topology;
  readonly terminal: string;
}

/** What the parts of a preset's name behind `kubeadm` stand for. They may be combined: `kubeadm-calico-metallb-3node`. */
const PARTS: Readonly<Record<string, KubeadmOptions>> = {
  calico: { cni: "calico" },
  weave: { cni: "weave" },
  nocni: { cni: "none" },
  ipvs: { proxyMode: "ipvs" },
  ingress: { addOns: ["ingress-nginx"] },
  gateway: { addOns: ["gateway"] },
  metallb: { addOns: ["metallb"] },
  "3node": { nodes: 3 },
};

/** The parts in the order in which a name has them; one of each list, or none. */
const ORDER = [["calico", "weave", "nocni"], ["ipvs"], ["ingress"], ["gateway"], ["metallb"], ["3node"]] as const;

const NAMES = ORDER.reduce<readonly string[]>(
  (names, parts) => names.flatMap((name) => [name, ...parts.map((part) => `${name}-${part}`)]),
  ["kubeadm"],
);

/** Worlds with a cluster. */
export const CLUSTER_PRESETS: Readonly<Record<string, Preset>> = Object.fromEntries(
  NAMES.map((name) => {
    const parts = name.split("-").slice(1);
    const addOns = parts.flatMap((part) => PARTS[part]!.addOns ?? []);
    const chosen = Object.assign({}, ...parts.map((part) => PARTS[part]!)) as KubeadmOptions;
    const options = addOns.length > 0 ? { ...chosen, addOns } : chosen;
    return [name, { topology: kubeadmTopology(options), terminal: "controlplane" }];
  }),
);

/** Worlds without one, besides those that transcripts were recorded in. */
export const WORLD_PRESETS: Readonly<Record<string, Preset>> = {
  linux: { topology: linux, terminal: "linux" },
  docker: { topology: docker, terminal: "docker" },
};

/** The worlds that labs begin with. */
export const PRESETS: Readonly<Record<string, Preset>> = { ...CLUSTER_PRESETS, ...WORLD_PRESETS };
