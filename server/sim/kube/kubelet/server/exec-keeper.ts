import type { ExitStatus } from "../../../host/index.ts";
import type { Containerd } from "../cri/runtime.ts";

/** Who holds the connection to a command that runs for a client: the kubelet, or the runtime itself for crictl. */
export interface ExecKeeper {
  readonly runtime: Containerd;
  /** The event that tells it of a command's end: `{ machine, exec, status }`. */
  readonly execEvent: string;
  /** Numbers a command. */
  nextExec(): number;
  /** Waits for a command's end; undefined if the keeper ends before. Returns what ends the wait. */
  onExecEnd(exec: number, wake: (status: ExitStatus | undefined) => void): () => void;
}
