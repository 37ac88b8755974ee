import type { Op } from "./op.ts";
import { addAddress, addressRoutes, deleteAddress, forgetSource } from "./addresses.ts";
import { addRoute, deleteRoute, plainRule, rule } from "./routes.ts";
import { iptables, newChain, sysctl } from "./settings.ts";
import { find, ip, type Link, ports, type Stack } from "./stack.ts";

/*
 * The oracle's own idea of namespaces, written from documents and the kernel's source alone, as simple as can be: everything is
 * a list that is searched from the front, nothing is kept in two places. It shares no code with the rest of sim/net.
 */

/** What applies to the namespaces of a scenario. An op that a tool refuses changes nothing. */
export class Model {
  readonly stacks = new Map<string, Stack>();

  /** Does what an op says; false where the kernel refuses. */
  apply(op: Op): boolean {
    if (op.do === "netns") return this.#add(op.ns);
    const stack = this.stacks.get(op.ns);
    if (!stack) return false;
    switch (op.do) {
      case "route":
        return op.verb === "del" ? deleteRoute(stack, op) : addRoute(stack, op);
      case "rule":
        return rule(stack, op);
      case "sysctl":
        return sysctl(stack, op.name, op.value);
      case "iptables":
        return iptables(stack, op);
      case "veth":
        return this.#veth(stack, op.dev, op.peerNs, op.peer);
      case "bridge":
        if (find(stack, op.dev)) return false;
        stack.links.push(newLink(stack, op.dev, "bridge"));
        return true;
      case "probe":
        return true;
      default: {
        const link = find(stack, op.dev);
        return link !== undefined && this.#onLink(stack, link, op);
      }
    }
  }

  #onLink(stack: Stack, link: Link, op: Extract<Op, { dev: string }>): boolean {
    switch (op.do) {
      case "link":
        if (op.up !== link.up) (op.up ? bringUp : bringDown)(link);
        return true;
      case "mtu":
        link.mtu = op.mtu;
        return true;
      case "master": {
        const bridge = op.bridge === undefined ? undefined : find(stack, op.bridge);
        if (op.bridge !== undefined && bridge?.kind !== "bridge") return false;
        link.master = bridge;
        return true;
      }
      case "unlink":
        if (link.kind === "lo") return false;
        if (link.peer) remove(link.peer);
        remove(link);
        return true;
      case "move":
        return this.#move(link, op.to);
      case "address":
        return op.verb === "add" ? addAddress(link, op) : deleteAddress(link, op);
      default:
        return false;
    }
  }

  #add(name: string): boolean {
    if (this.stacks.has(name)) return false;
    const none = (): Map<string, number> => new Map();
    const stack: Stack = { name, links: [], routes: [], rules: [], conf: none(), all: none(), chains: new Map(), flows: [] };
    stack.links.push({ ...newLink(stack, "lo", "lo"), mtu: 65536 });
    stack.rules.push(...[255, 254, 253].map((action, at) => plainRule([0, 32766, 32767][at]!, action)));
    for (const chain of ["nat PREROUTING", "nat INPUT", "nat OUTPUT", "nat POSTROUTING"]) newChain(stack, chain);
    for (const chain of ["INPUT", "FORWARD", "OUTPUT"]) newChain(stack, `filter ${chain}`);
    for (const chain of ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]) newChain(stack, `mangle ${chain}`);
    this.stacks.set(name, stack);
    return true;
  } // prettier-ignore

  #veth(stack: Stack, dev: string, peerNs: string, peer: string): boolean {
    const there = this.stacks.get(peerNs);
    if (!there || find(stack, dev) || find(there, peer)) return false;
    const [one, two] = [newLink(stack, dev, "veth"), newLink(there, peer, "veth")];
    one.peer = two;
    two.peer = one;
    // The peer is made first.
    there.links.push(two);
    stack.links.push(one);
    return true;
  }

  /** A link comes to another namespace down, without addresses and with that one's defaults. */
  #move(link: Link, to: string): boolean {
    const there = this.stacks.get(to);
    if (!there || link.kind !== "veth" || find(there, link.name)) return false;
    if (there === link.stack) return true;
    remove(link);
    link.stack = there;
    link.master = undefined;
    link.conf.clear();
    inherit(link);
    there.links.push(link);
    return true;
  }
}

function newLink(stack: Stack, name: string, kind: Link["kind"]): Link {
  const base = { name, stack, kind, up: false, mtu: 1500, peer: undefined, master: undefined, addresses: [] };
  const link: Link = { ...base, conf: new Map() };
  inherit(link);
  return link;
}

/** `default` is only ever written by ip_forward here (inet_forward_change). */
function inherit(link: Link): void {
  link.conf.set("forwarding", link.stack.conf.get("ip_forward") ?? 0);
}

function remove(link: Link): void {
  const { stack } = link;
  if (link.up) bringDown(link);
  for (const port of ports(link)) port.master = undefined;
  stack.links = stack.links.filter((other) => other !== link);
  stack.routes = stack.routes.filter(({ dev }) => dev !== link);
  for (const { ip: address } of link.addresses) forgetSource(stack, address);
  link.addresses = [];
}

function bringUp(link: Link): void {
  link.up = true;
  if (link.kind === "lo" && link.addresses.every(({ ip: address }) => address !== ip("127.0.0.1")))
    link.addresses.push({ ip: ip("127.0.0.1"), length: 8, secondary: false });
  for (const address of link.addresses) addressRoutes(link, address);
}

/** Local addresses stay (fib_sync_down_dev spares next hops of scope nowhere). */
function bringDown(link: Link): void {
  link.up = false;
  link.stack.routes = link.stack.routes.filter(({ dev, type }) => dev !== link || type === "local");
}
