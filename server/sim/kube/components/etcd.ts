import { rfc3339Micro } from "../../kernel/index.ts";
import type { Daemon, DaemonProcess, Hosts } from "../../host/index.ts";
import { GO_CIPHERS, namespaceOf, networkOfHosts, openSocket, type Application } from "../../net/index.ts";
import { listFlag, parseFlags, type Flags, type FlagTable } from "./go-flags.ts";
import { parseEndpoint, type Endpoint } from "./urls.ts";

/** The flags that kubeadm gives etcd, and others that people try (etcd 3.5 `etcd --help`). */
const FLAGS: FlagTable = {
  "advertise-client-urls": "list",
  "cert-file": "string",
  "client-cert-auth": "bool",
  "data-dir": "string",
  "experimental-initial-corrupt-check": "bool",
  "experimental-watch-progress-notify-interval": "duration",
  "initial-advertise-peer-urls": "list",
  "initial-cluster": "list",
  "initial-cluster-state": "string",
  "initial-cluster-token": "string",
  "key-file": "string",
  "listen-client-urls": "list",
  "listen-metrics-urls": "list",
  "listen-peer-urls": "list",
  name: "string",
  "peer-cert-file": "string",
  "peer-client-cert-auth": "bool",
  "peer-key-file": "string",
  "peer-trusted-ca-file": "string",
  "snapshot-count": "number",
  "trusted-ca-file": "string",
  "auto-compaction-mode": "unsimulated",
  "auto-compaction-retention": "unsimulated",
  "auto-tls": "unsimulated",
  "cipher-suites": "unsimulated",
  debug: "unsimulated",
  discovery: "unsimulated",
  "election-timeout": "unsimulated",
  "force-new-cluster": "unsimulated",
  "heartbeat-interval": "unsimulated",
  "log-level": "unsimulated",
  "max-request-bytes": "unsimulated",
  "quota-backend-bytes": "unsimulated",
  "wal-dir": "unsimulated",
};

/** What the database file holds in place of data: which cluster's objects the tables of the simulation keep for it. */
export function etcdDatabase(cluster: string): string {
  return `drydock etcd database of cluster ${cluster}\n`;
}

export const ETCD_CLIENT = "etcd-client";
const ETCD_PEER = "etcd-peer";
const ETCD_METRICS = "etcd-metrics";

/** etcd as kubeadm runs it: one member. Its data are the tables of the cluster's API server. */
export const etcd: Daemon = {
  name: "etcd",
  summary: "a distributed, reliable key-value store",
  start(self) {
    const flags = parseFlags(self.argv.slice(1), FLAGS);
    if ("unsimulated" in flags) return fail(self, `drydock: etcd: '${flags.unsimulated}' is not simulated`, 64);
    if ("error" in flags)
      return fail(self, `Error: ${flags.error.replace("unknown flag: --", "flag provided but not defined: -")}`, 2);
    log(self, "info", "etcdmain/etcd.go:73", "Running: ", { args: self.argv });
    const missing = [
      "cert-file",
      "key-file",
      "trusted-ca-file",
      "peer-cert-file",
      "peer-key-file",
      "peer-trusted-ca-file",
    ]
      .map((name) => flags.get(name))
      .find((path) => path !== undefined && !self.host.files.exists(path, self));
    if (missing !== undefined) {
      log(self, "fatal", "etcdmain/etcd.go:204", "discovery failed", {
        error: `open ${missing}: no such file or directory`,
      });
      return self.exit(1);
    }
    const cluster = readDatabase(self, flags);
    if (cluster === undefined)
      return fail(self, "drydock: etcd: starting with an empty data directory is not simulated", 64);
    if (!listen(self, flags, cluster)) return self.exit(1);
    log(self, "info", "embed/serve.go:210", "serving client traffic securely", {
      traffic: "grpc+http",
      address: "127.0.0.1:2379",
    });
  },
  signal(self, signal) {
    if (signal !== "SIGTERM") return false;
    log(self, "info", "osutil/interrupt_unix.go:64", "received signal; shutting down", { signal: "terminated" });
    self.exit(0);
    return true;
  },
};

function readDatabase(self: DaemonProcess, flags: Flags): string | undefined {
  const text = self.host.readText(`${flags.get("data-dir") ?? "default.etcd"}/member/snap/db`);
  return /^drydock etcd database of cluster (\S+)\n/.exec(text ?? "")?.[1];
}

