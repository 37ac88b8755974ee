import { SECOND, type Duration, type Time } from "../../kernel/index.ts";
import type { KubeletSettings } from "./config/settings.ts";

/** A kubelet that runs: what its process knows, besides its Pods. Plain data, forgotten when the process ends. */
export interface KubeletRow {
  readonly pid: number;
  readonly nodeName: string;
  readonly startedAt: Time;
  readonly kubeconfig: string | undefined;
  readonly settings: KubeletSettings;
  readonly nodeIp: string | undefined;
  readonly nodeLabels: Readonly<Record<string, string>>;
  /** The cluster whose API server it has found, and whether the way there is open. */
  readonly cluster?: string;
  readonly connected: boolean;
  /** How often it has looked for the API server in vain, since it was last there. */
  readonly failures: number;
  /** It has no certificate yet and asks for one. */
  readonly bootstrap?: Bootstrap | undefined;
  readonly registered?: true;
  /** When it last wrote its node's status. */
  readonly reportedAt?: Time;
  /** What it last told of the runtime. */
  readonly unready?: string;
  readonly nextToken: number;
  /** Something in their directory has changed: they are going to be read. */
  readonly manifestsChanged?: boolean;
  /** The next look at manifests that are wrong. */
  readonly manifestTimer?: number | null;
  /** Running Pods whose objects no source has shown yet are not touched before all sources have spoken. */
  readonly sourcesReady: boolean;
}

/** How a kubelet comes by its first certificate. */
export interface Bootstrap {
  /** The kubeconfig with a bootstrap token. */
  readonly kubeconfig: string;
  /** The CertificateSigningRequest that it has made, and the key of it as a PEM. */
  readonly request?: string;
  readonly key?: string;
  readonly tries: number;
}

/** nodeStatusUpdateFrequency */
export const TICK: Duration = 10 * SECOND;

export const EVENTS = {
  /** A Pod's worker looks at it: `{ machine, uid }`; with `found`, not before it would anyway. */
  sync: "kubelet/sync",
  /** An answer of the runtime to a Pod's worker: `{ machine, uid, token, part?, outcome }`. */
  done: "kubelet/done",
  /** The directory of manifests has changed: `{ machine }`. */
  manifests: "kubelet/manifests",
  /** It looks for its API server: `{ machine, pid }`. */
  connect: "kubelet/connect",
  /** It asks for its first certificate: `{ machine, pid }`. */
  bootstrap: "kubelet/bootstrap",
  /** Every ten seconds, periodic: `{ machine, pid }`. */
  tick: "kubelet/tick",
  /** Every minute: are its chains still in the tables? `{ machine, pid }` */
  chains: "kubelet/chains",
  /** A probe is due: `{ machine, key }`; the command of one has ended: with `container, outcome`. */
  probe: "kubelet/probe",
  probed: "kubelet/probed",
  /** The node's own status may have changed: `{ machine }`. */
  node: "kubelet/node",
  /** Objects that volumes show have changed: `{ machine, uid }`. */
  remount: "kubelet/remount",
  /** Have volumes with a limit grown beyond it? `{ machine, uid }` */
  sizes: "kubelet/sizes",
  /** A command that runs for a client has ended: `{ machine, exec, pid, status }`. */
  execEnded: "kubelet/exec-ended",
} as const;
