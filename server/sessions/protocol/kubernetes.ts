/**
 * Calls to the Kubernetes API of a session from outside: one call is one HTTP request with its answer, or one connection
 * of exec, attach or port-forward. The main thread numbers them.
 */
import { z } from "zod";

/** Calls of a session are numbered by whoever makes them; a number is not used twice. */
export const ApiCall = z.int().min(1);

/** A request as it came over HTTP, without what only concerns the connection. */
export const OutsideRequest = z.strictObject({
  /** GET, POST, PUT, PATCH or DELETE. */
  method: z.string(),
  /** Path and query, as the API server has them: `/api/v1/pods?limit=500`. */
  url: z.string(),
  /**
   * Those that matter, by lower-case name: accept, content-type, user-agent, authorization, impersonate-*. One that came
   * several times has several values.
   */
  headers: z.record(z.string(), z.array(z.string())),
  /** Text; protobuf as one character a byte. Null if there was none. */
  body: z.string().nullable(),
  /** The client wants to go on with streams (a websocket); only such calls get to exec, attach and port-forward. */
  upgrade: z.boolean(),
});
export type OutsideRequest = z.infer<typeof OutsideRequest>;

/** A stream of a connection: 0, 1, 2 are stdin, stdout, stderr of exec and attach; port-forward's are numbered by the client. */
const Stream = z.int().min(0);

/** What a client sends on a connection. Bytes are one character a byte. */
export const ApiInput = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("data"), stream: Stream, bytes: z.string() }),
  /** Nothing more comes on this stream. */
  z.strictObject({ type: z.literal("end"), stream: Stream }),
  /** A stream is gone: its connection was reset, or nobody reads any more. */
  z.strictObject({ type: z.literal("reset"), stream: Stream }),
  /** The terminal's size. */
  z.strictObject({ type: z.literal("resize"), cols: z.int().min(1).max(65_535), rows: z.int().min(1).max(65_535) }),
  /** A new connection to a port of the Pod. */
  z.strictObject({ type: z.literal("connect"), stream: Stream, port: z.int().min(0).max(65_535) }),
  /** So many bytes of a stream were written to the client. */
  z.strictObject({ type: z.literal("taken"), stream: Stream, bytes: z.int().min(0) }),
]);
export type ApiInput = z.infer<typeof ApiInput>;

/** What a client gets on a connection. */
export const ApiOutput = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("data"), stream: Stream, bytes: z.string() }),
  z.strictObject({ type: z.literal("end"), stream: Stream }),
  z.strictObject({ type: z.literal("reset"), stream: Stream }),
  /** So many bytes of a stream were read in the world. */
  z.strictObject({ type: z.literal("taken"), stream: Stream, bytes: z.int().min(0) }),
  /** Why a port cannot be reached. */
  z.strictObject({ type: z.literal("error"), stream: Stream, message: z.string() }),
  /** How exec or attach ended, a v1.Status. */
  z.strictObject({ type: z.literal("status"), status: z.record(z.string(), z.unknown()) }),
]);
export type ApiOutput = z.infer<typeof ApiOutput>;

const Body = z.instanceof(Uint8Array);

/** What becomes of a call, in order: a head, then chunks or frames, then its end; or `refused` alone. */
export const ApiEvent = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("head"),
    call: ApiCall,
    status: z.int(),
    mediaType: z.string(),
    /** Texts of `Warning` headers. */
    warnings: z.array(z.string()),
    /** All of the body; null if it comes in chunks. */
    body: Body.nullable(),
  }),
  /** Instead of a head: the connection is handed over, frames go both ways. */
  z.strictObject({ type: z.literal("upgraded"), call: ApiCall }),
  z.strictObject({ type: z.literal("chunk"), call: ApiCall, body: Body }),
  z.strictObject({ type: z.literal("frame"), call: ApiCall, frame: ApiOutput }),
  /** Nothing more comes. */
  z.strictObject({ type: z.literal("end"), call: ApiCall }),
  /** Nobody answers: the API server's process does not run. The connection is to be closed without an answer. */
  z.strictObject({ type: z.literal("refused"), call: ApiCall }),
]);
export type ApiEvent = z.infer<typeof ApiEvent>;

/** So many bytes of a connection's stream may be under way, each way, before who sends them waits. */
export const API_WINDOW = 1_048_576;
/** A receiver says what it has taken whenever it is so much. */
export const API_TAKEN = 262_144;

/** Where one's own kubectl finds the cluster of a part: what stands behind `server:` in a kubeconfig. */
export const KubernetesAddress = z.strictObject({ server: z.string() });
export type KubernetesAddress = z.infer<typeof KubernetesAddress>;

/** What whoever makes calls does with one that is under way. After `cut` its events are not heard any more. */
export interface ApiHandle {
  input(frame: ApiInput): void;
  /** So many bytes of chunks were written to the client. */
  taken(bytes: number): void;
  cut(): void;
}

/** The Kubernetes API of one session, wherever it lives. */
export interface ApiPort {
  /** Makes a call. `hear` gets its events, in order, never before this returns. */
  call(asked: OutsideRequest, hear: (event: ApiEvent) => void): ApiHandle;
}
