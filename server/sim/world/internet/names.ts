import { dnsReply, type DnsMessage, type DnsRecord } from "../../net/index.ts";
import { SITE_OF, SITES } from "./sites/index.ts";

const TTL = 300;

/** The zone of a name: of its site, of its top-level domain, or the root. Negative answers name it. */
const SITE_ZONES = new Set(SITES.flatMap(({ names }) => names.map((name) => name.split(".").slice(-2).join("."))));

const TOP_LEVEL: Readonly<Record<string, readonly [mname: string, rname: string]>> = {
  com: ["a.gtld-servers.net.", "nstld.verisign-grs.com."],
  net: ["a.gtld-servers.net.", "nstld.verisign-grs.com."],
  org: ["a0.org.afilias-nst.info.", "hostmaster.donuts.email."],
  io: ["a0.nic.io.", "hostmaster.donuts.email."],
};

/** What a recursive name server answers: every name of the catalogue has an address, and is what its address points to. */
export function answerName(query: DnsMessage): DnsMessage {
  const [question] = query.questions;
  const recursionAvailable = true;
  if (!question) return dnsReply(query, { rcode: "FORMERR" });
  const { name, type } = question;
  const bare = name.toLowerCase().replace(/\.$/, "");
  const pointed = pointer(bare);
  const site = SITE_OF.get(bare);
  const answers: DnsRecord[] = [];
  if (site && (type === "A" || type === "ANY")) answers.push({ name, ttl: TTL, type: "A", address: site.address });
  if (pointed !== undefined && (type === "PTR" || type === "ANY"))
    answers.push({ name, ttl: 86_400, type: "PTR", target: `${pointed}.` });
  if (answers.length > 0) return dnsReply(query, { answers, recursionAvailable });
  const authorities = [startOfAuthority(bare)];
  const exists = site !== undefined || pointed !== undefined || isInside(bare);
  return dnsReply(query, { ...(exists ? {} : { rcode: "NXDOMAIN" as const }), recursionAvailable, authorities });
}

/** The name that `8.8.8.8.in-addr.arpa` stands for. */
function pointer(name: string): string | undefined {
  const digits = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name);
  if (!digits) return undefined;
  const address = digits.slice(1).reverse().join(".");
  return SITES.find((site) => site.address === address)?.names[0];
}

/** Whether there are names below it: `com`, `githubusercontent.com`. */
function isInside(name: string): boolean {
  return name === "" || SITES.some(({ names }) => names.some((one) => one.endsWith(`.${name}`)));
}

function startOfAuthority(name: string): DnsRecord {
  const labels = name.split(".");
  const zone = labels.slice(-2).join(".");
  const top = labels.at(-1)!;
  if (labels.length >= 2 && SITE_ZONES.has(zone))
    return soa(`${zone}.`, `ns1.${zone}.`, `hostmaster.${zone}.`, [1, 7_200, 3_600, 1_209_600, 300], 300);
  const registry = TOP_LEVEL[top];
  if (registry) return soa(`${top}.`, ...registry, [1_795_255_200, 1_800, 900, 604_800, 900], 900);
  const root = ["a.root-servers.net.", "nstld.verisign-grs.com."] as const;
  return soa(".", ...root, [2_026_112_100, 1_800, 900, 604_800, 86_400], 86_400);
}

function soa(
  name: string,
  mname: string,
  rname: string,
  [serial, refresh, retry, expire, minimum]: readonly [number, number, number, number, number],
  ttl: number,
): DnsRecord {
  return { name, ttl, type: "SOA", mname, rname, serial, refresh, retry, expire, minimum };
}
