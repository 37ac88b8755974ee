import { ip, isLocal, LINK, text, type Link, type Route, type Stack } from "./stack.ts";
import { lookup, type Wanted } from "./routes.ts";
import { Model } from "./model.ts";
import { TCP_PORT, UDP_PORT, type IptablesOp, type Op, type Probe } from "./op.ts";
import { matches, type Scene } from "./matches.ts";
import { Ambiguous, errnoOf, Failed, NOTHING, type Packet, sameEnds } from "./packet.ts";
import { fitsThrough, listeners } from "./segment.ts";
import { sameTuple, track, tracks, translate, wish } from "./tracking.ts";
import { answers, outOf, refusalOf, routeIn, selectSource, sourceOf } from "./ways.ts";

const PREROUTING = ["mangle PREROUTING", "nat PREROUTING"];

const INPUT = ["mangle INPUT", "filter INPUT", "nat INPUT"];

const FORWARD = ["mangle FORWARD", "filter FORWARD"];

export const OUTPUT = ["mangle OUTPUT", "nat OUTPUT", "filter OUTPUT"];

const POSTROUTING = ["mangle POSTROUTING", "nat POSTROUTING"];

/** Steps after which a packet is given up: no TTL lasts so long. */
const MOST = 2000;

/** Tells what becomes of packets, from a model of the namespaces and RFCs 791, 792, 826 and 1812 as Linux has them. */
export class Oracle extends Model {
  /** How many packets each rule took that it decided about, by its place: `n1 filter FORWARD 0`. */
  readonly hits = new Map<IptablesOp, number>();
  /** Neighbours that the last probe made somebody ask for. */
  readonly asked: {
    readonly ns: string;
    readonly dev: string;
    readonly address: string;
    readonly answered: boolean;
  }[] = [];
  /** Links that anything of the last probe passed by, as `n0 v1`. */
  readonly touched = new Set<string>();
  #known = new Map<string, Link>();
  #arrived: { stack: Stack; packet: Packet }[] = [];
  #seen: string | undefined;
  #learned = new Map<string, number>();
  /** The socket of the last probe that waits for a SYN-ACK. */
  #connecting: { readonly stack: Stack; readonly packet: Packet } | undefined;
  #steps = 0;
  #ports = 40000;

  probe(probe: Probe): string {
    const stack = this.stacks.get(probe.ns);
    if (!stack) return "no namespace";
    this.#arrived = [];
    this.asked.length = 0;
    this.touched.clear();
    this.#known.clear();
    this.#learned.clear();
    this.#seen = undefined;
    this.#steps = 0;
    const sport = this.#ports++;
    const dport = probe.kind === "icmp" ? 0 : (probe.port ?? (probe.kind === "tcp" ? TCP_PORT : UDP_PORT));
    const size = { icmp: 28 + (probe.size ?? 56), tcp: 60, udp: 33 }[probe.kind];
    const src = probe.from === undefined ? 0 : ip(probe.from);
    if (src !== 0 && !isLocal(stack, src)) return "EADDRNOTAVAIL";
    const packet: Packet = {
      protocol: probe.kind,
      src,
      dst: ip(probe.to),
      sport,
      dport,
      ...(probe.kind === "icmp" ? { icmp: "request" as const } : {}),
      ...(probe.kind === "tcp" ? { tcp: "syn" as const } : {}),
      ttl: probe.ttl ?? stack.conf.get("ip_default_ttl") ?? 64,
      size,
      dontFragment: probe.dontFragment === true || probe.kind !== "icmp",
      mark: 0,
    };
    // connect(2) looks for the way once to get a source, and once more with it.
    for (let times = 0; times < 2 && probe.kind !== "icmp"; times++) {
      const way = this.#way(stack, packet);
      if (probe.kind === "tcp" && this.#isBroadcast(stack, packet)) return "ENETUNREACH";
      if (way instanceof Failed) return way.errno;
      packet.src = way.src;
    }
    const sent = { ...packet };
    this.#connecting = probe.kind === "tcp" ? { stack, packet: sent } : undefined;
    const failed = this.#send(stack, packet, { cut: !probe.dontFragment });
    // TCP sends again later, whatever became of this one.
    if (failed && probe.kind !== "tcp") return failed.errno;
    return this.#judge(stack, sent);
  }

  #judge(stack: Stack, sent: Packet): string {
    for (const { stack: where, packet } of this.#arrived) {
      if (where !== stack) continue;
      if (packet.quote && sameEnds(packet.quote, sent) && typeof packet.icmp === "object") {
        const { type, code } = packet.icmp;
        if (sent.protocol === "tcp") return errnoOf(type, code);
        return `icmp ${type}/${code} from ${text(packet.src)}`;
      }
      if (packet.quote || packet.dport !== sent.sport) continue;
      if (packet.protocol === "icmp" && packet.icmp === "reply") return `reply from ${text(packet.src)} ttl ${packet.ttl}`;
      if (packet.protocol !== sent.protocol || packet.src !== sent.dst || packet.sport !== sent.dport) continue;
      if (packet.tcp === "reset") return "ECONNREFUSED";
      if (packet.tcp === "syn-ack") return `connected to ${this.#seen!}`;
      if (packet.protocol === "udp") return `answer of ${this.#seen!}`;
    }
    return "silence";
  } // prettier-ignore

