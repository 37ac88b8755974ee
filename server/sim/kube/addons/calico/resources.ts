import type { KubeObject } from "../../api/index.ts";
import type { Resource } from "../access/api-client.ts";

export const CALICO_GROUP = "crd.projectcalico.org";

const calico = (resource: string): Resource => ({ group: CALICO_GROUP, version: "v1", resource });
const core = (resource: string): Resource => ({ group: "", version: "v1", resource });

export const IP_POOLS = calico("ippools");
export const IPAM_BLOCKS = calico("ipamblocks");
export const IPAM_HANDLES = calico("ipamhandles");
export const BLOCK_AFFINITIES = calico("blockaffinities");
export const CLUSTER_INFORMATIONS = calico("clusterinformations");
export const FELIX_CONFIGURATIONS = calico("felixconfigurations");
export const KUBE_CONTROLLERS_CONFIGURATIONS = calico("kubecontrollersconfigurations");
export const NODES = core("nodes");
export const PODS = core("pods");
export const CONFIG_MAPS = core("configmaps");
export const SERVICE_ACCOUNTS = core("serviceaccounts");

type Mode = "Always" | "CrossSubnet" | "Never";

export interface IpPool extends KubeObject {
  readonly spec: {
    readonly cidr: string;
    readonly blockSize?: number;
    readonly ipipMode?: Mode;
    readonly vxlanMode?: Mode;
    readonly natOutgoing?: boolean;
    readonly disabled?: boolean;
    readonly disableBGPExport?: boolean;
    readonly nodeSelector?: string;
    readonly allowedUses?: readonly string[];
    readonly assignmentMode?: string;
  };
}

/** Who has which address of a block: `attributes` by the numbers in `allocations`. */
export interface BlockSpec {
  readonly cidr: string;
  /** `host:node01` */
  readonly affinity?: string;
  readonly allocations: readonly (number | null)[];
  readonly attributes: readonly BlockAttribute[];
  readonly unallocated: readonly number[];
  readonly strictAffinity: boolean;
  readonly deleted: boolean;
  readonly sequenceNumber: number;
  readonly sequenceNumberForAllocation: Readonly<Record<string, number>>;
}

export interface BlockAttribute {
  readonly handle_id: string;
  readonly secondary: Readonly<Record<string, string>>;
}

export interface IpamBlock extends KubeObject {
  readonly spec: BlockSpec;
}

export interface IpamHandle extends KubeObject {
  readonly spec: {
    readonly handleID: string;
    readonly block: Readonly<Record<string, number>>;
    readonly deleted: boolean;
  };
}

export interface BlockAffinity extends KubeObject {
  readonly spec: {
    readonly cidr: string;
    readonly node: string;
    readonly state: "pending" | "confirmed" | "pendingDeletion";
    readonly deleted: string;
    readonly type?: string;
  };
}

export interface ClusterInformation extends KubeObject {
  readonly spec: {
    readonly datastoreReady?: boolean;
    readonly clusterGUID?: string;
    readonly clusterType?: string;
    readonly calicoVersion?: string;
  };
}

/** Annotations of Nodes. */
export const NODE_ADDRESS = "projectcalico.org/IPv4Address";
export const NODE_IPIP_ADDRESS = "projectcalico.org/IPv4IPIPTunnelAddr";
export const NODE_VXLAN_ADDRESS = "projectcalico.org/IPv4VXLANTunnelAddr";
