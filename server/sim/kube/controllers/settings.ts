import { DAY, SECOND, type Duration } from "../../kernel/index.ts";

/** What the flags of kube-controller-manager decide. Asked anew whenever it matters. */
export interface ControllerManagerSettings {
  /** `--controllers`: `*` for those that are on by default, `name` for on, `-name` for off. */
  readonly controllers: readonly string[];
  /** `--allocate-node-cidrs` and `--cluster-cidr`: nodes get a part of these ranges, one of each family. */
  readonly allocateNodeCidrs: boolean;
  readonly clusterCidrs: readonly string[];
  /** `--node-cidr-mask-size-ipv4` (also `--node-cidr-mask-size`) and `-ipv6`. */
  readonly nodeCidrMaskSize: { readonly ipv4: number; readonly ipv6: number };
  /** The text of `--root-ca-file`, for the ConfigMap kube-root-ca.crt; without it nobody gets one. */
  readonly rootCa?: string;
  /** `--use-service-account-credentials`: each loop is a user of its own. */
  readonly serviceAccountCredentials: boolean;
  /** The text of `--service-account-private-key-file`, for the tokens of Secrets; without it they get none. */
  readonly signingKey?: string;
  /** `--cluster-signing-cert-file` and `-key-file`, read when something is signed; nothing is without them. */
  readonly signingFiles?: { readonly certificate: string; readonly key: string };
  /** `--cluster-signing-duration` */
  readonly signingDuration: Duration;
  /** `--node-monitor-grace-period` and `--node-startup-grace-period`. */
  readonly nodeMonitorGracePeriod: Duration;
  readonly nodeStartupGracePeriod: Duration;
  /** `--node-eviction-rate`: nodes of a zone that get evicting taints, per second. */
  readonly nodeEvictionRate: number;
  /** `--secondary-node-eviction-rate`, `--unhealthy-zone-threshold`, `--large-cluster-size-threshold`: when many are down. */
  readonly secondaryNodeEvictionRate: number;
  readonly unhealthyZoneThreshold: number;
  readonly largeClusterSize: number;
  /** `--terminated-pod-gc-threshold`; 0 for never. */
  readonly terminatedPodThreshold: number;
}

/** The defaults of the flags, and what kubeadm sets (cmd/kubeadm/app/phases/controlplane/manifests.go). */
export const KUBEADM_CONTROLLER_SETTINGS: ControllerManagerSettings = {
  controllers: ["*", "bootstrapsigner", "tokencleaner"],
  allocateNodeCidrs: true,
  clusterCidrs: ["10.244.0.0/16"],
  serviceAccountCredentials: true,
  nodeCidrMaskSize: { ipv4: 24, ipv6: 64 },
  signingDuration: 365 * DAY,
  nodeMonitorGracePeriod: 50 * SECOND,
  nodeStartupGracePeriod: 60 * SECOND,
  nodeEvictionRate: 0.1,
  secondaryNodeEvictionRate: 0.01,
  unhealthyZoneThreshold: 0.55,
  largeClusterSize: 50,
  terminatedPodThreshold: 12_500,
};