  /** What `ip route get` says: `via A dev D src S`, or an errno. */
  routeGet(ns: string, to: string): string {
    const stack = this.stacks.get(ns)!;
    const packet = { ...NOTHING, dst: ip(to) };
    const broadcast = this.#isBroadcast(stack, packet) ? lookup(stack, { ...packet, iif: "lo" }) : undefined;
    if (broadcast) return `dev ${broadcast.dev!.name} src ${text(sourceOf(stack, broadcast, packet.dst))}`;
    const way = this.#way(stack, packet);
    if (way instanceof Failed) return way.errno;
    const { route, src } = way;
    const via = route.via === undefined || route.ownGateway ? "" : `via ${text(route.via)} `;
    return `${via}dev ${outOf(stack, route).name}${src === 0 ? "" : ` src ${text(src)}`}`;
  }

  #isBroadcast(stack: Stack, { src, dst, mark }: Packet): boolean {
    return lookup(stack, { dst, src, mark, iif: "lo" })?.type === "broadcast";
  }

  /** Which way a packet of our own goes, and with which source. */
  #way(stack: Stack, packet: Packet): { route: Route; src: number } | Failed {
    const wanted: Wanted = { dst: packet.dst, src: packet.src, mark: packet.mark, iif: "lo" };
    const route = lookup(stack, wanted);
    const errno = refusalOf(route);
    if (errno) return new Failed(errno === "nothing" ? "EINVAL" : errno);
    return { route: route!, src: packet.src || sourceOf(stack, route!, packet.dst) };
  }

  /** ip_local_out. */
  #send(stack: Stack, packet: Packet, options: { cut?: boolean; reset?: boolean } = {}): Failed | undefined {
    if (++this.#steps > MOST) return undefined;
    if (packet.src !== 0 && !options.reset && !isLocal(stack, packet.src)) return new Failed("EINVAL");
    const way = this.#way(stack, packet);
    if (way instanceof Failed) return way;
    packet.src = way.src;
    let out = outOf(stack, way.route);
    if (packet.size > this.#mtu(stack, packet, way.route, out) && !options.cut) return new Failed("EMSGSIZE");
    packet.dontFragment &&= packet.size <= this.#mtu(stack, packet, way.route, out);
    const before = `${packet.dst} ${packet.mark} ${packet.src}`;
    const refused = this.#hooks(stack, packet, OUTPUT, undefined, out);
    if (refused) return new Failed("EPERM");
    let { route } = way;
    if (`${packet.dst} ${packet.mark} ${packet.src}` !== before) {
      const again = this.#way(stack, packet);
      if (again instanceof Failed) return again;
      ({ route } = again);
      out = outOf(stack, route);
    }
    return this.#leave(stack, packet, route, out, undefined, options.cut ?? false);
  }

  /** ip_output. What OUTPUT sent another way may be too large for that one (ip_fragment). */
  #leave(
    stack: Stack,
    packet: Packet,
    route: Route,
    out: Link,
    input: Link | undefined,
    cut = true,
  ): Failed | undefined {
    const refused = this.#hooks(stack, packet, POSTROUTING, input, out, route);
    if (refused) return new Failed("EPERM");
    if (!cut && packet.size > this.#mtu(stack, packet, route, out)) return new Failed("EMSGSIZE");
    if (out.kind === "lo") {
      if (out.up) this.touched.add(`${stack.name} lo`);
      if (out.up) this.#input(stack, packet, out, route);
      return undefined;
    }
    const nexthop = route.via === undefined || route.ownGateway ? packet.dst : route.via;
    const there = this.#ask(stack, packet, out, nexthop);
    if (there === undefined) {
      this.#error(stack, packet, 3, 1);
      return undefined;
    }
    // Fragments are as large as the way allows; what is larger than a cable's end is lost there.
    const largest = Math.min(packet.size, this.#mtu(stack, packet, route, out));
    if (fitsThrough(out, there, largest)) this.#enter(there, packet);
    return undefined;
  }

  #mtu(stack: Stack, packet: Packet, route: Route, out: Link): number {
    const learned = this.#learned.get(`${stack.name} ${packet.dst}`) ?? Infinity;
    return Math.min(route.mtu ?? out.mtu, out.mtu, learned);
  }

  /** A question for a neighbour: the link at which it is heard by one who answers. */
  #ask(stack: Stack, packet: Packet, out: Link, target: number): Link | undefined {
    const known = this.#known.get(knownKey(out, target));
    if (known) return known;
    const sender = isLocal(stack, packet.src) ? packet.src : selectSource(stack, out, target, LINK);
    const seen = new Set<Link>();
    const answering = listeners(out, seen).filter(({ end }) => answers(end, sender, target));
    for (const link of seen) this.touched.add(`${link.stack.name} ${link.name}`);
    if (answering.length > 1) throw new Ambiguous(`${answering.length} answer for ${text(target)}`);
    const [found] = answering;
    this.asked.push({ ns: stack.name, dev: out.name, address: text(target), answered: found !== undefined });
    if (!found) return undefined;
    this.touched.add(`${found.end.stack.name} ${found.end.name}`);
    this.#known.set(knownKey(out, target), found.end);
    // Who is asked knows the asker from then on.
    this.#known.set(knownKey(found.end, sender), out);
    return found.end;
  }

  /** A packet comes to another namespace: what its old one knew of it is gone. */
  #enter(link: Link, packet: Packet): void {
    const { flow: _, back: __, tracked: ___, ...fresh } = packet;
    this.#input(link.stack, { ...fresh, mark: 0 }, link, undefined);
  }

  /** ip_rcv. */
  #input(stack: Stack, packet: Packet, link: Link, sent: Route | undefined): void {
    if (++this.#steps > MOST) return;
    if (this.#hooks(stack, packet, PREROUTING, link, undefined)) return;
    if (sent) return this.#deliver(stack, packet, link);
    const found = routeIn(link, packet);
    if (found.kind === "local") return this.#deliver(stack, packet, link);
    if (found.kind === "drop") return;
    if (found.kind === "refuse") {
      const code = { ENETUNREACH: 0, EHOSTUNREACH: 1, EACCES: 13 }[found.errno];
      if (code !== undefined) this.#error(stack, packet, 3, code);
      return;
    }
    const { route, out } = found;
    if (packet.ttl <= 1) return this.#error(stack, packet, 11, 0);
    const mtu = this.#mtu(stack, packet, route, out);
    if (packet.size > mtu && packet.dontFragment) return this.#error(stack, packet, 3, 4, mtu);
    packet.ttl--;
    if (this.#hooks(stack, packet, FORWARD, link, out)) return;
    this.#leave(stack, packet, route, out, link);
  }

  /** ip_local_deliver: the packet is for this host, who may answer. */
  #deliver(stack: Stack, packet: Packet, link: Link): void {
    if (this.#hooks(stack, packet, INPUT, link, undefined)) return;
    this.#arrived.push({ stack, packet: { ...packet } });
    if (packet.quote) {
      if (typeof packet.icmp === "object" && packet.icmp.code === 4 && packet.icmp.type === 3)
        this.#learned.set(`${stack.name} ${packet.quote.dst}`, packet.icmp.mtu);
      return;
    }
    const turned = {
      src: packet.dst,
      dst: packet.src,
      sport: packet.dport,
      dport: packet.sport,
      ttl: stack.conf.get("ip_default_ttl") ?? 64,
      mark: 0,
    };
    if (packet.icmp === "request") {
      if ((stack.conf.get("icmp_echo_ignore_all") ?? 0) === 0)
        this.#send(stack, { ...turned, protocol: "icmp", icmp: "reply", size: packet.size, dontFragment: false }, { cut: true }); // prettier-ignore
    } else if (packet.tcp === "syn") {
      const open = packet.dport === TCP_PORT;
      if (open) this.#seen ??= `${stack.name} as ${text(packet.src)}`;
      const answer = { ...turned, protocol: "tcp", tcp: open ? "syn-ack" : "reset", dontFragment: true } as const;
      this.#send(stack, { ...answer, size: open ? 60 : 40 }, { reset: !open });
    } else if (packet.tcp === "syn-ack" && !this.#expects(stack, packet)) {
      this.#send(stack, { ...turned, protocol: "tcp", tcp: "reset", size: 40, dontFragment: true }, { reset: true });
    } else if (packet.protocol === "udp" && packet.dport === UDP_PORT) {
      this.#seen ??= `${stack.name} as ${text(packet.src)}`;
      const size = 28 + `${stack.name} as ${text(packet.src)}`.length;
      this.#send(stack, { ...turned, protocol: "udp", size, dontFragment: true }, { cut: true });
    } else if (packet.protocol === "udp" && packet.dport < 40000) this.#error(stack, packet, 3, 3);
  }

  #expects(stack: Stack, { src, dst, sport, dport }: Packet): boolean {
    const waiting = this.#connecting;
    return waiting?.stack === stack && sameTuple(waiting.packet, { src: dst, dst: src, sport: dport, dport: sport });
  }

  /** icmp_send: tells the source of a packet what is wrong, unless that is an ICMP error itself. */
  #error(stack: Stack, packet: Packet, type: number, code: number, mtu = 0): void {
    if (packet.quote) return;
    const { flow, back, tracked, ...quote } = packet;
    const error: Packet = {
      protocol: "icmp",
      icmp: { type, code, mtu },
      src: isLocal(stack, packet.dst) ? packet.dst : 0,
      dst: packet.src,
      sport: 0,
      dport: 0,
      quote,
      ttl: stack.conf.get("ip_default_ttl") ?? 64,
      size: 28 + Math.min(packet.size, 548),
      dontFragment: false,
      mark: 0,
      ...(tracked ? { tracked, ...(flow ? { flow, back: !back } : {}) } : {}),
    };
    this.#send(stack, error, { cut: true });
  }

  /** Shows a packet to the chains of one hook. True if it is not to go on. */
  #hooks(
    stack: Stack,
    packet: Packet,
    chains: readonly string[],
    input: Link | undefined,
    output: Link | undefined,
    route?: Route,
  ): boolean {
    const first = chains === PREROUTING || chains === OUTPUT;
    if (first && tracks(stack)) track(stack, packet);
    for (const name of chains) {
      const scene = { stack, input, output, route };
      const drops = name.startsWith("nat ") ? this.#nat(packet, name, scene) : this.#chain(packet, name, scene) === "drop"; // prettier-ignore
      if (drops) return true;
    }
    const { flow } = packet;
    if ((chains === INPUT || chains === POSTROUTING) && flow && !flow.confirmed && !packet.back) {
      flow.confirmed = true;
      stack.flows.push(flow);
    }
    return false;
  }

  #nat(packet: Packet, name: string, scene: Scene): boolean {
    const { flow } = packet;
    if (!flow) return false;
    const source = name === "nat INPUT" || name === "nat POSTROUTING";
    const decided = source ? flow.sourceDone : flow.destinationDone;
    if (!flow.confirmed && !decided && !packet.quote) {
      if (this.#chain(packet, name, scene) === "drop") return true;
      if (source) flow.sourceDone = true;
      else flow.destinationDone = true;
    }
    translate(packet, flow, source);
    return false;
  }

  #chain(packet: Packet, name: string, scene: Scene): "accept" | "drop" {
    const verdict = this.#rules(packet, name, scene) ?? scene.stack.chains.get(name)?.policy;
    return verdict === "drop" || verdict === "DROP" ? "drop" : "accept";
  }

  #rules(packet: Packet, name: string, scene: Scene): "accept" | "drop" | undefined {
    for (const rule of scene.stack.chains.get(name)?.rules ?? []) {
      if (!matches(rule, packet, scene)) continue;
      this.hits.set(rule, (this.hits.get(rule) ?? 0) + 1);
      const target = rule.target!;
      switch (target.name) {
        case "ACCEPT":
          return "accept";
        case "DROP":
          return "drop";
        case "RETURN":
          return undefined;
        case "REJECT": {
          const code = { "icmp-net-unreachable": 0, "icmp-host-unreachable": 1, "icmp-port-unreachable": 3 }[target.with];
          this.#error(scene.stack, packet, 3, code ?? 13);
          return "drop";
        }
        case "JUMP": {
          const inner = this.#rules(packet, `${name.split(" ")[0]!} ${target.chain}`, scene);
          if (inner) return inner;
          break;
        }
        case "MARK":
          packet.mark = target.value;
          break;
        default:
          return wish(packet.flow!, target, name, scene) ? "accept" : "drop";
      }
    }
    return undefined;
  } // prettier-ignore
}

function knownKey(link: Link, address: number): string {
  return `${link.stack.name} ${link.name} ${address}`;
}

/** What the oracle says to each op of a scenario: whether the tool succeeds, or the verdict of a probe. */
export function foretell(oracle: Oracle, op: Op): boolean | string {
  return op.do === "probe" ? oracle.probe(op) : oracle.apply(op);
}
