import { SECOND } from "../../kernel/index.ts";
import { address, addressText, networkOf, type Address } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import { ICMP, ICMPV6, TCP, UDP } from "../netfilter/protocols.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { ACK, SYN, type Packet } from "../walk/packet.ts";
import { connectionsOf, nextState, repliesOf, timeoutOf } from "./connections.ts";
import { countConnection, countTraffic } from "./counters.ts";
import { serviceKey, type IpvsConnectionRow, type ServiceRow } from "./row.ts";
import { schedule } from "./schedule.ts";
import { servicesOf } from "./services.ts";

/** True if the namespace has virtual services, or connections to ones that it had. */
export function balances(ns: Namespace): boolean {
  return servicesOf(ns).size > 0 || connectionsOf(ns).size > 0;
}

/** What becomes of a client's packet. `refuse`: no real server takes it, which its sender is told. */
export type Request =
  | { readonly kind: "connection"; readonly row: IpvsConnectionRow }
  | { readonly kind: "drop" | "refuse"; readonly service: string };

/** Finds the real server of a packet to a virtual service (ip_vs_in); undefined if it is for none. */
export function request(ns: Namespace, packet: Packet): Request | undefined {
  const { protocol, flags } = packet;
  if ((protocol !== TCP && protocol !== UDP) || packet.balanced) return undefined;
  const key = `${protocol} ${addressText(packet.src)} ${packet.sport} ${addressText(packet.dst)} ${packet.dport}`;
  const begins = protocol === TCP && (flags & (SYN | ACK)) === SYN;
  const known = alive(ns, key);
  const again = begins && known && ["TIME_WAIT", "FIN_WAIT", "CLOSE"].includes(known.state);
  if (known && !again) return knownRequest(ns, key, known, packet);
  const service = serviceFor(ns, packet);
  if (!service) return undefined;
  const name = serviceKey(service.at);
  // A TCP packet of no connection is left alone, unless it begins one (sysctl_sloppy_tcp).
  if (protocol === TCP && !begins && configurationOf(ns).number("net/ipv4/vs/sloppy_tcp") === 0) return undefined;
  const real = persistentServer(ns, service, packet) ?? schedule(ns, service, packet);
  if (!real) return { kind: "refuse", service: name };
  const state = nextState("NONE", protocol, "in", flags);
  const row: IpvsConnectionRow = {
    protocol,
    client: addressText(packet.src),
    clientPort: packet.sport,
    virtual: addressText(packet.dst),
    virtualPort: packet.dport,
    real: real.address,
    realPort: real.port === 0 ? packet.dport : real.port,
    service: name,
    state,
    expires: ns.kernel.now + timeoutOf(ns, protocol, state),
  };
  put(ns, key, row);
  if (service.persistent !== undefined) bind(ns, service, row);
  countConnection(ns, row);
  countTraffic(ns, row, packet, false);
  return { kind: "connection", row };
}

function knownRequest(ns: Namespace, key: string, known: IpvsConnectionRow, packet: Packet): Request {
  const service = servicesOf(ns).get(known.service);
  const there = service?.destinations.some(
    (one) => one.address === known.real && (one.port === known.realPort || one.port === 0),
  );
  if (!there) {
    if (configurationOf(ns).number("net/ipv4/vs/expire_nodest_conn") !== 0) forget(ns, key, known);
    return { kind: "drop", service: known.service };
  }
  const state = nextState(known.state, known.protocol, "in", packet.flags);
  const row = { ...known, state, expires: ns.kernel.now + timeoutOf(ns, known.protocol, state) };
  connectionsOf(ns).set(key, row);
  countTraffic(ns, row, packet, false);
  return { kind: "connection", row };
}

/** A service for the mark goes before one for the address; without a port it is for all of them (ip_vs_service_find). */
function serviceFor(ns: Namespace, packet: Packet): ServiceRow | undefined {
  const services = servicesOf(ns);
  const family = typeof packet.dst === "number" ? 4 : 6;
  const marked = packet.mark === 0 ? undefined : services.get(`fwm${family} ${packet.mark}`);
  if (marked) return marked;
  const name = packet.protocol === TCP ? "tcp" : "udp";
  const to = addressText(packet.dst);
  return services.get(`${name} ${to} ${packet.dport}`) ?? services.get(`${name} ${to} 0`);
}

