import { addressText, parseAddress, parsePrefix, type DnsMessage, type DnsRecord } from "../../../../net/index.ts";
import type { Controller, Plugin } from "../plugin.ts";
import { typify, written } from "../reply.ts";

interface Dns64Config {
  /** `64:ff9b::/96` */
  readonly prefix: string;
  readonly translateAll: boolean;
  readonly allowIpv4: boolean;
}

/** What a record lives at most where no SOA says so, in seconds. */
const MOST = 600;

/** dns64: gives names that have IPv4 addresses alone IPv6 addresses of a translator (plugin/dns64, RFC 6147). */
export const dns64: Plugin<Dns64Config> = {
  name: "dns64",
  setup(c) {
    const config = { prefix: "64:ff9b::/96", translateAll: false, allowIpv4: false };
    while (c.next()) {
      const args = c.remainingArgs();
      if (args.length === 1) {
        config.prefix = readPrefix(c, args[0]!);
        continue;
      }
      if (args.length > 0) throw c.argumentError();
      while (c.nextBlock()) {
        if (c.value === "prefix") {
          if (!c.nextArg()) throw c.argumentError();
          config.prefix = readPrefix(c, c.value);
        } else if (c.value === "translate_all") config.translateAll = true;
        else if (c.value === "allow_ipv4") config.allowIpv4 = true;
        else throw c.error(`unknown property '${c.value}'`);
      }
    }
    return config;
  },
  serve:
    (config, { instance }, next) =>
    (query) => {
      const overIpv6 = query.context.remote.address.includes(":");
      if (query.type !== "AAAA" || query.question.class !== "IN" || (!overIpv6 && !config.allowIpv4))
        return next(query);
      const outcome = next(query);
      const { message } = outcome;
      if (!message || typify(message) === "NXDOMAIN") return outcome;
      if (!config.translateAll && message.answers.some(({ type }) => type === "AAAA")) return outcome;
      const found = instance.lookup(query, query.qname, "A");
      if (!found) return outcome;
      instance.metrics.add("coredns_dns64_requests_translated_total", { server: query.server });
      const { authorities, additionals, truncated } = found;
      return written(query, { answers: translated(config, message, found), authorities, additionals, truncated });
    },
};

function translated({ prefix }: Dns64Config, asked: DnsMessage, found: DnsMessage): DnsRecord[] {
  const most = asked.authorities.find(({ type }) => type === "SOA")?.ttl ?? MOST;
  return found.answers.map((record) =>
    record.type === "A"
      ? { name: record.name, ttl: Math.min(most, record.ttl), type: "AAAA", address: to6(prefix, record.address) }
      : record,
  );
}

/** An IPv4 address within a prefix; bits 64 to 71 stay zero (RFC 6052). */
function to6(text: string, address: string): string {
  const { address: prefix, length } = parsePrefix(text)!;
  const bytes = Array.from({ length: 16 }, (_, at) => Number((BigInt(prefix) >> BigInt(8 * (15 - at))) & 0xffn));
  const four = address.split(".").map(Number);
  let at = length / 8;
  for (const octet of four) {
    if (at === 8) at++;
    bytes[at++] = octet;
  }
  return addressText(bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n));
}

function readPrefix(c: Controller, text: string): string {
  const prefix = text.includes("/") ? parsePrefix(text) : undefined;
  if (!prefix || parseAddress(text.split("/")[0]!) === undefined) throw new Error(`invalid CIDR address: ${text}`);
  if (typeof prefix.address === "number") throw c.error(`invalid netmask 32 IPv6 address: ${JSON.stringify(text)}`);
  const { length } = prefix;
  if (length % 8 !== 0 || length < 32 || length > 96) throw c.error(`invalid prefix length ${JSON.stringify(text)}`);
  return text;
}
