import type { Bytes, Duration, Time } from "../../kernel/index.ts";
import type { DnsMessage } from "../dns/message.ts";
import type { HttpRequest, HttpResponse } from "../http/message.ts";
import type { Namespace } from "../namespace.ts";
import type { ClientHello, TlsAnswer, TlsSession } from "./tls.ts";

/** One end of a connection. */
export interface End {
  readonly address: string;
  readonly port: number;
}

/** What an application may know of who asks. */
export interface Context {
  readonly ns: Namespace;
  readonly local: End;
  readonly remote: End;
  /** Plain data of the socket's row. */
  readonly args: unknown;
  readonly now: Time;
  readonly protocol: "tcp" | "udp";
  /** Set once the client has started TLS. */
  readonly tls?: TlsSession;
}

/** What a server does with a piece of a stream. */
export interface StreamAnswer {
  readonly bytes?: Bytes;
  /** How long it takes to think. */
  readonly delay?: Duration;
  /** Ends the connection behind the bytes: as usual, or by a reset. */
  readonly close?: "fin" | "reset";
  /** Plain data that it wants back with the next piece. */
  readonly memory?: unknown;
}

/** A server of a protocol of its own. */
export interface StreamServer {
  /** A client has connected: who speaks first does it here (sshd). */
  open?(context: Context): StreamAnswer;
  receive(bytes: Bytes, context: Context, memory: unknown): StreamAnswer;
  /** The client has nothing more to say. The connection is closed unless this answers otherwise. */
  end?(context: Context, memory: unknown): StreamAnswer;
}

export interface DatagramAnswer {
  readonly bytes: Bytes;
  readonly delay?: Duration;
}

/** What an HTTP server does with a request: answer it, or end the connection without a word. */
export type HttpAnswer = HttpResponse | { readonly close: "fin" | "reset"; readonly delay?: Duration };

export interface DnsAnswer {
  readonly message: DnsMessage;
  readonly delay?: Duration;
}

/**
 * A server's code, bound by name with `network.serve`; a listening socket's row names it. It answers at once and keeps nothing
 * itself: what it must remember is in rows. It has one or several of these faces.
 */
export interface Application {
  /**
   * What its answers depend on besides the request and its socket, in a word; `""`: on nothing. Who has asked knows what it
   * answers next time, as long as the word is the same. Without it nobody knows.
   */
  answersBy?(socket: { readonly args: unknown; readonly machine: string }): string;
  http?(request: HttpRequest, context: Context): HttpAnswer;
  /** Answers what is no HTTP, in the server's own words; the connection ends behind it. */
  malformed?(context: Context): HttpResponse;
  /** No answer: the query was dropped. */
  dns?(query: DnsMessage, context: Context): DnsAnswer | undefined;
  readonly stream?: StreamServer;
  datagram?(bytes: Bytes, context: Context): readonly DatagramAnswer[];
  /** Answers a client that starts TLS. Without it, the client's hello is just bytes to the server. */
  tls?(hello: ClientHello, context: Context): TlsAnswer;
}
