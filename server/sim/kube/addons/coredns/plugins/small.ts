import type { DnsRecord } from "../../../../net/index.ts";
import type { Plugin } from "../plugin.ts";
import { matchingZone } from "../corefile/zone.ts";
import { written } from "../reply.ts";

type None = Record<string, never>;

/** any: a short answer to ANY queries (RFC 8482). */
export const any: Plugin<None> = {
  name: "any",
  setup: () => ({}),
  serve: (_config, _block, next) => (query) => {
    if (query.type !== "ANY") return next(query);
    const data = "\x0dANY obsoleted\x0cSee RFC 8482";
    return written(query, {
      authoritative: true,
      answers: [{ name: query.qname, ttl: 8482, type: "TYPE13", data }],
    });
  },
};

/** whoami: tells the client its own address and port. */
export const whoami: Plugin<None> = {
  name: "whoami",
  setup(c) {
    c.next();
    if (c.nextArg()) throw c.argumentError();
    return {};
  },
  serve: () => (query) => {
    const { address, port } = query.context.remote;
    const name = `_${query.protocol}${query.qname === "." ? "" : "."}${query.qname}`;
    const additionals: DnsRecord[] = [
      { name: query.qname, ttl: 0, type: address.includes(":") ? "AAAA" : "A", address },
      { name, ttl: 0, type: "SRV", priority: 0, weight: 0, port, target: "." },
    ];
    return written(query, { authoritative: true, additionals });
  },
};

/** minimal: leaves out what the client did not ask for. */
export const minimal: Plugin<None> = {
  name: "minimal",
  setup(c) {
    c.next();
    if (c.nextArg()) throw c.argumentError();
    return {};
  },
  serve: (_config, _block, next) => (query) => {
    const outcome = next(query);
    const { message } = outcome;
    if (!message || message.rcode !== "NOERROR" || message.answers.length === 0) return outcome;
    return { ...outcome, message: { ...message, authorities: [], additionals: [] } };
  },
};

/** local: answers for localhost and private reverse zones itself (plugin/local/local.go, RFC 6761 and 6303). */
export const local: Plugin<None> = {
  name: "local",
  setup: () => ({}),
  serve: (_config, _block, next) => (query) => {
    const { name, qname, type } = query;
    const zone = matchingZone(LOCAL_ZONES, name);
    if (name.startsWith("localhost.") && name !== "localhost.") {
      const answers = localhost(qname, type);
      return written(query, { authoritative: true, answers, ...(answers.length === 0 ? negative(qname) : {}) });
    }
    if (zone === undefined) return next(query);
    const apex: DnsRecord[] =
      type === "SOA"
        ? [soa(zone)]
        : type === "NS"
          ? [{ name: zone, ttl: 604_800, type: "NS", target: "localhost." }]
          : [];
    const loopback: DnsRecord[] =
      name === "1.0.0.127.in-addr.arpa." && type === "PTR"
        ? [{ name: qname, ttl: 604_800, type: "PTR", target: "localhost." }]
        : zone === "localhost."
          ? localhost(qname, type)
          : [];
    const answers = name === zone && apex.length > 0 ? apex : loopback;
    return written(query, { authoritative: true, answers, ...(answers.length === 0 ? negative(zone) : {}) });
  },
};

const LOCAL_ZONES = ["localhost.", "0.in-addr.arpa.", "127.in-addr.arpa.", "255.in-addr.arpa."];

function localhost(name: string, type: string): DnsRecord[] {
  if (type === "A") return [{ name, ttl: 604_800, type: "A", address: "127.0.0.1" }];
  return type === "AAAA" ? [{ name, ttl: 604_800, type: "AAAA", address: "::1" }] : [];
}

function negative(zone: string): { authorities: readonly DnsRecord[] } {
  return { authorities: [soa(zone)] };
}

function soa(name: string): DnsRecord {
  const times = { serial: 1, refresh: 0, retry: 0, expire: 0, minimum: 604_800 };
  return { name, ttl: 604_800, type: "SOA", mname: "localhost.", rname: "root.localhost.", ...times };
}