function listen(self: DaemonProcess, flags: Flags, cluster: string): boolean {
  const sockets = [
    ...endpoints(flags, "listen-client-urls").map((endpoint) => ({ endpoint, application: ETCD_CLIENT })),
    ...endpoints(flags, "listen-peer-urls").map((endpoint) => ({ endpoint, application: ETCD_PEER })),
    ...endpoints(flags, "listen-metrics-urls").map((endpoint) => ({ endpoint, application: ETCD_METRICS })),
  ];
  const certificate = flags.get("cert-file");
  for (const { endpoint, application } of sockets) {
    if (!endpoint) return false;
    const opened = openSocket(namespaceOf(self), {
      protocol: "tcp",
      address: endpoint.host,
      port: endpoint.port,
      backlog: 4096,
      reuseAddress: true,
      pid: self.pid,
      application,
      args: {
        cluster,
        host: self.host.name,
        certificate,
        trusted: flags.get("client-cert-auth") === "true" ? flags.get("trusted-ca-file") : undefined,
        name: flags.get("name") ?? "default",
        peers: listFlag(flags, "initial-advertise-peer-urls"),
        clients: listFlag(flags, "advertise-client-urls"),
      } satisfies Omit<EtcdSocket, "certificate" | "trusted"> & Record<string, unknown>,
    });
    if (opened.ok) continue;
    const words = opened.errno === "EADDRINUSE" ? "address already in use" : "cannot assign requested address";
    log(self, "fatal", "etcdmain/etcd.go:204", "discovery failed", {
      error: `listen tcp ${endpoint.host}:${endpoint.port}: bind: ${words}`,
    });
    return false;
  }
  return true;
}

function endpoints(flags: Flags, name: string): (Endpoint | undefined)[] {
  return listFlag(flags, name).map(parseEndpoint);
}

function fail(self: DaemonProcess, line: string, code: number): void {
  self.log(line);
  self.exit(code);
}

/** etcd logs JSON lines (zap). */
function log(self: DaemonProcess, level: string, caller: string, msg: string, fields: object): void {
  self.log(JSON.stringify({ level, ts: rfc3339Micro(self.kernel.now), caller, msg, ...fields }));
}

/** What a client finds at the other end of its connection. */
export interface EtcdSocket {
  readonly cluster: string;
  /** The machine that it runs on. */
  readonly host: string;
  readonly certificate?: string;
  /** The file of the authorities that clients' certificates must be of; undefined if they need none. */
  readonly trusted?: string;
  readonly name: string;
  readonly peers: readonly string[];
  readonly clients: readonly string[];
}

/** Binds what answers at etcd's ports. Once per world. */
export function bindEtcd(hosts: Hosts): void {
  const network = networkOfHosts(hosts);
  const tls: NonNullable<Application["tls"]> = (_hello, context) => {
    const { host, certificate } = context.args as EtcdSocket;
    const pem = certificate === undefined ? undefined : hosts.host(host)?.readText(certificate);
    return pem === undefined
      ? { alert: "internal_error" }
      : { chain: [pem], alpn: "h2", ciphers: GO_CIPHERS, requestsCertificate: true };
  };
  network.serve(ETCD_CLIENT, { tls, http: () => ({ close: "reset" }) });
  network.serve(ETCD_PEER, { tls, http: () => ({ close: "reset" }) });
  network.serve(ETCD_METRICS, { answersBy: () => "", http: (request) => metrics(request.target) });
}

function metrics(target: string): ReturnType<NonNullable<Application["http"]>> {
  const path = target.replace(/\?.*/, "");
  if (path === "/health") return answer(200, "application/json", '{"health":"true","reason":""}');
  if (path === "/livez" || path === "/readyz") return answer(200, "text/plain; charset=utf-8", "ok\n");
  return answer(404, "text/plain; charset=utf-8", "404 page not found\n");
}

function answer(status: number, type: string, body: string): ReturnType<NonNullable<Application["http"]>> {
  return {
    status,
    reason: status === 200 ? "OK" : "Not Found",
    headers: [
      ["Content-Type", type],
      ["Content-Length", String(body.length)],
    ],
    body,
  };
}
