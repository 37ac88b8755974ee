import type { Hosts } from "../../host/index.ts";
import {
  dnsReply, encodeDns, decodeDns, exchangeDatagram, networkOfHosts, openSocket, parseResolvConf, type DnsAnswer, type DnsMessage,
  type DnsRecord, type Namespace,
} from "../../net/index.ts"; // prettier-ignore
import type { Engine } from "../engine.ts";
import type { DockerContainer } from "../rows.ts";
import { Firewall } from "./firewall.ts";

const RESOLVER = "docker-dns";
export const RESOLVER_ADDRESS = "127.0.0.11";
const TTL = 600;

interface ResolverArgs {
  readonly machine: string;
  readonly container: string;
}

/** Opens the name server in a container's network, at ports of its own behind rules (resolver_unix.go setupNAT). */
export function startResolver(engine: Engine, container: string, inside: Namespace): void {
  const args: ResolverArgs = { machine: engine.machine.name, container };
  const ports: Partial<Record<"udp" | "tcp", number>> = {};
  for (const protocol of ["udp", "tcp"] as const) {
    const opened = openSocket(inside, {
      protocol,
      address: RESOLVER_ADDRESS,
      port: 0,
      pid: engine.pid!,
      application: RESOLVER,
      args,
      ...(protocol === "tcp" ? { backlog: 4096 } : {}),
    });
    if (opened.ok) ports[protocol] = opened.value.port;
  }
  const firewall = new Firewall(inside);
  firewall.chain("nat", "DOCKER_OUTPUT");
  firewall.chain("nat", "DOCKER_POSTROUTING");
  firewall.insert("nat", "OUTPUT", `-d ${RESOLVER_ADDRESS} -j DOCKER_OUTPUT`);
  firewall.insert("nat", "POSTROUTING", `-d ${RESOLVER_ADDRESS} -j DOCKER_POSTROUTING`);
  for (const protocol of ["tcp", "udp"] as const) {
    const there = `${RESOLVER_ADDRESS}:${ports[protocol]}`;
    firewall.append(
      "nat",
      "DOCKER_OUTPUT",
      `-d ${RESOLVER_ADDRESS} -p ${protocol} --dport 53 -j DNAT --to-destination ${there}`,
    );
    firewall.append(
      "nat",
      "DOCKER_POSTROUTING",
      `-s ${RESOLVER_ADDRESS} -p ${protocol} --sport ${ports[protocol]} -j SNAT --to-source :53`,
    );
  }
}

export function hasResolver(inside: Namespace): boolean {
  return [...inside.sockets.values()].some(({ application }) => application === RESOLVER);
}

export function bindResolver(hosts: Hosts, engineOf: (machine: string) => Engine): void {
  networkOfHosts(hosts).serve(RESOLVER, {
    dns(query, { args }) {
      const { machine, container } = args as ResolverArgs;
      const engine = engineOf(machine);
      const row = engine.containers.get(container);
      return row && answer(engine, row, query);
    },
  });
}

function answer(engine: Engine, container: DockerContainer, query: DnsMessage): DnsAnswer {
  const [question] = query.questions;
  if (!question) return { message: dnsReply(query, { rcode: "FORMERR" }) };
  const name = question.name.replace(/\.$/, "").toLowerCase();
  const said = (answers: DnsRecord[]): DnsAnswer => ({
    message: dnsReply(query, { answers, recursionAvailable: true }),
  });
  if (question.type === "A" || question.type === "AAAA") {
    const addresses = neighbours(engine, container)
      .filter(({ names }) => names.includes(name))
      .map(({ address }) => address);
    if (addresses.length > 0)
      return said(
        question.type === "A"
          ? addresses.map((address) => ({ name: question.name, ttl: TTL, type: "A" as const, address }))
          : [],
      );
  }
  if (question.type === "PTR") {
    const address = /^(.*)\.in-addr\.arpa$/.exec(name)?.[1]?.split(".").reverse().join(".");
    const found = neighbours(engine, container).find((one) => one.address === address);
    if (found) return said([{ name: question.name, ttl: TTL, type: "PTR", target: `${found.name}.${found.network}.` }]);
  }
  return forward(engine, container, query);
}

interface Neighbour {
  readonly name: string;
  readonly network: string;
  readonly address: string;
  readonly names: readonly string[];
}

/** Whom a container's networks know: their names, aliases and short ids, also with the network's name behind. */
function neighbours(engine: Engine, container: DockerContainer): Neighbour[] {
  return Object.entries(container.endpoints).flatMap(([network, mine]) => {
    if (mine.plug === undefined || network === "bridge") return [];
    return engine.members(mine.network).flatMap(({ id, name, endpoints }): Neighbour[] => {
      const { plug, aliases } = endpoints[network]!;
      if (!plug) return [];
      const short = [name, ...aliases, id.slice(0, 12)].map((one) => one.toLowerCase());
      return [{ name, network, address: plug.address, names: [...short, ...short.map((one) => `${one}.${network}`)] }];
    });
  });
}

/** Asks the machine's servers: those on its own lo from the machine, others from the container (resolver.go forwardExtDNS). */
function forward(engine: Engine, container: DockerContainer, query: DnsMessage): DnsAnswer {
  const { nameservers, timeout } = parseResolvConf(engine.host.readText("/etc/resolv.conf") ?? "");
  const servers = container.spec.dns.length > 0 ? container.spec.dns : nameservers;
  const external = Object.values(container.endpoints).some(
    ({ network, plug }) => plug && !engine.networks.get(network)?.internal,
  );
  const inside = container.netns === undefined ? undefined : engine.network.find(container.netns);
  let delay = 0;
  for (const server of external ? servers : []) {
    const ns = server.startsWith("127.") || !inside ? engine.ns : inside;
    const result = exchangeDatagram(ns, { to: server, port: 53, tracing: false }, encodeDns(query));
    const message = result.answers.map(({ bytes }) => decodeDns(bytes)).find((reply) => reply?.id === query.id);
    if (message) return { message, delay: delay + result.latency };
    delay += result.errno === undefined ? timeout : result.latency;
  }
  return { message: dnsReply(query, { rcode: "SERVFAIL", recursionAvailable: true }), delay };
}
