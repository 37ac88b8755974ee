import type { Topology } from "../world/index.ts";
import { docker } from "./docker.ts";
import { kubeadmTopology, type KubeadmOptions } from "./kubeadm.ts";
import { linux } from "./linux.ts";

export { RECORDED, RECORDED_TOPOLOGY } from "./recorded/index.ts";

/** A world by name: its topology, and the host that a terminal starts on. */
export interface Preset {
  readonly topology: Topology;
  readonly terminal: string;
}

/** What the parts of a preset's name behind `kubeadm` stand for. They may be combined: `kubeadm-calico-3node`. */
const PARTS: Readonly<Record<string, KubeadmOptions>> = {
  calico: { cni: "calico" },
  weave: { cni: "weave" },
  nocni: { cni: "none" },
  ipvs: { proxyMode: "ipvs" },
  "3node": { nodes: 3 },
};

/** The combinations, in the order of the parts: one network add-on, kube-proxy's mode, and the number of nodes. */
const NAMES = ["", "-calico", "-weave", "-nocni"].flatMap((cni) =>
  ["", "-ipvs"].flatMap((proxy) => ["", "-3node"].map((nodes) => `kubeadm${cni}${proxy}${nodes}`)),
);

/** Worlds with a cluster. */
export const CLUSTER_PRESETS: Readonly<Record<string, Preset>> = Object.fromEntries(
  NAMES.map((name) => {
    const parts = name.split("-").slice(1);
    const options = Object.assign({}, ...parts.map((part) => PARTS[part]!)) as KubeadmOptions;
    return [name, { topology: kubeadmTopology(options), terminal: "controlplane" }];
  }),
);

/** Worlds without one, besides those that transcripts were recorded in. */
export const WORLD_PRESETS: Readonly<Record<string, Preset>> = {
  linux: { topology: linux, terminal: "linux" },
  docker: { topology: docker, terminal: "docker" },
};
