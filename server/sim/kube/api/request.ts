import type { Bytes, Duration } from "../../kernel/index.ts";
import type { JsonObject } from "./json.ts";
import type { Status } from "./status.ts";

export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** What authenticators know besides: `authentication.kubernetes.io/pod-name`. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Query parameters; one that was given several times has several values. */
export type Query = Readonly<Record<string, readonly string[]>>;

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/**
 * What a client asks. For a path that is no resource, `path` alone counts. `name` is empty for collections,
 * `namespace` for cluster-wide requests. The body is text as it came (JSON or YAML, by `contentType`), or a value
 * that a client of this process made.
 */
export interface ApiRequest {
  readonly verb: Verb;
  readonly path?: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  /** Behind the subresource `proxy`: the path to ask for there, with its slash. */
  readonly proxyPath?: string;
  readonly query: Query;
  readonly accept: string;
  readonly contentType: string;
  readonly userAgent: string;
  readonly user: UserInfo;
  readonly body: string | JsonObject | undefined;
  /** How often the server has asked to come again (see the answer `pending`). */
  readonly attempt?: number;
  /** The client is part of this process: what would make others wait fails at once. */
  readonly hurried?: true;
}

/** Something for a stream to end with: nothing, or what the server says last. */
export type StreamEnd = () => void;

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: unknown;
}

/** A watch that has not begun. Events are delivered one by one, within the write that causes them. */
export interface Watch {
  /** Begins: first what there is to tell from before, then what happens, until either side ends it. */
  start(onEvent: (event: WatchEvent) => void, onEnd: StreamEnd): void;
  stop(): void;
}

/** Bytes that come piece by piece: logs that are followed. */
export interface ByteStream {
  start(onData: (bytes: Bytes) => void, onEnd: StreamEnd): void;
  stop(): void;
}

export type ApiResponse =
  | {
      readonly kind: "object";
      readonly code: number;
      readonly object: unknown;
      readonly mediaType: string;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "text"; readonly code: number; readonly text: string; readonly mediaType: string }
  | { readonly kind: "watch"; readonly watch: Watch; readonly mediaType: string; readonly warnings: readonly string[] }
  | { readonly kind: "bytes"; readonly stream: ByteStream; readonly mediaType: string }
  /** A connection is handed over (exec, attach, port-forward); what it carries is between the handler and the caller. */
  | { readonly kind: "upgrade"; readonly connection: unknown }
  /** The server still works on it, as the real one does when it waits: ask again with `request` after that time. */
  | { readonly kind: "pending"; readonly after: Duration; readonly request: ApiRequest };

/** The first value of a query parameter; empty if it was not given. */
export function parameter(query: Query, name: string): string {
  return query[name]?.[0] ?? "";
}

/** A boolean query parameter as Go's conversion reads it: given without a value is true. */
export function flag(query: Query, name: string): boolean {
  const value = query[name]?.[0];
  return value !== undefined && value !== "false" && value !== "0";
}

export function isFailure(response: ApiResponse): response is ApiResponse & { kind: "object"; object: Status } {
  return response.kind === "object" && response.code >= 400;
}

/** Thrown inside the server where the real one waits a little and looks again. */
export class ComeAgain extends Error {
  readonly after: Duration;

  constructor(after: Duration) {
    super("the request is not done yet");
    this.after = after;
  }
}
