import type { Errno } from "../errno.ts";
import type { Namespace, NamespaceRow } from "../namespace.ts";
import type { ConnectionRow, SocketRow } from "../socket/row.ts";
import { headersOf, type Packet, type PacketHeaders } from "./packet.ts";

/** How one packet ended. `refused`: a closed port, or REJECT with a reset or port unreachable. */
export type Verdict =
  | "delivered"
  | "refused"
  | "dropped"
  | "net unreachable"
  | "host unreachable"
  | "protocol unreachable"
  | "prohibited"
  | "too big"
  | "ttl exceeded"
  | "looped";

export type HopPlace =
  | "link"
  | "route"
  | "rule"
  | "policy"
  | "conntrack"
  | "bridge"
  | "neighbour"
  | "tunnel"
  | "sysctl"
  | "socket"
  | "icmp";

/** The row that decided a hop, as its own tool would print it. */
export interface Reference {
  /** `rule`, `route`, `socket`… and for rules table and chain. */
  readonly kind: HopPlace;
  readonly text: string;
  readonly table?: string;
  readonly chain?: string;
  /** Rules whose jumps led to this one, as `iptables -S` prints them. */
  readonly path?: readonly string[];
}

export interface Description {
  readonly what: string;
  readonly ref?: Reference;
}

/** One step of a packet. Its words are made when somebody reads them. */
export class Hop {
  readonly at: HopPlace;
  /** What it took, in nanoseconds. */
  readonly ns: number;
  readonly #before: Packet | undefined;
  readonly #after: Packet | undefined;
  readonly #where: NamespaceRow;
  readonly #title: string | undefined;
  readonly #describe: () => Description;
  #description: Description | undefined;

  constructor(
    where: NamespaceRow,
    at: HopPlace,
    ns: number,
    describe: () => Description,
    before?: Packet,
    after?: Packet,
  ) {
    this.#where = where;
    this.#title = where.label ?? where.name;
    this.at = at;
    this.ns = ns;
    this.#describe = describe;
    this.#before = before;
    this.#after = after;
  }

  /** The machine. */
  get host(): string {
    return this.#where.machine;
  }

  /** The namespace's label or name; empty for the machine's own. */
  get netns(): string {
    return this.#title ?? (this.#where.id === this.#where.machine ? "" : this.#where.id);
  }

  /** The headers before the step, if it changed them. */
  get before(): PacketHeaders | undefined {
    return this.#before && headersOf(this.#before);
  }

  get after(): PacketHeaders | undefined {
    return this.#after && headersOf(this.#after);
  }

  get what(): string {
    return this.#words().what;
  }

  get ref(): Reference | undefined {
    return this.#words().ref;
  }

  #words(): Description {
    return (this.#description ??= this.#describe());
  }

  toJSON(): PlainHop {
    const { host, netns, at, what, ref, before, after, ns } = this;
    return {
      host,
      netns,
      at,
      what,
      ...(ref ? { ref } : {}),
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
      ns,
    };
  }
}

export interface PlainHop {
  readonly host: string;
  readonly netns: string;
  readonly at: HopPlace;
  readonly what: string;
  readonly ref?: Reference;
  readonly before?: PacketHeaders;
  readonly after?: PacketHeaders;
  readonly ns: number;
}

/** Where a packet was delivered. */
export interface Delivery {
  readonly ns: Namespace;
  readonly packet: Packet;
  readonly socket?: SocketRow;
  readonly connection?: ConnectionRow;
}

/** The way of one packet, and of the packet that answered it. */
export class Trace {
  readonly #sent: Packet;
  readonly verdict: Verdict;
  /** The hop that decided. */
  readonly by: Hop;
  readonly hops: readonly Hop[];
  /** From the first hop to the last, in nanoseconds, with what was waited for. */
  readonly ns: number;
  /** What the sender's system call returns at once; most packets that get lost do so without a word. */
  readonly errno: Errno | undefined;
  readonly delivery: Delivery | undefined;
  /** It ended wrapped in another packet, so that what is answered is not for its sender. */
  readonly tunnelled: boolean;
  reply: Trace | undefined;
  /** The redirect that a router sent while it passed the packet on. */
  aside: Trace | undefined;

  constructor(fields: {
    sent: Packet;
    verdict: Verdict;
    by: Hop;
    hops: readonly Hop[];
    ns: number;
    errno: Errno | undefined;
    delivery: Delivery | undefined;
    tunnelled: boolean;
  }) {
    this.#sent = fields.sent;
    this.verdict = fields.verdict;
    this.by = fields.by;
    this.hops = fields.hops;
    this.ns = fields.ns;
    this.errno = fields.errno;
    this.delivery = fields.delivery;
    this.tunnelled = fields.tunnelled;
  }

  /** As it was sent. */
  get packet(): PacketHeaders {
    return headersOf(this.#sent);
  }

  toJSON(): PlainTrace {
    const { packet, verdict, by, hops, ns, errno, reply } = this;
    return {
      packet,
      verdict,
      by: hops.indexOf(by),
      hops: hops.map((hop) => hop.toJSON()),
      ns,
      ...(errno ? { errno } : {}),
      ...(reply ? { reply: reply.toJSON() } : {}),
    };
  }
}

export interface PlainTrace {
  readonly packet: PacketHeaders;
  readonly verdict: Verdict;
  /** Number of the hop that decided. */
  readonly by: number;
  readonly hops: readonly PlainHop[];
  readonly ns: number;
  readonly errno?: Errno;
  readonly reply?: PlainTrace;
}
