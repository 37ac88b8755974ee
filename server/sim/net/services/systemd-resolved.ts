import type { Daemon, DaemonProcess, Host, Hosts } from "../../host/index.ts";
import { dnsReply, type DnsMessage, type DnsRecord } from "../dns/message.ts";
import { decodeDns, encodeDns } from "../dns/wire.ts";
import { isIPv4, parseAddress } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import { hostNamespace, namespaceOf, networkOfHosts } from "../program/network-of.ts";
import { lookupHostsFile, parseResolvConf } from "../resolver/configuration.ts";
import { getRoute } from "../route/get.ts";
import { openSocket } from "../socket/sockets.ts";
import type { DnsAnswer } from "../transport/application.ts";
import { exchangeDatagram } from "../transport/datagram.ts";

const NAME = "systemd-resolved";
/** What the network told it, kept by its own file for programs that bypass the stub. */
const UPSTREAM = "/run/systemd/resolve/resolv.conf";
const STUBS = ["127.0.0.53", "127.0.0.54"] as const;

/** systemd-resolved: the stub DNS server of a node at 127.0.0.53, which asks the servers of the network. */
export const systemdResolved: Daemon = {
  name: NAME,
  summary: "Network Name Resolution",
  start(self) {
    for (const address of STUBS) for (const protocol of ["udp", "tcp"] as const) listen(self, address, protocol);
    self.log("Positive Trust Anchors:");
    self.log(`Using system hostname '${self.host.hostname}'.`);
  },
};

function listen(self: DaemonProcess, address: string, protocol: "udp" | "tcp"): void {
  openSocket(namespaceOf(self), {
    protocol,
    address,
    port: 53,
    pid: self.pid,
    uid: self.uid,
    device: "lo",
    application: NAME,
    args: self.host.name,
    ...(protocol === "tcp" ? { backlog: 4096 } : {}),
  });
}

export function bindSystemdResolved(hosts: Hosts): void {
  networkOfHosts(hosts).serve(NAME, {
    dns(query, context) {
      const host = hosts.host(context.args as string);
      return host && answer(host, query);
    },
  });
}

function answer(host: Host, query: DnsMessage): DnsAnswer {
  const [question] = query.questions;
  if (!question) return { message: dnsReply(query, { rcode: "FORMERR" }) };
  const recursionAvailable = true;
  const name = question.name.replace(/\.$/, "");
  const known = knownAddresses(host, name);
  if (known) {
    const answers = known.flatMap((address): DnsRecord[] => {
      const type = isIPv4(parseAddress(address)!) ? "A" : "AAAA";
      return type === question.type || question.type === "ANY" ? [{ name: question.name, ttl: 0, type, address }] : [];
    });
    return { message: dnsReply(query, { answers, authoritative: true, recursionAvailable }) };
  }
  // Names of one label are not for DNS (ResolveUnicastSingleLabel=no): there is nobody to ask.
  if (!name.includes(".")) return { message: dnsReply(query, { rcode: "SERVFAIL", recursionAvailable }) };
  return forward(hostNamespace(host), query, host.readText(UPSTREAM) ?? "");
}

/** Names that it knows without asking: /etc/hosts, its own, localhost, _gateway. */
function knownAddresses(host: Host, name: string): string[] | undefined {
  const inFile = lookupHostsFile(host.readText("/etc/hosts") ?? "", name);
  if (inFile.length > 0) return inFile;
  if (name === "localhost" || name.endsWith(".localhost")) return ["127.0.0.1", "::1"];
  const route =
    name === "_gateway" || name === host.hostname
      ? getRoute(hostNamespace(host), { destination: parseAddress("1.1.1.1")! })
      : undefined;
  if (!route || typeof route === "string") return undefined;
  const [hop] = route.row.hops;
  if (name === "_gateway") return hop?.via === undefined ? undefined : [hop.via];
  return undefined;
}

/** Asks the network's servers in turn, for as long as the stub's clients are likely to wait. */
function forward(ns: Namespace, query: DnsMessage, resolvConf: string): DnsAnswer {
  const { nameservers, timeout } = parseResolvConf(resolvConf);
  let delay = 0;
  for (const server of nameservers) {
    const result = exchangeDatagram(
      ns,
      { to: server, port: 53, tracing: false },
      encodeDns({ ...query, recursionDesired: true }),
    );
    const message = result.answers.map(({ bytes }) => decodeDns(bytes)).find((reply) => reply?.id === query.id);
    if (message) return { message: { ...message, recursionAvailable: true }, delay: delay + result.latency };
    delay += result.errno === undefined ? timeout : result.latency;
  }
  return { message: dnsReply(query, { rcode: "SERVFAIL", recursionAvailable: true }), delay };
}
