/**
 * The door through which kubectl reaches an API server. Whoever provides it opens a socket of the process' host, speaks TLS
 * by the RestConfig, and hands back what the server says; everything above (paths, verbs, words) is kubectl's.
 */
import type { OpenFile, Process } from "../../sim/host/index.ts";
import type { ConnectResult } from "../../sim/net/index.ts";
import type { ImpersonationHeaders } from "../../sim/kube/access/impersonation.ts";
import type { RemoteCommand as KubeletCommand } from "../../sim/kube/kubelet/server/remote-command.ts";
import type { Bytes, Duration, Time } from "../../sim/kernel/index.ts";
import type { JsonObject, Query, Status, WatchEvent } from "../../sim/kube/api/index.ts";

/** Where the server is and who asks: a kubeconfig's context, with all files read. */
export interface RestConfig {
  /** `https://172.30.1.2:6443`, perhaps with a path. */
  readonly server: string;
  readonly insecureSkipTlsVerify: boolean;
  /** The name that the server's certificate is checked for, if not that of the URL. */
  readonly tlsServerName: string;
  /** PEM texts; empty if there are none. */
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  /** Credentials. Those are not sent over plain http. */
  readonly token: string;
  readonly username: string;
  readonly password: string;
  /** `--as`, `--as-uid`, `--as-group`. */
  readonly impersonate: { readonly user: string; readonly uid: string; readonly groups: readonly string[] };
  /** `--request-timeout`; 0 waits for ever. */
  readonly timeout: Duration;
}

export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v1/namespaces/default/pods/web`, below the server's own path. */
  readonly path: string;
  readonly query: Query;
  readonly accept: string;
  /** Empty if there is no body, and for kubectl's PUT of a Scale, which forgets it. */
  readonly contentType: string;
  readonly body: JsonObject | string | undefined;
  /** What the client calls itself, if not kubectl. */
  readonly userAgent?: string;
  /** As whom the call is made, if not as the configuration says. */
  readonly impersonate?: ImpersonationHeaders;
  /** When the caller gives up: the answer is `unreachable` with `context deadline exceeded`, a stream just ends. */
  readonly deadline?: Time;
}

/** What a server answers. Everything stays bound to the process that asked: when it ends, streams end. */
export type ApiReply =
  | {
      readonly kind: "object";
      readonly code: number;
      readonly object: unknown;
      readonly mediaType: string;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "text"; readonly code: number; readonly text: string; readonly mediaType: string }
  | { readonly kind: "watch"; readonly events: Stream<WatchEvent>; readonly warnings: readonly string[] }
  | { readonly kind: "bytes"; readonly chunks: Stream<Bytes> }
  | { readonly kind: "upgrade"; readonly connection: RemoteCommand }
  /** No answer: `dial tcp 172.30.1.2:6443: connect: connection refused`, `tls: failed to verify certificate: x509: …`. */
  | { readonly kind: "unreachable"; readonly why: string };

/** Things that come one by one, until the other side or `stop` ends it. */
export interface Stream<T> extends AsyncIterable<T> {
  stop(): void;
}

export interface ApiTransport {
  request(call: ApiCall): Promise<ApiReply>;
  /** Lets go of connections that are open. */
  close(): void;
}

/** Opens the way to a server in the name of a process. */
export type Connect = (process: Process, config: RestConfig) => ApiTransport;

/** The descriptors of the calling process that a remote process gets as its own; with a terminal they are all that terminal. */
export interface RemoteStreams {
  readonly stdin: OpenFile | undefined;
  readonly stdout: OpenFile | undefined;
  readonly stderr: OpenFile | undefined;
  readonly tty: boolean;
}

/** An exec or attach that the server has agreed to. */
export interface RemoteCommand {
  /**
   * Lets the remote process have the streams and waits for its end. The Status is what the kubelet sends on the error
   * channel: Success, NonZeroExitCode with a cause ExitCode, or what went wrong.
   */
  start(process: Process, streams: RemoteStreams): Promise<Status>;
}

/** The same for a client that is no process of this world, or sits behind a proxy. */
export type OutsideCommand = Pick<KubeletCommand, "serve">;

/** A port-forward that the server has agreed to: connections to ports of a pod, made within it. */
export interface PodPorts {
  connect(port: number): ConnectResult | { readonly error: string };
}
