import type { AddOn, NetworkAddOn } from "../kube/addons/manifests/index.ts";

/** A network card of a machine. */
export interface InterfaceSpec {
  readonly name: string;
  /** The network that it is plugged into. */
  readonly network: string;
  /** `172.30.1.2/24`, the first of them the primary one. */
  readonly addresses: readonly string[];
}

export interface MachineSpec {
  readonly name: string;
  /** `ubuntu24`, `debian12`, or `appliance`: a machine that nobody logs in to. */
  readonly profile: string;
  readonly cpus: number;
  /** In KiB. */
  readonly memory: number;
  readonly interfaces: readonly InterfaceSpec[];
  /** `down` leaves lo as the kernel makes it. */
  readonly loopback?: "down";
  /** The default gateway's address. */
  readonly gateway?: string;
  readonly nameservers?: readonly string[];
  /** Forwards packets between its cards. */
  readonly router?: boolean;
  /** Prefixes for which it drops packets without a word, unless a card of its own has them. */
  readonly blackholes?: readonly string[];
  /** Addresses of its own beside those of its cards, on lo. */
  readonly ownAddresses?: readonly string[];
  /** What is installed beside what its profile has. */
  readonly packages?: readonly "docker"[];
  /** Units that are started when it boots, in order. */
  readonly units?: readonly string[];
  /** Daemons of an appliance, which has no files to start them from. */
  readonly daemons?: readonly string[];
}

export interface ClusterSpec {
  readonly name: string;
  /** `v1.33.1`. */
  readonly version: string;
  readonly controlPlane: string;
  readonly workers: readonly string[];
  readonly podSubnet: string;
  readonly serviceSubnet: string;
  /** The network add-on that is installed, if any. */
  readonly cni: NetworkAddOn;
  /** What is installed besides, once all nodes are there. */
  readonly addOns?: readonly AddOn[];
  /** kube-proxy's mode; its own default if missing. */
  readonly proxyMode?: "iptables" | "ipvs";
}

/** Everything that a world is made of, as data. */
export interface Topology {
  /** Networks by name, with the time that a packet takes through them, one way, in nanoseconds. */
  readonly networks: readonly { readonly name: string; readonly latency: number }[];
  readonly machines: readonly MachineSpec[];
  readonly clusters: readonly ClusterSpec[];
}
