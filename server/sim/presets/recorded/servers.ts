import type { Application, DnsMessage, DnsRecord, HttpAnswer, HttpRequest, Network } from "../../net/index.ts";
import { dnsReply } from "../../net/index.ts";
import { MILLISECOND, SECOND } from "../../kernel/index.ts";

/** The servers of the recordings' worlds (golden/lib/lab-http.mjs and lab-dns.mjs), with the same answers. */

const DATE = "Tue, 05 Mar 2024 10:00:00 GMT";
const PAGE =
  "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\n";

function errorPage(status: number, reason: string): string {
  return `<html>\r\n<head><title>${status} ${reason}</title></head>\r\n<body>\r\n<center><h1>${status} ${reason}</h1></center>\r\n<hr><center>nginx/1.25.3</center>\r\n</body>\r\n</html>\r\n`;
}

function answer(status: number, reason: string, body: string, more: Readonly<Record<string, string>> = {}): HttpAnswer {
  const { "Content-Type": type = "text/html", ...rest } = more;
  const headers: [string, string][] = [
    ["Server", "nginx/1.25.3"],
    ["Date", DATE],
    ["Content-Type", type],
    ["Content-Length", String(body.length)],
    ["Connection", "keep-alive"],
    ...Object.entries(rest),
  ];
  return { status, reason, headers, body };
}

const PLAIN = { "Content-Type": "text/plain" };

export function labHttp(request: HttpRequest): HttpAnswer {
  const field = (wanted: string): string | undefined =>
    request.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  switch (request.target.split("?")[0]) {
    case "/":
    case "/index.html":
      return answer(200, "OK", PAGE, {
        "Last-Modified": "Tue, 24 Oct 2023 13:46:47 GMT",
        ETag: '"6537cac7-8a"',
        "Accept-Ranges": "bytes",
      });
    case "/healthz":
      return answer(200, "OK", "ok", PLAIN);
    case "/hostname":
      return answer(200, "OK", "web-7d4b9c6f5-x2x9k\n", PLAIN);
    case "/old":
      return answer(301, "Moved Permanently", errorPage(301, "Moved Permanently"), {
        Location: `http://${field("host") ?? ""}/`,
      });
    case "/empty":
      return { close: "fin" };
    case "/half":
      return {
        status: 200,
        reason: "OK",
        headers: [
          ["Content-Length", "100"],
          ["Connection", "keep-alive"],
          ["Keep-Alive", "timeout=5"],
        ],
        body: "partial",
        close: "fin",
        delay: 100 * MILLISECOND,
      };
    case "/slow":
      return { ...answer(200, "OK", "slow\n"), delay: 5 * SECOND };
    case "/secret":
      return field("authorization") === undefined
        ? answer(401, "Unauthorized", errorPage(401, "Authorization Required"), {
            "WWW-Authenticate": 'Basic realm="lab"',
          })
        : answer(200, "OK", "secret\n");
    case "/echo":
      return answer(200, "OK", `${request.method} ${field("content-type") ?? "-"} ${request.body}\n`, PLAIN);
    case "/503":
      return answer(503, "Service Temporarily Unavailable", errorPage(503, "Service Temporarily Unavailable"));
    default:
      return answer(404, "Not Found", errorPage(404, "Not Found"));
  }
}

type Records = Readonly<Record<string, readonly DnsRecord[]>>;

const at = (name: string, ttl: number, ...data: readonly object[]): [string, DnsRecord[]] => [
  name,
  data.map((one) => ({ name: `${name}.`, ttl, ...one }) as DnsRecord),
];
const a = (address: string): object => ({ type: "A", address });
const ptr = (target: string): object => ({ type: "PTR", target: `${target}.` });
const srv = (port: number, target: string): object => ({
  type: "SRV",
  priority: 0,
  weight: 100,
  port,
  target: `${target}.`,
});

const CLUSTER: Records = Object.fromEntries([
  at("kubernetes.default.svc.cluster.local", 30, a("10.96.0.1")),
  at("kube-dns.kube-system.svc.cluster.local", 30, a("10.96.0.10")),
  at("web.default.svc.cluster.local", 30, a("10.96.45.12")),
  at("db.default.svc.cluster.local", 30, a("10.244.2.21"), a("10.244.2.22")),
  at("db-0.db.default.svc.cluster.local", 30, a("10.244.2.21")),
  at("db-1.db.default.svc.cluster.local", 30, a("10.244.2.22")),
  at("api.payroll.svc.cluster.local", 30, a("10.96.80.3")),
  at("dual.default.svc.cluster.local", 30, a("10.96.45.13"), { type: "AAAA", address: "fd00:10:96::d" }),
  at("legacy.default.svc.cluster.local", 30, { type: "CNAME", target: "example.com." }),
  at("10-244-1-5.default.pod.cluster.local", 30, a("10.244.1.5")),
  at("10-244-2-10.default.pod.cluster.local", 30, a("10.244.2.10")),
  at("_https._tcp.kubernetes.default.svc.cluster.local", 30, srv(443, "kubernetes.default.svc.cluster.local")),
  at("_http._tcp.web.default.svc.cluster.local", 30, srv(80, "web.default.svc.cluster.local")),
  at("dns-version.cluster.local", 30, { type: "TXT", texts: ["1.1.0"] }),
  at("1.0.96.10.in-addr.arpa", 30, ptr("kubernetes.default.svc.cluster.local")),
  at("10.0.96.10.in-addr.arpa", 30, ptr("kube-dns.kube-system.svc.cluster.local")),
  at("12.45.96.10.in-addr.arpa", 30, ptr("web.default.svc.cluster.local")),
]);

