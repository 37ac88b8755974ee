import type { DaemonProcess } from "../../host/index.ts";
import type { Caller } from "../../host/index.ts";
import { decode, type Bytes, type Duration } from "../../kernel/index.ts";
import type { Context } from "../../net/index.ts";
import type { Location, NginxConfig, Server } from "./config.ts";
import { field, type RawRequest } from "./read-request.ts";
import type { Scope } from "./scope.ts";

/** What of a connection a request may ask for. */
export interface Connection {
  readonly self: DaemonProcess;
  readonly config: NginxConfig;
  readonly context: Context;
  /** Its number since nginx started: `*1` in the log. */
  readonly number: number;
  /** Which request of the connection it is, from 1. */
  readonly requests: number;
  /** The worker that serves it: its pid in the container, and who it is to the file system. */
  readonly worker: { readonly pid: number; readonly caller: Caller };
  /** Takes the next number, for a connection to an upstream. */
  nextNumber(): number;
  errorLog: (level: string, line: string) => void;
}

/** The servers that a request was passed to: each value has one part for each try. */
export interface UpstreamTries {
  readonly addr: string;
  readonly status: string;
  readonly times: readonly Duration[];
  readonly lengths: readonly number[];
  /** Of the last one. */
  readonly headers: readonly (readonly [string, string])[];
}

/** What is sent back, as modules add to it. */
export interface Reply {
  status: number;
  /** An upstream's own words for the status. */
  reason: string | undefined;
  contentType: string | undefined;
  charset: string | undefined;
  body: Bytes;
  /** Known before the body is: then it is sent, else the body goes in chunks. */
  length: number | undefined;
  /** In seconds; or as an upstream wrote it. */
  lastModified: number | undefined;
  modifiedText: string | undefined;
  etag: string | undefined;
  /** In place of nginx' own; empty: the field is not sent. */
  server: string | undefined;
  location: string | undefined;
  /** Further fields, in the order in which modules added them. */
  fields: [name: string, value: Bytes][];
  /** Parts of it may be asked for. */
  ranges: boolean;
}

/** A request while it is served. Lives for as long. */
export class Exchange {
  readonly connection: Connection;
  readonly raw: RawRequest;
  readonly server: Server;
  /** The Host field, or the request line's host, as servers are chosen by. */
  readonly host: string;
  method: string;
  uri: Bytes;
  args: Bytes;
  /** The block whose settings count. */
  place: Location;
  /** Set by an internal redirect: locations for nobody else are open to it. */
  internal = false;
  /** Made for another request, whose client does not see its answer. */
  subrequest = false;
  /** How often the URI may change again. */
  changes = 11;
  captures: readonly (string | undefined)[] = [];
  readonly variables = new Map<string, string>();
  /** The status that an `error_page` decided on. */
  errorStatus: number | undefined;
  /** An `error_page` was sent already. */
  errorPage = false;
  /** The URI is not the one of the request line any more. */
  rewritten = false;
  keepAlive: boolean;
  remoteUser: string | undefined;
  reply: Reply = emptyReply();
  /** Of the server that the request was passed to. */
  upstream: UpstreamTries | undefined;
  proxyHost: { host: string; port: number } | undefined;
  /** The connection is closed behind it, whatever the response says of that. */
  closes = false;
  /** How long it all takes. */
  delay: Duration = 0;
  /** Bytes of the response's body, for the log. */
  sent = 0;

  constructor(connection: Connection, raw: RawRequest, server: Server, host: string) {
    this.connection = connection;
    this.raw = raw;
    this.server = server;
    this.host = host;
    this.method = raw.method;
    this.uri = raw.uri;
    this.args = raw.args;
    this.place = server.place;
    const wish = field(raw.headers, "connection")?.toLowerCase() ?? "";
    this.keepAlive = raw.version === 11 ? !/\bclose\b/.test(wish) : raw.version === 10 && /\bkeep-alive\b/.test(wish);
    if (this.keepAlive && server.place.scope.find("keepalive_timeout")[0]?.args[0] === "0") this.keepAlive = false;
  }

  get scope(): Scope {
    return this.place.scope;
  }

  get config(): NginxConfig {
    return this.connection.config;
  }

  header(name: string): Bytes | undefined {
    return field(this.raw.headers, name);
  }

  /** A line of the error log about this request. */
  error(message: string, level = "error", upstream = ""): void {
    const { context } = this.connection;
    const host = this.header("host");
    const words = [
      `*${this.connection.number} ${message}`,
      `client: ${context.remote.address}`,
      `server: ${this.server.name}`,
      `request: "${this.raw.line}"`,
      ...(this.subrequest ? [`subrequest: "${this.uri}"`] : []),
      ...(upstream === "" ? [] : [`upstream: "${upstream}"`]),
      ...(host === undefined ? [] : [`host: "${host}"`]),
      ...(this.header("referer") === undefined ? [] : [`referrer: "${this.header("referer")!}"`]),
    ];
    this.connection.errorLog(level, decode(words.join(", ")));
  }
}

export function emptyReply(): Reply {
  return {
    status: 200,
    reason: undefined,
    contentType: undefined,
    charset: undefined,
    body: "",
    length: undefined,
    lastModified: undefined,
    modifiedText: undefined,
    etag: undefined,
    server: undefined,
    location: undefined,
    fields: [],
    ranges: false,
  };
}

/** Begins the reply anew; fields that were added stay. */
export function renewReply(exchange: Exchange, parts: Partial<Reply>): void {
  exchange.reply = { ...emptyReply(), fields: exchange.reply.fields, ...parts };
}
