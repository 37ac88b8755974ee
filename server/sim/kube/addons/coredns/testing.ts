import {
  bindServices,
  buildBaseFiles,
  deviceFiles,
  Hosts,
  programStub,
  ROOT,
  spawn,
  type ExitStatus,
  type Profile,
  type Signal,
} from "../../../host/index.ts";
import { decode, fromCalendar, HOUR, Kernel, run, SECOND, type KernelSnapshot } from "../../../kernel/index.ts";
import { testKernel, turn } from "../../../kernel/testing.ts";
import {
  bindNetwork,
  connect,
  decodeDns,
  dnsQuery,
  encodeDns,
  exchange,
  exchangeDatagram,
  findLink,
  bringDown,
  bringUp,
  closeSocket,
  httpExchange,
  Network,
  openSocket,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  type Edns,
  type Namespace,
  type RecordType,
} from "../../../net/index.ts";
import { machine } from "../../../net/testing.ts";
import { API_SERVER, apiServerApplication } from "../../access/server.ts";
import { Client, type EndpointSlice, type Service } from "../../api/index.ts";
import { clustersOf, provideClusters, type Cluster } from "../../cluster/cluster.ts";
import { endpointSlices, namespaces, services } from "../../kinds/index.ts";
import { certificatePem, identity, issueCertificate, KeyRing } from "../../pki/index.ts";
import { authority } from "../../pki/testing.ts";
import { bindCoreDns, coreDnsDaemons } from "./index.ts";

export const DNS_ADDRESS = "10.0.0.2";
const API_ADDRESS = "10.0.0.1";
export const CLIENT_ADDRESS = "10.0.0.3";
export const UPSTREAM_ADDRESS = "10.0.0.53";
const SECRETS = "/var/run/secrets/kubernetes.io/serviceaccount";
const USER = { name: "system:serviceaccount:kube-system:coredns", groups: ["system:authenticated"] };
const ADMIN = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

/** kubeadm's Corefile. */
export const KUBEADM = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

/** Answers of the upstream server by `name type`, and how often it was asked. */
type Upstream = Readonly<Record<string, Partial<DnsMessage>>>;

/** A CoreDNS on a machine of its own, beside an API server, a client and an upstream name server. */
export class DnsWorld {
  readonly hosts: Hosts;
  readonly network: Network;
  readonly kernel: Kernel;
  readonly cluster: Cluster;
  readonly lines: string[] = [];
  /** Questions that the upstream server has seen. */
  readonly asked: string[] = [];
  upstream: Upstream = {};
  exit: ExitStatus | undefined;
  pid = 0;

