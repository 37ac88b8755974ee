import type { Daemon, Hosts } from "../../host/index.ts";
import { dnsReply, type DnsMessage, type DnsRecord } from "../dns/message.ts";
import { namespaceOf, networkOfHosts } from "../program/network-of.ts";
import { openSocket } from "../socket/sockets.ts";

const NAME = "internet";

/** Public names that the world's little internet knows, with addresses from the ranges for documentation (RFC 5737). */
const PUBLIC: Readonly<Record<string, string>> = {
  "example.com.": "198.51.100.10",
  "www.example.com.": "198.51.100.10",
  "example.org.": "198.51.100.11",
  "kubernetes.io.": "198.51.100.20",
  "google.com.": "198.51.100.30",
  "www.google.com.": "198.51.100.30",
  "github.com.": "198.51.100.40",
  "registry.k8s.io.": "198.51.100.50",
};

/** Every address above answers, on the machine that plays the internet. */
export const INTERNET_ADDRESSES: readonly string[] = [...new Set(Object.values(PUBLIC))];

/** Recursive name servers and web servers outside: what a node finds when its packets get out. */
export const internet: Daemon = {
  name: NAME,
  summary: "the internet outside of the lab",
  start(self) {
    const ns = namespaceOf(self);
    for (const protocol of ["udp", "tcp"] as const)
      openSocket(ns, {
        protocol,
        address: "0.0.0.0",
        port: 53,
        pid: self.pid,
        application: NAME,
        ...(protocol === "tcp" ? { backlog: 128 } : {}),
      });
    openSocket(ns, {
      protocol: "tcp",
      address: "0.0.0.0",
      port: 80,
      backlog: 128,
      pid: self.pid,
      application: `${NAME}-web`,
    });
  },
};

export function bindInternet(hosts: Hosts): void {
  const network = networkOfHosts(hosts);
  network.serve(NAME, { dns: (query) => ({ message: resolve(query) }) });
  network.serve(`${NAME}-web`, {
    http(request) {
      const host = request.headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
      const body = `<!doctype html>\n<html><head><title>${host}</title></head><body><h1>${host}</h1></body></html>\n`;
      return {
        status: 200,
        reason: "OK",
        headers: [
          ["Content-Type", "text/html"],
          ["Content-Length", String(body.length)],
        ],
        body,
      };
    },
  });
}

function resolve(query: DnsMessage): DnsMessage {
  const [question] = query.questions;
  const recursionAvailable = true;
  if (!question) return dnsReply(query, { rcode: "FORMERR" });
  const address = PUBLIC[question.name.toLowerCase()];
  if (address !== undefined) {
    const answers: DnsRecord[] =
      question.type === "A" || question.type === "ANY" ? [{ name: question.name, ttl: 300, type: "A", address }] : [];
    return dnsReply(query, {
      answers,
      recursionAvailable,
      ...(answers.length === 0 ? { authorities: [soa(question.name)] } : {}),
    });
  }
  return dnsReply(query, { rcode: "NXDOMAIN", recursionAvailable, authorities: [soa(".")] });
}

/** The root's, as its servers answer for a name that is not there. */
function soa(name: string): DnsRecord {
  return {
    name,
    ttl: 86_400,
    type: "SOA",
    mname: "a.root-servers.net.",
    rname: "nstld.verisign-grs.com.",
    serial: 2_026_112_100,
    refresh: 1_800,
    retry: 900,
    expire: 604_800,
    minimum: 86_400,
  };
}
