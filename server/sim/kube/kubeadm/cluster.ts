import ipaddr from "ipaddr.js";
import { SECOND, type Time } from "../../kernel/index.ts";
import { KeyRing, type Keys } from "../pki/index.ts";
import type { YamlObject } from "./yaml.ts";

/** A machine of a cluster. */
export interface NodeParameters {
  readonly name: string;
  /** The address that the kubelet registers and, on the control plane, that the API server advertises. */
  readonly address: string;
}

/** What a cluster is made from: what an admin would write into kubeadm's configuration, and when. */
export interface ClusterParameters {
  /** `v1.33.1`. */
  readonly version: string;
  readonly controlPlane: NodeParameters;
  /** Gives keys, serial numbers and the token: another one for each cluster of a world. */
  readonly seed: number;
  /** When `kubeadm init` made the certificates. */
  readonly created: Time;
  readonly podSubnet?: string;
  readonly serviceSubnet?: string;
  readonly dnsDomain?: string;
  readonly clusterName?: string;
  /** `name:port` that stands in all kubeconfigs in place of the advertised address. */
  readonly controlPlaneEndpoint?: string;
  /** More names and addresses for the API server's certificate. */
  readonly certSANs?: readonly string[];
  /** What the kubelets hand to Pods that use the node's DNS; undefined where no systemd-resolved runs. */
  readonly resolvConf?: string | undefined;
  /** KubeProxyConfiguration's `mode`; left open if missing. */
  readonly proxyMode?: string | undefined;
  readonly bindPort?: number;
  readonly certificatesDir?: string;
  readonly imageRepository?: string;
  /** Where etcd keeps its data. */
  readonly dataDir?: string;
  readonly criSocket?: string;
  readonly extraArgs?: Readonly<Partial<Record<Component, readonly ExtraArg[]>>>;
  /** What a configuration file says beside kubeadm's choices, as objects of YAML. */
  readonly componentConfigs?: ComponentConfigs;
  /** The keys of the cluster: `ring.within(name)` if several clusters share a ring; else those of the seed. */
  readonly keys?: Keys;
}

export type Component = "etcd" | "apiServer" | "controllerManager" | "scheduler";

/** A flag of a component beside kubeadm's own, or in place of one of them. */
export interface ExtraArg {
  readonly name: string;
  readonly value: string;
}

/** Documents of a configuration file for the components that kubeadm configures. */
export interface ComponentConfigs {
  readonly kubelet?: YamlObject | undefined;
  readonly kubeProxy?: YamlObject | undefined;
}

/** The parameters with kubeadm's defaults, and what follows from them. */
export interface Cluster {
  readonly version: string;
  readonly release: Release;
  readonly controlPlane: NodeParameters;
  readonly seed: number;
  readonly created: Time;
  /** Empty: kubeadm was not told of one. */
  readonly podSubnet: string;
  readonly serviceSubnet: string;
  readonly dnsDomain: string;
  readonly clusterName: string;
  readonly controlPlaneEndpoint: string | undefined;
  readonly certSANs: readonly string[];
  readonly resolvConf: string | undefined;
  readonly proxyMode: string;
  readonly bindPort: number;
  readonly certificatesDir: string;
  readonly imageRepository: string;
  readonly dataDir: string;
  readonly criSocket: string;
  readonly extraArgs: Readonly<Partial<Record<Component, readonly ExtraArg[]>>>;
  readonly componentConfigs: ComponentConfigs;
  readonly keys: Keys;
  /** `https://172.30.1.2:6443`. */
  readonly server: string;
  /** The first address of the service subnet: Service kubernetes. */
  readonly apiServiceAddress: string;
  /** The tenth address of the service subnet: Service kube-dns. */
  readonly dnsAddress: string;
}

/** What belongs to a version of Kubernetes (cmd/kubeadm/app/constants, and what the deb packages depend on). */
export interface Release {
  readonly minor: string;
  readonly etcd: string;
  readonly coreDns: string;
  readonly pause: string;
}

const RELEASES: readonly Release[] = [{ minor: "v1.33", etcd: "3.5.21-0", coreDns: "v1.12.0", pause: "3.10" }];

export const API_PORT = 6443;
export const PKI = "/etc/kubernetes/pki";
export const IMAGES = "registry.k8s.io";
export const ETCD_DATA = "/var/lib/etcd";
export const CRI_SOCKET = "unix:///var/run/containerd/containerd.sock";

/** How long after the certificates other things come to be, as in the transcripts of facts/node.md 1.1 and 4.4. */
export const KUBELET_STARTS = 1 * SECOND;
export const TOKEN_IS_MADE = 20 * SECOND;

export function resolveCluster(parameters: ClusterParameters): Cluster {
  const { version, controlPlane, seed, created } = parameters;
  const release = releaseOf(version);
  if (!release) throw new Error(`drydock: kubeadm ${version} is not simulated`);
  const serviceSubnet = parameters.serviceSubnet ?? "10.96.0.0/12";
  const endpoint = parameters.controlPlaneEndpoint;
  const bindPort = parameters.bindPort ?? API_PORT;
  return {
    version,
    release,
    controlPlane,
    seed,
    created,
    podSubnet: parameters.podSubnet ?? "10.244.0.0/16",
    serviceSubnet,
    dnsDomain: parameters.dnsDomain ?? "cluster.local",
    clusterName: parameters.clusterName ?? "kubernetes",
    controlPlaneEndpoint: endpoint,
    certSANs: parameters.certSANs ?? [],
    resolvConf: "resolvConf" in parameters ? parameters.resolvConf : "/run/systemd/resolve/resolv.conf",
    proxyMode: parameters.proxyMode ?? "",
    bindPort,
    certificatesDir: parameters.certificatesDir ?? PKI,
    imageRepository: parameters.imageRepository ?? IMAGES,
    dataDir: parameters.dataDir ?? ETCD_DATA,
    criSocket: parameters.criSocket ?? CRI_SOCKET,
    extraArgs: parameters.extraArgs ?? {},
    componentConfigs: parameters.componentConfigs ?? {},
    keys: parameters.keys ?? new KeyRing(seed),
    server: `https://${endpoint ?? hostPort(controlPlane.address, bindPort)}`,
    apiServiceAddress: addressInSubnet(serviceSubnet, 1),
    dnsAddress: addressInSubnet(serviceSubnet, 10),
  };
}

/** What the world has of a version; undefined if it has nothing. */
export function releaseOf(version: string): Release | undefined {
  return RELEASES.find(({ minor }) => version.startsWith(`${minor}.`));
}

/** `172.30.1.2:6443` or `[fd00::2]:6443`. */
export function hostPort(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${String(port)}`;
}

export function isIPv6(address: string): boolean {
  return address.includes(":");
}

/** The n-th address of a subnet, as k8s.io/utils/net GetIndexedIP. */
function addressInSubnet(subnet: string, n: number): string {
  const [address, length] = ipaddr.parseCIDR(subnet);
  const bytes = address.toByteArray();
  for (let bit = length; bit < bytes.length * 8; bit++) bytes[bit >> 3]! &= ~(0x80 >> (bit & 7));
  for (let at = bytes.length - 1, carry = n; carry > 0 && at >= 0; at--) {
    carry += bytes[at]!;
    bytes[at] = carry & 0xff;
    carry >>= 8;
  }
  return ipaddr.fromByteArray(bytes).toString();
}