  constructor(kernel: Kernel = testKernel(), fresh = true) {
    this.kernel = kernel;
    const daemons = new Map(coreDnsDaemons.map((daemon) => [daemon.name, daemon]));
    this.hosts = new Hosts(kernel, { find: (name) => daemons.get(name) }, [PROFILE]);
    this.network = new Network(kernel);
    bindServices(this.hosts);
    bindNetwork(this.hosts, this.network);
    provideClusters(this.hosts);
    bindCoreDns(this.hosts);
    this.network.serve(API_SERVER, apiServerApplication(this.hosts));
    this.network.serve("upstream", { dns: (query) => this.#answer(query) });
    this.hosts.onLog("container", (_, __, ___, fd, data) => {
      this.lines.push(
        ...decode(data)
          .replace(/\n$/, "")
          .split("\n")
          .map((line) => (fd === 2 ? `2> ${line}` : line)),
      );
    });
    kernel.handle("test/ended", (args: { status: ExitStatus }) => (this.exit = args.status));
    if (fresh) this.#build();
    this.cluster = clustersOf(this.hosts).get("test")!;
    this.cluster.guard = { readToken: (token) => (token === "secret" ? USER : undefined) };
  }

  #build(): void {
    const addresses = { api: API_ADDRESS, dns: DNS_ADDRESS, client: CLIENT_ADDRESS, upstream: UPSTREAM_ADDRESS };
    for (const [name, address] of Object.entries(addresses)) {
      const ns = machine(this.network, name, { segment: "lan", address: `${address}/24` });
      const row = {
        profile: "test",
        cpus: 2,
        memory: 2_048_000,
        bootedAt: this.kernel.now,
        bootId: "0",
        machineId: "1",
      };
      this.hosts.addMachine({ name, ...row }, ns.id, 100);
    }
    const ca = authority("kubernetes");
    const key = new KeyRing(1).rsa("apiserver");
    const { now } = this.kernel;
    const serving = issueCertificate(
      {
        serial: 2n,
        subject: identity("kube-apiserver"),
        notBefore: now - HOUR,
        notAfter: now + 1000 * HOUR,
        publicKey: key.public,
        keyUsage: ["digitalSignature"],
        extendedKeyUsage: ["serverAuth"],
        ipAddresses: [API_ADDRESS],
      },
      ca,
    );
    this.write("api", "/etc/ca.crt", certificatePem(ca.certificate));
    this.write("api", "/etc/apiserver.crt", certificatePem(serving));
    this.write("dns", `${SECRETS}/ca.crt`, certificatePem(ca.certificate));
    this.write("dns", `${SECRETS}/token`, "secret");
    this.write("dns", "/etc/resolv.conf", `nameserver ${UPSTREAM_ADDRESS}\n`);
    this.write("dns", "/coredns", programStub("coredns"), 0o755);
    const cluster = clustersOf(this.hosts).add({ name: "test", version: "v1.33.1", created: now });
    cluster.update({
      apiServer: { machine: "api", host: "api", pid: 1 },
      files: { clientCa: "/etc/ca.crt", servingCertificate: "/etc/apiserver.crt" },
    });
    this.openApi();
    const common = { address: "0.0.0.0", port: 53, application: "upstream" };
    openSocket(this.ns("upstream"), { ...common, protocol: "udp" });
    openSocket(this.ns("upstream"), { ...common, protocol: "tcp", backlog: 8 });
    const client = new Client(cluster.api, { user: ADMIN, userAgent: "test" });
    for (const name of ["default", "kube-system"]) client.create(namespaces, { metadata: { name } });
  }

  openApi(): void {
    openSocket(this.ns("api"), {
      protocol: "tcp",
      address: "0.0.0.0",
      port: 6443,
      backlog: 8,
      application: API_SERVER,
      args: { cluster: "test" },
    });
  }

  closeApi(): void {
    const ns = this.ns("api");
    for (const row of ns.sockets.values()) if (row.port === 6443) closeSocket(ns, row.id);
  }

  ns(name: string): Namespace {
    return this.network.namespace(name);
  }

  get client(): Client {
    return new Client(this.cluster.api, { user: ADMIN, userAgent: "test" });
  }

  write(host: string, path: string, text: string, mode = 0o644): void {
    const { files } = this.hosts.host(host)!;
    files.mkdir(path.replace(/\/[^/]*$/, "") || "/", { parents: true });
    files.write(path, text, { mode }, { ...ROOT, umask: 0 });
  }

  /** Starts CoreDNS with that Corefile and lets a second pass. */
  async start(
    corefile: string = KUBEADM,
    options: { seconds?: number; env?: Record<string, string>; args?: string[] } = {},
  ): Promise<this> {
    this.write("dns", "/etc/coredns/Corefile", corefile);
    this.pid = spawn(this.hosts.host("dns")!, {
      path: "/coredns",
      argv: ["/coredns", ...(options.args ?? ["-conf", "/etc/coredns/Corefile"])],
      env: { KUBERNETES_SERVICE_HOST: API_ADDRESS, KUBERNETES_SERVICE_PORT: "6443", ...options.env },
      cwd: "/",
      as: ROOT,
      ppid: 0,
      log: { kind: "container", path: "coredns" },
      onExit: { kind: "test/ended", args: {} },
    });
    await this.pass(options.seconds ?? 1);
    return this;
  }

  async pass(seconds: number): Promise<void> {
    await run(this.kernel, () => false, this.kernel.now + seconds * SECOND);
  }

  signal(signal: Signal): void {
    this.hosts.machine("dns").signal(this.pid, signal);
  }

  /** Lines that were printed since it was asked last. */
  logs(): string[] {
    return this.lines.splice(0);
  }

  /** Asks as dig does, without EDNS unless it is given; `no answer`, or `refused`. */
  ask(
    name: string,
    type: RecordType = "A",
    options: { edns?: Edns; class?: DnsQuestion["class"]; tcp?: boolean } = {},
  ): DnsMessage | string {
    return this.timed(name, type, options).message;
  }

  timed(
    name: string,
    type: RecordType = "A",
    options: { edns?: Edns; class?: DnsQuestion["class"] } = {},
  ): { message: DnsMessage | string; seconds: number } {
    const plain = dnsQuery(4711, name, type, options.edns ? { edns: options.edns } : {});
    const query = { ...plain, questions: [{ ...plain.questions[0]!, class: options.class ?? "IN" }] };
    const result = exchangeDatagram(this.ns("client"), { to: DNS_ADDRESS, port: 53 }, encodeDns(query));
    const [first] = result.answers;
    if (!first) return { message: result.errno === "ECONNREFUSED" ? "refused" : "no answer", seconds: 0 };
    return { message: decodeDns(first.bytes)!, seconds: Math.round(first.delay / 100_000) / 10 };
  }

  /** The same over TCP. */
  askTcp(name: string, type: RecordType = "A"): DnsMessage | string {
    const dialled = connect(this.ns("client"), { to: DNS_ADDRESS, port: 53 });
    if (!dialled.connection) return dialled.outcome;
    const query = encodeDns(dnsQuery(4712, name, type));
    const whole = (bytes: string): boolean =>
      bytes.length > 2 && bytes.length >= 2 + ((bytes.charCodeAt(0) << 8) | bytes.charCodeAt(1));
    const result = exchange(
      dialled.connection,
      String.fromCharCode(query.length >> 8, query.length & 255) + query,
      whole,
    );
    dialled.connection.close();
    return decodeDns(result.bytes.slice(2)) ?? result.outcome;
  }

  /** The answer as `dig +noall +answer +authority +additional +comments` would tell it in lines. */
  dig(name: string, type: RecordType = "A"): string[] {
    return shown(this.ask(name, type));
  }

  get(path: string, port: number): string {
    const dialled = connect(this.ns("client"), { to: DNS_ADDRESS, port });
    if (!dialled.connection || dialled.outcome !== "connected") return dialled.outcome;
    const result = httpExchange(dialled.connection, {
      method: "GET",
      target: path,
      version: "HTTP/1.1",
      headers: [["Host", "x"]],
      body: "",
    });
    dialled.connection.close();
    return result.outcome === "response" ? `${result.response.status} ${result.response.body}` : result.outcome;
  }

  cut(name: string): void {
    bringDown(this.ns(name), findLink(this.ns(name), "eth0")!.index);
  }

  mend(name: string): void {
    bringUp(this.ns(name), findLink(this.ns(name), "eth0")!.index);
  }

  /** The upstream server does not listen there any more. */
  closeUpstream(protocol: "tcp" | "udp"): void {
    const ns = this.ns("upstream");
    for (const row of ns.sockets.values()) if (row.protocol === protocol && row.port === 53) closeSocket(ns, row.id);
  }

  // Objects

  service(name: string, spec: Partial<Service["spec"]> = {}, namespace = "default"): Service {
    const ports = [{ name: "http", port: 80 }];
    return this.client.create(services, {
      metadata: { name, namespace },
      spec: { ports, ...spec },
    });
  }

  slice(
    service: string,
    endpoints: EndpointSlice["endpoints"],
    ports: EndpointSlice["ports"] = [{ name: "http", port: 8080, protocol: "TCP" }],
    namespace = "default",
  ): EndpointSlice {
    const metadata = { name: `${service}-abcde`, namespace, labels: { "kubernetes.io/service-name": service } };
    return this.client.create(endpointSlices, {
      metadata,
      addressType: "IPv4",
      endpoints,
      ports,
    });
  }

  /** The same world as its snapshot makes it, by way of JSON. */
  restored(): DnsWorld {
    const snapshot = JSON.parse(JSON.stringify(this.kernel.snapshot())) as KernelSnapshot;
    const kernel = Kernel.restore(snapshot, { turn }, () => PROFILE.files);
    const copy = new DnsWorld(kernel, false);
    copy.pid = this.pid;
    copy.upstream = this.upstream;
    return copy;
  }

  #answer(query: DnsMessage): { message: DnsMessage } {
    const [question] = query.questions;
    const key = `${question!.name} ${question!.type}`;
    this.asked.push(key);
    const known = this.upstream[key];
    const base = { ...query, response: true, recursionAvailable: true, rcode: "NXDOMAIN" as const };
    return { message: known ? { ...base, rcode: "NOERROR", ...known } : base };
  }
}