function alive(ns: Namespace, key: string): IpvsConnectionRow | undefined {
  const row = connectionsOf(ns).get(key);
  if (!row) return undefined;
  if (row.expires > ns.kernel.now) return row;
  forget(ns, key, row);
  return undefined;
}

function put(ns: Namespace, key: string, row: IpvsConnectionRow): void {
  const old = connectionsOf(ns).get(key);
  if (old) forget(ns, key, old);
  connectionsOf(ns).set(key, row);
  if (!row.template) repliesOf(ns).set(replyKey(row), key);
}

function forget(ns: Namespace, key: string, row: IpvsConnectionRow): void {
  connectionsOf(ns).delete(key);
  if (!row.template) repliesOf(ns).delete(replyKey(row));
}

function replyKey({ protocol, real, realPort, client, clientPort }: IpvsConnectionRow): string {
  return `${protocol} ${real} ${realPort} ${client} ${clientPort}`;
}

/** The key under which a client is kept that stays with its real server: its network, and no port. */
function templateKey(service: ServiceRow, protocol: number, client: Address): string {
  const length = service.netmask ?? (typeof client === "number" ? 32 : 128);
  return `${protocol} ${addressText(networkOf(client, length))} 0 ${serviceKey(service.at)}`;
}

function persistentServer(ns: Namespace, service: ServiceRow, packet: Packet) {
  if (service.persistent === undefined) return undefined;
  const row = alive(ns, templateKey(service, packet.protocol, packet.src));
  const found = row && service.destinations.find((one) => one.address === row.real && one.port === row.realPort);
  // A quiescent server (weight 0) keeps its clients, unless it shall not.
  const quiescent = configurationOf(ns).number("net/ipv4/vs/expire_quiescent_template") !== 0;
  return found && (found.weight > 0 || !quiescent) ? found : undefined;
}

function bind(ns: Namespace, service: ServiceRow, row: IpvsConnectionRow): void {
  const client = address(row.client);
  const length = service.netmask ?? (typeof client === "number" ? 32 : 128);
  put(ns, templateKey(service, row.protocol, client), {
    ...row,
    client: addressText(networkOf(client, length)),
    clientPort: 0,
    state: "NONE",
    expires: ns.kernel.now + service.persistent! * SECOND,
    template: true,
  });
}

/**
 * Gives an answer of a real server the virtual service as its source, and the packet that an ICMP error quotes likewise
 * (handle_response, ip_vs_out_icmp). The connection, if it was one.
 */
export function reply(ns: Namespace, packet: Packet): IpvsConnectionRow | undefined {
  if (packet.quote) return replyError(ns, packet, packet.quote);
  const { protocol } = packet;
  if (protocol !== TCP && protocol !== UDP) return undefined;
  const key = repliesOf(ns).get(
    `${protocol} ${addressText(packet.src)} ${packet.sport} ${addressText(packet.dst)} ${packet.dport}`,
  );
  const known = key === undefined ? undefined : alive(ns, key);
  if (key === undefined || !known) return undefined;
  const state = nextState(known.state, protocol, "out", packet.flags);
  const row = { ...known, state, expires: ns.kernel.now + timeoutOf(ns, protocol, state) };
  connectionsOf(ns).set(key, row);
  countTraffic(ns, row, packet, true);
  packet.src = address(row.virtual);
  packet.sport = row.virtualPort;
  return row;
}

function replyError(ns: Namespace, packet: Packet, quote: Packet): IpvsConnectionRow | undefined {
  if (packet.protocol !== ICMP && packet.protocol !== ICMPV6) return undefined;
  const key = repliesOf(ns).get(
    `${quote.protocol} ${addressText(quote.dst)} ${quote.dport} ${addressText(quote.src)} ${quote.sport}`,
  );
  const row = key === undefined ? undefined : alive(ns, key);
  if (!row) return undefined;
  const told = quote.copy();
  if (packet.src === quote.dst) packet.src = address(row.virtual);
  told.dst = address(row.virtual);
  told.dport = row.virtualPort;
  packet.quote = told;
  return row;
}

/** Connections that have not ended, as `ipvsadm -Lc` lists them. */
export function listConnections(ns: Namespace): IpvsConnectionRow[] {
  return [...connectionsOf(ns).values()].filter(({ expires }) => expires > ns.kernel.now);
}
