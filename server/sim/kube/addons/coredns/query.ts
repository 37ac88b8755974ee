import type { Duration, Time } from "../../../kernel/index.ts";
import type { Context, DnsMessage, DnsQuestion, RecordType } from "../../../net/index.ts";
import { dnsQuery } from "../../../net/index.ts";

/** How long a query has taken so far, in microseconds; shared by a query and those asked on its behalf. */
export interface Clock {
  elapsed: Duration;
}

/** A query on its way through the plugins: request.Request. */
/** The plugin that took a query last, and of the kubernetes plugin the zone. */
export interface Trail {
  answered?: { readonly plugin: string; readonly zone?: string };
}

export class Query {
  readonly message: DnsMessage;
  readonly context: Context;
  /** `dns://:53`: the server that took it, as metrics call it. */
  readonly server: string;
  readonly clock: Clock;
  /** How the query came, or that it is asked by the server itself and nothing is sent. */
  readonly protocol: "udp" | "tcp";
  /** For traces; a query asked on behalf of this one has its own. */
  trail: Trail = {};

  constructor(message: DnsMessage, context: Context, server: string, clock: Clock, protocol = context.protocol) {
    this.message = message;
    this.context = context;
    this.server = server;
    this.clock = clock;
    this.protocol = protocol;
  }

  get question(): DnsQuestion {
    return this.message.questions[0]!;
  }

  /** As asked. */
  get qname(): string {
    return this.question.name;
  }

  /** In small letters. */
  get name(): string {
    return this.question.name.toLowerCase();
  }

  get type(): RecordType {
    return this.question.type;
  }

  /** When it has come to where it is now. */
  get now(): Time {
    return this.context.now + this.clock.elapsed;
  }

  get dnssecOk(): boolean {
    return this.message.edns?.dnssecOk ?? false;
  }

  /** What the client takes (request.Size): its EDNS buffer, in TCP everything. */
  get size(): number {
    if (this.protocol === "tcp") return 65_535;
    return Math.max(512, this.message.edns?.udpSize ?? 512);
  }

  /** The buffer that it told of, as logs and metrics show it. */
  get bufferSize(): number {
    return this.message.edns?.udpSize ?? 512;
  }

  with(message: DnsMessage): Query {
    const query = new Query(message, this.context, this.server, this.clock, this.protocol);
    query.trail = this.trail;
    return query;
  }

  /** Another question of the same client, e.g. for a CNAME's target. */
  about(name: string, type: RecordType): Query {
    const { edns } = this.message;
    const question = dnsQuery(this.message.id, name, type, edns ? { edns } : {});
    const inner = this.with(question);
    inner.trail = {};
    return inner;
  }
}