/** Header and records in lines: `NXDOMAIN qr aa rd`, `answer web. 30 A 10.0.0.1`. */
export function shown(message: DnsMessage | string): string[] {
  if (typeof message === "string") return [message];
  const flags = [
    message.response && "qr",
    message.authoritative && "aa",
    message.truncated && "tc",
    message.recursionDesired && "rd",
    message.recursionAvailable && "ra",
  ].filter((flag) => flag !== false);
  const section = (name: string, records: readonly DnsRecord[]): string[] =>
    records.map((record) => `${name} ${recordText(record)}`);
  return [
    [message.rcode, ...flags].join(" "),
    ...section("answer", message.answers),
    ...section("authority", message.authorities),
    ...section("additional", message.additionals),
  ];
}

export function recordText(record: DnsRecord): string {
  const { name, ttl, type, ...data } = record;
  return `${name} ${ttl} ${type} ${Object.values(data).flat().join(" ")}`;
}

const PROFILE: Profile = {
  name: "test",
  kernelRelease: "6.8.0-51-generic",
  kernelVersion: "#52-Ubuntu SMP PREEMPT_DYNAMIC Thu Dec 5 13:09:44 UTC 2024",
  architecture: "x86_64",
  versions: {},
  files: buildBaseFiles("profile:test", deviceFiles, fromCalendar(2026, 11, 1)),
};
