import type { LabelSelector, NetworkPolicyPeer, NetworkPolicyPort } from "../api/index.ts";

/** A small cluster as plain data: what the generator draws, the stand builds and the oracle judges. */
export interface ReachWorld {
  readonly namespaces: readonly { readonly name: string; readonly labels: Labels }[];
  readonly pods: readonly ReachPod[];
  readonly services: readonly ReachService[];
  readonly policies: readonly ReachPolicy[];
}

export type Labels = Readonly<Record<string, string>>;

export type Protocol = "TCP" | "UDP" | "SCTP";

export interface ReachPod {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly labels: Labels;
  readonly hostNetwork: boolean;
  /** Ports that its containers name. */
  readonly ports: readonly { readonly name: string; readonly containerPort: number; readonly protocol: Protocol }[];
  /** Its process has ended: it has lost its address, which nobody has now. */
  readonly finished: boolean;
}

export interface ReachService {
  readonly name: string;
  readonly namespace: string;
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer";
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
  readonly targetPort: number;
  readonly nodePort: number;
  readonly clusterIP: string;
  readonly externalTrafficPolicy: "Cluster" | "Local";
  readonly internalTrafficPolicy: "Cluster" | "Local";
  /** Numbers of Pods, and whether each is ready. */
  readonly endpoints: readonly { readonly pod: number; readonly ready: boolean }[];
}

export interface ReachPolicy {
  readonly name: string;
  readonly namespace: string;
  readonly podSelector: LabelSelector;
  readonly policyTypes?: readonly ("Ingress" | "Egress")[];
  readonly ingress?: readonly {
    readonly from?: readonly NetworkPolicyPeer[];
    readonly ports?: readonly NetworkPolicyPort[];
  }[];
  readonly egress?: readonly {
    readonly to?: readonly NetworkPolicyPeer[];
    readonly ports?: readonly NetworkPolicyPort[];
  }[];
}

/** Who sends, and to what. */
export interface Probe {
  readonly from: Source;
  readonly to: Target;
}

export type Source =
  | { readonly kind: "pod"; readonly pod: number }
  | { readonly kind: "node"; readonly node: string }
  | { readonly kind: "outside" };

export type Target =
  | { readonly kind: "pod"; readonly pod: number; readonly protocol: Protocol; readonly port: number }
  | { readonly kind: "service"; readonly service: number }
  | { readonly kind: "nodePort"; readonly service: number; readonly node: string };

export const NODES = ["controlplane", "node01"] as const;
export const OUTSIDE = "172.30.1.200";
/** A Pod listens on these for TCP; all others are closed, and so are those of UDP. */
export const OPEN_PORTS: readonly number[] = [80, 8080];

export function nodeAddress(node: string): string {
  return `172.30.1.${2 + NODES.indexOf(node as (typeof NODES)[number])}`;
}

/** Pods' addresses are of their nodes' parts, by their numbers. */
export function podAddress(world: ReachWorld, pod: number): string {
  const { node, hostNetwork } = world.pods[pod]!;
  return hostNetwork ? nodeAddress(node) : `10.244.${NODES.indexOf(node as never)}.${10 + pod}`;
}
