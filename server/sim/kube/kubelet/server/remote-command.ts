import type { OpenFile, Process } from "../../../host/index.ts";
import type { Status } from "../../api/index.ts";
import type { OutsideClient, OutsideInput } from "./outside.ts";

/** The descriptors of the calling process that a remote process gets as its own; with a terminal they are all that terminal. */
export interface RemoteStreams {
  readonly stdin: OpenFile | undefined;
  readonly stdout: OpenFile | undefined;
  readonly stderr: OpenFile | undefined;
  readonly tty: boolean;
}

/** An exec or attach that the kubelet has agreed to: the `connection` of the API's answer `upgrade`. */
export interface RemoteCommand {
  /**
   * Lets the remote process have the streams, and waits for its end in the name of the calling process. The Status is what
   * the kubelet sends on the error channel.
   */
  start(process: Process, streams: RemoteStreams): Promise<Status>;
  /** The same for a client that is no process of this world. It may have ended when this returns. */
  serve(client: OutsideClient): OutsideInput;
}

const FAILURE = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure" } as const;

/** How a command ended (kubelet/pkg/cri/streaming/remotecommand/exec.go). */
export function exitStatus(code: number): Status {
  if (code === 0) return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 200 };
  return {
    ...FAILURE,
    reason: "NonZeroExitCode",
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
    code: 500,
  };
}

export function commandFailed(why: string): Status {
  const message = `Internal error occurred: Internal error occurred: ${why}`;
  return { ...FAILURE, reason: "InternalError", message, details: { causes: [{ message: why }] }, code: 500 };
}
