import type { Topology } from "../world/index.ts";
import { docker } from "./docker.ts";
import { kubeadm } from "./kubeadm.ts";
import { kubeadmIpvs } from "./kubeadm-ipvs.ts";
import { linux } from "./linux.ts";

export { RECORDED, RECORDED_TOPOLOGY } from "./recorded/index.ts";

/** A world by name: its topology, and the host that a terminal starts on. */
export interface Preset {
  readonly topology: Topology;
  readonly terminal: string;
}

/** Worlds with a cluster. */
export const CLUSTER_PRESETS: Readonly<Record<string, Preset>> = {
  kubeadm: { topology: kubeadm, terminal: "controlplane" },
  "kubeadm-ipvs": { topology: kubeadmIpvs, terminal: "controlplane" },
};

/** Worlds without one, besides those that transcripts were recorded in. */
export const WORLD_PRESETS: Readonly<Record<string, Preset>> = {
  linux: { topology: linux, terminal: "linux" },
  docker: { topology: docker, terminal: "docker" },
};