const OUTSIDE: Records = Object.fromEntries([
  at(
    "example.com",
    300,
    a("203.0.113.80"),
    { type: "AAAA", address: "2001:db8::80" },
    { type: "NS", target: "ns1.example.com." },
    { type: "NS", target: "ns2.example.com." },
    { type: "MX", preference: 10, target: "mail.example.com." },
    { type: "MX", preference: 20, target: "mail2.example.com." },
    { type: "TXT", texts: ["v=spf1 -all"] },
  ),
  at("www.example.com", 300, { type: "CNAME", target: "example.com." }),
  at("mail.example.com", 300, a("203.0.113.25")),
  at("8.8.8.8.in-addr.arpa", 300, ptr("dns.google")),
]);

const ZONE_SOA: DnsRecord = {
  name: "cluster.local.",
  ttl: 30,
  type: "SOA",
  mname: "ns.dns.cluster.local.",
  rname: "hostmaster.cluster.local.",
  serial: 1_700_000_000,
  refresh: 7200,
  retry: 1800,
  expire: 86_400,
  minimum: 30,
};
const ROOT_SOA: DnsRecord = {
  name: ".",
  ttl: 900,
  type: "SOA",
  mname: "a.root-servers.net.",
  rname: "nstld.verisign-grs.com.",
  serial: 2_024_010_101,
  refresh: 1800,
  retry: 900,
  expire: 604_800,
  minimum: 86_400,
};

export function labDns(query: DnsMessage): DnsMessage | undefined {
  const question = query.questions[0]!;
  const asked = question.name.replace(/\.$/, "");
  const name = asked.toLowerCase();
  const edns = query.edns ? { edns: { ...query.edns, udpSize: 1232 } } : {};
  if (/^slow\.example\.com(\.|$)/.test(name)) return undefined;
  if (name === "broken.example.com") return dnsReply(query, { rcode: "SERVFAIL", recursionAvailable: true, ...edns });
  if (name === "refused.example.com" || question.class === "CH") return dnsReply(query, { rcode: "REFUSED", ...edns });
  const inZone =
    name === "cluster.local" || name.endsWith(".cluster.local") || (name.endsWith(".in-addr.arpa") && name in CLUSTER);
  const ttl = inZone ? 30 : 300;
  const taken = (records: readonly DnsRecord[], owner: string): DnsRecord[] =>
    records
      .filter(({ type }) => type === question.type || question.type === "ANY")
      .map((record) => ({ ...record, name: `${owner}.`, ttl }));
  const set = (inZone ? CLUSTER : OUTSIDE)[name];
  const [first] = set ?? [];
  const answers: DnsRecord[] = [];
  let missing = false;
  if (first?.type === "CNAME") {
    answers.push({ ...first, name: `${asked}.`, ttl });
    const target = first.target.replace(/\.$/, "");
    if (question.type !== "CNAME") answers.push(...taken(OUTSIDE[target] ?? [], target));
  } else if (set) answers.push(...taken(set, asked));
  else if (name === "cluster.local" && question.type === "SOA") answers.push(ZONE_SOA);
  else
    missing = !(inZone && Object.keys(CLUSTER).some((other) => other.endsWith(`.${name}`))) && name !== "cluster.local";
  return dnsReply(query, {
    rcode: missing ? "NXDOMAIN" : "NOERROR",
    authoritative: inZone,
    recursionAvailable: !inZone,
    answers,
    authorities: answers.length > 0 ? [] : [inZone ? ZONE_SOA : ROOT_SOA],
    ...edns,
  });
}

/** Binds them to a network under the names `lab-…`; `chain` is the certificate of the one that speaks TLS. */
export function bindLabServers(network: Network, chain: readonly string[]): void {
  const closing: Application = { stream: { open: () => ({ close: "fin" }), receive: () => ({ close: "fin" }) } };
  network.serve("lab-http", {
    http: labHttp,
    malformed: () => ({ status: 400, reason: "Bad Request", headers: [["Connection", "close"]], body: "" }),
  });
  network.serve("lab-https", {
    http: (request, context) => (context.tls ? labHttp(request) : { close: "fin" }),
    // Node's own order of ciphers.
    tls: () => ({ chain, alpn: "http/1.1", ciphers: { "TLSv1.2": "ECDHE-RSA-AES128-GCM-SHA256" } }),
  });
  network.serve("lab-ssh", {
    stream: {
      open: () => ({ bytes: "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", close: "fin" }),
      receive: () => ({ close: "fin" }),
    },
  });
  network.serve("lab-closing", closing);
  network.serve("lab-dns", {
    dns(query) {
      const message = labDns(query);
      return message && { message };
    },
  });
}
