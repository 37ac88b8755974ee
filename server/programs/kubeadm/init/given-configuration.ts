import { DAY, type Duration } from "../../../sim/kernel/index.ts";
import type { ClusterParameters } from "../../../sim/kube/kubeadm/index.ts";

/** A bootstrap token that init is to make. */
export interface InitToken {
  readonly token: string;
  /** 0: it lasts for ever. */
  readonly ttl: Duration;
  readonly description?: string | undefined;
  readonly usages: readonly string[];
  readonly groups: readonly string[];
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** What flags or a file say, before kubeadm adds what it finds out itself. */
export interface GivenConfiguration {
  readonly cluster: Partial<Omit<ClusterParameters, "version" | "controlPlane" | "seed" | "created">>;
  readonly version?: string | undefined;
  readonly nodeName?: string | undefined;
  readonly address?: string | undefined;
  readonly taints?: readonly Taint[] | undefined;
  readonly tokens: readonly (Omit<InitToken, "token"> & { readonly token?: string | undefined })[];
  readonly certificateKey?: string | undefined;
  readonly ignoredErrors: readonly string[];
  readonly skippedPhases: readonly string[];
}

export const DEFAULT_TOKEN: Omit<InitToken, "token"> = {
  ttl: DAY,
  usages: ["signing", "authentication"],
  groups: ["system:bootstrappers:kubeadm:default-node-token"],
};
