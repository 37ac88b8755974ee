import type { Topology } from "../world/index.ts";
import { bare } from "./bare.ts";
import { kubeadm } from "./kubeadm.ts";
import { linux } from "./linux.ts";

/** A world by name: its topology, and the host that a terminal starts on. */
export interface Preset {
  readonly topology: Topology;
  readonly terminal: string;
}

/** Worlds with a cluster. */
export const CLUSTER_PRESETS: Readonly<Record<string, Preset>> = {
  kubeadm: { topology: kubeadm, terminal: "controlplane" },
};

/** Worlds without one. */
export const WORLD_PRESETS: Readonly<Record<string, Preset>> = {
  bare: { topology: bare, terminal: "controlplane" },
  linux: { topology: linux, terminal: "linux" },
};
