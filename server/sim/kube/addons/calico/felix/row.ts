import type { RunningProcess } from "../../../cluster/cluster.ts";
import type { StaticConfig } from "./static-rules.ts";

/** What felix is told when it starts. */
export interface FelixOptions {
  /** The Node that it works for (FELIX_FELIXHOSTNAME). */
  readonly node: string;
  /** What the names of Pods' interfaces begin with (FELIX_INTERFACEPREFIX). */
  readonly prefix: string;
  /** FELIX_DEFAULTENDPOINTTOHOSTACTION; the manifest says ACCEPT. */
  readonly endpointToHost: StaticConfig["endpointToHost"];
  /** A kubeconfig; without one it uses what its Pod was given. */
  readonly kubeconfig?: string;
}

/** A felix that runs: plain data in table `felix`, by machine and pid. */
export interface FelixRow extends RunningProcess, FelixOptions {
  /** The cluster whose API server it has found. */
  readonly cluster?: string;
  /** It has seen all objects once and keeps the rules from now on. */
  readonly inSync: boolean;
  /** The way to the API server is lost: it knows what it knew then. */
  readonly behind: boolean;
  /** The event that will write what has changed. */
  readonly applying?: number;
}
