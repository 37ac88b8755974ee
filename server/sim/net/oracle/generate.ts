import { Dice } from "./dice.ts";
import type { Op, Probe, RouteOp, RuleOp } from "./op.ts";
import { RuleMaker } from "./generate-rules.ts";

interface Port {
  readonly ns: string;
  readonly dev: string;
  readonly address: string;
  readonly subnet: number;
  /** What hangs on the bridge, for veths that do. */
  readonly outer?: { readonly ns: string; readonly dev: string; readonly bridge: string };
}

/** A network of a few namespaces, then changes to it with packets sent in between. */
export function generate(seed: number): Op[] {
  return new Scenario(new Dice(seed * 7919 + 13)).make();
}

class Scenario {
  readonly #dice: Dice;
  readonly #ops: Op[] = [];
  readonly #ports: Port[] = [];
  readonly #rulesOf: RuleMaker;
  #stacks: string[] = [];
  #links = 0;
  #subnets = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#rulesOf = new RuleMaker(dice, {
      address: () => this.#address(),
      devices: (ns) => this.#devices(ns),
      subnets: () => this.#subnets,
    });
  }

  make(): Op[] {
    const dice = this.#dice;
    this.#stacks = Array.from({ length: 2 + dice.below(4) }, (_, at) => `n${at}`);
    for (const ns of this.#stacks) {
      this.#ops.push({ do: "netns", ns });
      this.#ops.push(
        { do: "link", ns, dev: "lo", up: true },
        { do: "sysctl", ns, name: "net.ipv4.ip_forward", value: dice.chance(80) ? 1 : 0 },
      );
    }
    this.#topology();
    this.#routes();
    for (let count = dice.below(4); count > 0; count--) this.#change();
    this.#rules();
    const probes = 3 + dice.below(5);
    for (let count = 0; count < probes; count++) {
      this.#probe();
      if (dice.chance(55)) this.#change();
    }
    this.#probe();
    return this.#ops;
  }

  /** A chain of segments, so that something lies behind something, and now and then one more. */
  #topology(): void {
    const dice = this.#dice;
    for (let at = 1; at < this.#stacks.length; at++) {
      const others = this.#stacks.slice(0, at);
      if (dice.chance(65)) this.#cable(dice.chance(70) ? others.at(-1)! : dice.pick(others), this.#stacks[at]!);
      else this.#bridged(this.#stacks[at]!, others);
    }
    if (dice.chance(25)) this.#cable(dice.pick(this.#stacks), dice.pick(this.#stacks));
    if (dice.chance(10)) this.#cable(this.#stacks[0]!, this.#stacks.at(-1)!);
  }

  #cable(one: string, two: string): void {
    const [a, b] = [`v${this.#links++}`, `v${this.#links++}`];
    this.#ops.push({ do: "veth", ns: one, dev: a, peerNs: two, peer: b });
    const subnet = this.#subnets++;
    this.#plug({ ns: one, dev: a, address: `10.0.${subnet}.${1 + Number(one.slice(1))}`, subnet });
    this.#plug({ ns: two, dev: b, address: `10.0.${subnet}.${11 + Number(two.slice(1))}`, subnet });
  }

  /** A bridge in a namespace, with an address of its own or without, and veths to others. */
  #bridged(ns: string, others: readonly string[]): void {
    const dice = this.#dice;
    const bridge = `br${this.#links++}`;
    const subnet = this.#subnets++;
    this.#ops.push({ do: "bridge", ns, dev: bridge });
    if (dice.chance(75)) this.#plug({ ns, dev: bridge, address: `10.0.${subnet}.${1 + Number(ns.slice(1))}`, subnet });
    else this.#ops.push({ do: "link", ns, dev: bridge, up: true });
    const members = others.filter((_, at) => at === others.length - 1 || dice.chance(40));
    for (const member of members) {
      const [outer, inner] = [`p${this.#links++}`, `v${this.#links++}`];
      this.#ops.push(
        { do: "veth", ns, dev: outer, peerNs: member, peer: inner },
        { do: "master", ns, dev: outer, bridge },
        { do: "link", ns, dev: outer, up: true },
      );
      const address = `10.0.${subnet}.${11 + Number(member.slice(1))}`;
      this.#plug({ ns: member, dev: inner, address, subnet, outer: { ns, dev: outer, bridge } });
    }
  }

  #plug(port: Port): void {
    const { ns, dev, address } = port;
    const length = this.#dice.chance(92) ? 24 : this.#dice.pick([16, 25, 28, 30, 32]);
    const give: Op = { do: "address", ns, verb: "add", dev, address, length };
    const up: Op = { do: "link", ns, dev, up: true };
    this.#ops.push(...(this.#dice.chance(50) ? [give, up] : [up, give]));
    this.#ports.push(port);
  }

  /** Everybody gets a default route, and some get ways to the others' subnets. */
  #routes(): void {
    const dice = this.#dice;
    for (const ns of this.#stacks) {
      const via = this.#neighbour(ns);
      if (via === undefined) continue;
      if (dice.chance(85)) this.#ops.push({ do: "route", ns, verb: "add", kind: "unicast", to: "0.0.0.0/0", via });
      for (let subnet = 0; subnet < this.#subnets; subnet++) if (dice.chance(40)) this.#ops.push(this.#way(ns, subnet));
    }
  }

  /** The right next hop to a subnet where the topology is a chain, else any. */
  #way(ns: string, subnet: number): RouteOp {
    const via = this.#toward(ns, subnet) ?? this.#neighbour(ns) ?? "10.0.0.1";
    return { do: "route", ns, verb: "add", kind: "unicast", to: `10.0.${subnet}.0/24`, via };
  }

  #toward(ns: string, subnet: number): string | undefined {
    const seen = new Map<string, string | undefined>([[ns, undefined]]);
    for (const [here, first] of seen) {
      if (here !== ns && this.#ports.some((port) => port.ns === here && port.subnet === subnet)) return first;
      for (const mine of this.#ports) {
        if (mine.ns !== here) continue;
        for (const other of this.#ports)
          if (other.subnet === mine.subnet && !seen.has(other.ns)) seen.set(other.ns, first ?? other.address);
      }
    }
    return undefined;
  }

  #neighbour(ns: string): string | undefined {
    const mine = this.#ports.filter((port) => port.ns === ns).map(({ subnet }) => subnet);
    const others = this.#ports.filter((port) => port.ns !== ns && mine.includes(port.subnet));
    return others.length === 0 ? undefined : this.#dice.pick(others).address;
  }

  #rules(): void {
    if (!this.#dice.chance(55)) return;
    for (let count = 1 + this.#dice.below(4); count > 0; count--) this.#iptables();
  }

  #address(): string {
    const dice = this.#dice;
    if (dice.chance(4)) return dice.pick(["10.9.9.9", "192.0.2.1", "10.0.0.77", "127.0.0.1"]);
    return dice.pick(this.#ports).address;
  }

  #devices(ns: string): string[] {
    return this.#ports.filter((port) => port.ns === ns).map(({ dev }) => dev);
  }

  #probe(): void {
    const dice = this.#dice;
    const ns = dice.pick(this.#stacks);
    const kind = dice.pick(["icmp", "icmp", "tcp", "udp"] as const);
    let to = this.#address();
    if (dice.chance(70) && this.#ports.some((port) => port.ns === ns && port.address === to)) to = this.#address();
    const probe: Probe = {
      do: "probe",
      ns,
      kind,
      to,
      ...(kind !== "icmp" && dice.chance(12) ? { port: dice.pick([81, 8080]) } : {}),
      ...(dice.chance(8) ? { from: dice.pick(this.#ports.filter((port) => port.ns === ns).map((p) => p.address).concat("10.0.0.1")) } : {}),
      ...(kind === "icmp" && dice.chance(10) ? { ttl: 1 + dice.below(4) } : {}),
      ...(kind === "icmp" && dice.chance(15) ? { size: dice.pick([1372, 1472, 1473, 3000]) } : {}),
      ...(kind === "icmp" && dice.chance(12) ? { dontFragment: true } : {}),
    }; // prettier-ignore
    this.#ops.push(probe);
  }

  #change(): void {
    const dice = this.#dice;
    const ns = dice.pick(this.#stacks);
    const port = dice.pick(this.#ports);
    const kind = dice.below(100);
    if (kind < 1) this.#ops.push({ do: "link", ns, dev: "lo", up: false });
    else if (kind < 10) this.#ops.push({ do: "link", ns: port.ns, dev: port.dev, up: dice.chance(50) });
    else if (kind < 14 && port.outer)
      this.#ops.push({ do: "link", ns: port.outer.ns, dev: port.outer.dev, up: dice.chance(60) });
    else if (kind < 20) this.#addresses(port);
    else if (kind < 44) this.#ops.push(this.#route(ns));
    else if (kind < 54) this.#ops.push(this.#rule(ns));
    else if (kind < 70) this.#ops.push(this.#sysctl(port));
    else if (kind < 86) this.#iptables();
    else if (kind < 91) this.#ops.push({ do: "mtu", ns: port.ns, dev: port.dev, mtu: dice.pick([576, 1280, 1400, 1500]) });
    else if (kind < 94 && port.outer)
      this.#ops.push({
        do: "master",
        ns: port.outer.ns,
        dev: port.outer.dev,
        bridge: dice.chance(50) ? undefined : port.outer.bridge,
      });
    else if (kind < 97) this.#move(port);
    else this.#ops.push({ do: "unlink", ns: port.ns, dev: port.dev });
  } // prettier-ignore

  #addresses({ ns, dev, address, subnet }: Port): void {
    const dice = this.#dice;
    const at = Number(ns.slice(1));
    const one: Op = dice.pick([
      { do: "address", ns, verb: "del", dev, address, length: 24 },
      { do: "address", ns, verb: "add", dev, address, length: 24 },
      { do: "address", ns, verb: "add", dev, address: `10.0.${subnet}.${101 + at}`, length: dice.pick([24, 32]) },
      { do: "address", ns, verb: "add", dev, address: `10.1.${subnet}.${1 + at}`, length: 24 },
      { do: "address", ns, verb: "add", dev: "lo", address: `10.2.0.${1 + at}`, length: 32 },
    ] as const);
    this.#ops.push(one);
    if (one.verb === "add" && one.address !== address)
      this.#ports.push({ ns, dev: one.dev, address: one.address, subnet: one.dev === "lo" ? 99 : subnet });
  }

  #route(ns: string): RouteOp {
    const dice = this.#dice;
    const subnet = dice.below(this.#subnets + 1);
    const to = dice.pick([
      "0.0.0.0/0",
      `10.0.${subnet}.0/24`,
      `10.0.${subnet}.0/25`,
      "10.0.0.0/16",
      "10.2.0.0/24",
      `${dice.pick(this.#ports).address}/32`,
    ]);
    const verb = dice.pick(["add", "add", "replace", "del"] as const);
    const table = dice.chance(15) ? { table: 100 + dice.below(2) } : {};
    const metric = dice.chance(15) ? { metric: dice.pick([10, 100]) } : {};
    const base = { do: "route", ns, verb, to, ...metric, ...table } as const;
    if (verb === "del") return { ...base, kind: "unicast" };
    if (dice.chance(25)) return { ...base, kind: dice.pick(["blackhole", "unreachable", "prohibit", "throw"]) };
    const devices = this.#devices(ns);
    const dev = devices.length > 0 && dice.chance(25) ? { dev: dice.pick(devices) } : {};
    const mine = this.#ports.filter((port) => port.ns === ns);
    const src = mine.length > 0 && dice.chance(15) ? { src: dice.pick(mine).address } : {};
    const via = this.#toward(ns, subnet) ?? this.#neighbour(ns) ?? "10.0.0.1";
    const mtu = dice.chance(8) ? { mtu: 1300 } : {};
    if ("dev" in dev && dice.chance(50)) return { ...base, kind: "unicast", ...dev, ...src, ...mtu };
    return { ...base, kind: "unicast", via: dice.chance(90) ? via : dice.pick(this.#ports).address, ...dev, ...src, ...mtu };
  } // prettier-ignore

  #rule(ns: string): RuleOp {
    const dice = this.#dice;
    const subnet = `10.0.${dice.below(this.#subnets)}.0/24`;
    const devices = this.#devices(ns);
    return {
      do: "rule",
      ns,
      verb: dice.chance(85) ? "add" : "del",
      pref: 100 + dice.below(3),
      ...(dice.chance(50) ? { from: dice.chance(50) ? subnet : "all" } : {}),
      ...(dice.chance(40) ? { to: dice.chance(50) ? subnet : this.#address() } : {}),
      ...(devices.length > 0 && dice.chance(25) ? { iif: dice.chance(20) ? "lo" : dice.pick(devices) } : {}),
      ...(dice.chance(20) ? { mark: 1 } : {}),
      action: dice.pick([100, 101, 254, "blackhole", "unreachable", "prohibit"] as const),
    };
  }

  #sysctl({ ns, dev }: Port): Op {
    const dice = this.#dice;
    const name = dice.pick([
      "net.ipv4.ip_forward",
      "net.ipv4.ip_forward",
      `net.ipv4.conf.${dev}.forwarding`,
      "net.ipv4.conf.all.rp_filter",
      `net.ipv4.conf.${dev}.rp_filter`,
      `net.ipv4.conf.${dev}.rp_filter`,
      "net.ipv4.icmp_echo_ignore_all",
      `net.ipv4.conf.${dev}.accept_local`,
      `net.ipv4.conf.${dev}.arp_ignore`,
      `net.ipv4.conf.${dev}.proxy_arp`,
      "net.ipv4.ip_default_ttl",
    ]);
    const value = name.endsWith("rp_filter")
      ? dice.below(3)
      : name.endsWith("ttl")
        ? dice.pick([1, 2, 64])
        : dice.below(2);
    return { do: "sysctl", ns, name, value };
  }

  /** Moves the namespace's end of a cable to another one, where it begins anew. */
  #move(port: Port): void {
    const { dev, ns, subnet, outer } = port;
    if (dev.startsWith("br") || dev === "lo") return;
    const to = this.#dice.pick(this.#stacks);
    if (to === ns || outer?.ns === to) return;
    this.#ops.push({ do: "move", ns, dev, to }, { do: "link", ns: to, dev, up: true });
    const address = `10.0.${subnet}.${51 + Number(to.slice(1))}`;
    this.#ops.push({ do: "address", ns: to, verb: "add", dev, address, length: 24 });
    this.#ports.splice(this.#ports.indexOf(port), 1, { ...port, ns: to, address });
  }

  #iptables(): void {
    this.#ops.push(...this.#rulesOf.make(this.#dice.pick(this.#stacks)));
  }
}
