import { SECOND } from "../../../kernel/index.ts";
import { DaemonProcess, type Daemon, type Hosts } from "../../../host/index.ts";
import { namespaceOf, networkOfHosts, openSocket } from "../../../net/index.ts";
import { admissionPlugins } from "../../api/index.ts";
import { API_SERVER, apiServerApplication } from "../../access/server.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { commandFailed, log, refuseFlags } from "../component.ts";
import { controlPlaneOf } from "../control-plane.ts";
import { isFlagProblem, listFlag, parseFlags, type Flags } from "../go-flags.ts";
import { openIdDocument } from "./authentication/openid.ts";
import { signToken } from "./authentication/service-account-tokens.ts";
import { readTokenFile, type StaticToken } from "./authentication/token-file.ts";
import { readToken, reviewToken } from "./authentication/tokens.ts";
import { authorize, reviewRules } from "./authorize.ts";
import { reconcileBootstrapPolicy } from "./bootstrap-policy/reconcile.ts";
import { ServiceAggregator } from "./aggregator.ts";
import { ApiServiceAvailability } from "./availability.ts";
import { EtcdWatch, findEtcd, openWatches } from "./etcd-watch.ts";
import { FILES, FLAGS } from "./flags.ts";
import { leaveIdentityLease, takeIdentityLease } from "./identity-lease.ts";
import { missingInStorage, resolve, rulesOf } from "./rbac/resolver.ts";
import { serveProxies, standpoint } from "./proxy.ts";
import { settingsOf } from "./settings.ts";
import { callWebhook } from "./webhooks.ts";

const VERSION = "v1.33.1";
/** storage_factory gives etcd that long at start. */
const ETCD_PATIENCE = 20 * SECOND;
const RETRY = "kube-apiserver/etcd";

interface Waiting {
  readonly machine: string;
  readonly pid: number;
  readonly since: number;
}

/** kube-apiserver: checks its flags and files, waits for etcd, and serves its cluster's API. */
export const kubeApiserver: Daemon = {
  name: "kube-apiserver",
  summary: "the Kubernetes API server",
  start(self) {
    const flags = flagsOf(self);
    if (!flags) return;
    log(
      self,
      "I",
      "options.go:249",
      `external host was not specified, using ${flags.get("advertise-address") ?? "127.0.0.1"}`,
    );
    const settings = settingsOf(flags);
    if ("error" in settings) return commandFailed(self, settings.error);
    const wrong = fileProblem(self, flags);
    if (wrong !== undefined) return commandFailed(self, wrong);
    const tokens = staticTokens(self, flags);
    if ("error" in tokens) return commandFailed(self, tokens.error);
    log(self, "I", "server.go:147", `Version: ${VERSION}`);
    log(self, "I", "server.go:149", '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""');
    for (const name of listFlag(flags, "enable-admission-plugins"))
      if (admissionPlugins().notSimulated.includes(name))
        self.log(`drydock: kube-apiserver: admission plugin '${name}' is not simulated`);
    connectEtcd(self, { machine: self.host.machine.name, pid: self.pid, since: self.kernel.now });
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    log(self, "I", "controller.go:128", "Shutting down kubernetes service endpoint reconciler");
    self.exit(0);
    return true;
  },
  stopped(self) {
    for (const cluster of clustersOf(self.host.hosts).list()) {
      const running = cluster.row.apiServer;
      if (running?.pid !== self.pid || running.machine !== self.host.machine.name) continue;
      cluster.update({ apiServer: undefined });
      leaveIdentityLease(cluster, self.host.hostname);
      controlPlaneOf(self.host.hosts).apiServerStopped(cluster);
    }
  },
};

function flagsOf(self: DaemonProcess): Flags | undefined {
  const flags = parseFlags(self.argv.slice(1), FLAGS);
  if (!isFlagProblem(flags)) return flags;
  refuseFlags(self, "kube-apiserver", flags, "");
  return undefined;
}

function fileProblem(self: DaemonProcess, flags: Flags): string | undefined {
  for (const [flag, words] of FILES) {
    const path = flags.get(flag);
    if (path !== undefined && !self.host.files.exists(path, self))
      return `${words}open ${path}: no such file or directory`;
  }
  return undefined;
}

function staticTokens(self: DaemonProcess, flags: Flags): readonly StaticToken[] | { readonly error: string } {
  const path = flags.get("token-auth-file");
  return path === undefined ? [] : readTokenFile(self.host.readText(path) ?? "", path);
}

/** Looks for etcd; serves if it answers, tries again for as long as the real server does, then gives up. */
function connectEtcd(self: DaemonProcess, waiting: Waiting): void {
  const flags = flagsOf(self);
  if (!flags) return;
  const found = findEtcd(self, flags);
  if ("cluster" in found) return serve(self, flags, found.cluster);
  const { target, error } = found;
  log(
    self,
    "W",
    "logging.go:55",
    `[core] [Channel #1 SubChannel #3]grpc: addrConn.createTransport failed to connect to {Addr: "${target}", ServerName: "${target}", }. Err: connection error: desc = "transport: Error while dialing: ${error}"`,
  );
  if (self.kernel.now - waiting.since < ETCD_PATIENCE) self.kernel.after(5 * SECOND, RETRY, waiting);
  else {
    log(
      self,
      "F",
      "instance.go:226",
      "Error creating leases: error creating storage factory: context deadline exceeded",
    );
    self.exit(255);
  }
}

function serve(self: DaemonProcess, flags: Flags, cluster: Cluster): void {
  const settings = settingsOf(flags);
  if ("error" in settings) return;
  const port = Number(flags.get("secure-port") ?? 6443);
  const address = flags.get("bind-address") ?? "::";
  const opened = openSocket(namespaceOf(self), {
    protocol: "tcp",
    address,
    port,
    backlog: 4096,
    reuseAddress: true,
    pid: self.pid,
    application: API_SERVER,
    args: { cluster: cluster.name },
  });
  if (!opened.ok)
    return commandFailed(
      self,
      `failed to create listener: failed to listen on ${address === "::" ? "0.0.0.0" : address}:${port}: listen tcp ${address === "::" ? "0.0.0.0" : address}:${port}: bind: address already in use`,
    );
  const tokens = staticTokens(self, flags);
  cluster.update({
    staticTokens: "error" in tokens || tokens.length === 0 ? undefined : tokens,
    apiServer: { machine: self.host.machine.name, pid: self.pid, host: self.host.name },
    settings,
    files: {
      clientCa: flags.get("client-ca-file") ?? "",
      servingCertificate: flags.get("tls-cert-file") ?? "",
      ...named("requestHeaderCa", flags.get("requestheader-client-ca-file")),
      ...named("serviceAccountKey", listFlag(flags, "service-account-key-file")[0]),
      ...named("serviceAccountSigningKey", flags.get("service-account-signing-key-file")),
    },
  });
  cluster.api.requests.clear();
  log(self, "I", "secure_serving.go:211", `Serving securely on [::]:${port}`);
  reconcileBootstrapPolicy(cluster.api);
  takeIdentityLease(cluster, self.host.hostname);
  controlPlaneOf(self.host.hosts).apiServerStarted(cluster);
  openWatches(self, flags);
}

function named(key: string, path: string | undefined): Record<string, string> {
  return path === undefined ? {} : { [key]: path };
}

/** Binds what the API servers of a world do later than at their start. Once per world. */
export function bindKubeApiserver(hosts: Hosts): void {
  networkOfHosts(hosts).serve(API_SERVER, apiServerApplication(hosts));
  hosts.kernel.handle(RETRY, (waiting: Waiting) => {
    const row = hosts.machine(waiting.machine).process(waiting.pid);
    const host = row && row.state !== "zombie" ? hosts.host(row.host) : undefined;
    if (host) connectEtcd(new DaemonProcess(host, waiting.pid), waiting);
  });
  clustersOf(hosts).each((cluster) => {
    guard(cluster);
    serveProxies(cluster);
    const aggregator = new ServiceAggregator(cluster);
    cluster.api.aggregator = aggregator;
    const availability = new ApiServiceAvailability(cluster, aggregator);
    controlPlaneOf(hosts).onApiServerStart((started) => {
      if (started === cluster) availability.start();
    });
  });
}

/** What the running server asks anew for requests: whether etcd answers, and who may do what. */
function guard(cluster: Cluster): void {
  const { api } = cluster;
  const etcd = new EtcdWatch(cluster);
  const modes = (): readonly string[] => cluster.row.settings?.authorizationModes ?? [];
  cluster.guard = {
    authorize: (attributes) => authorize(api, modes(), attributes),
    access: {
      rulesFor: (user, namespace) => resolve(api.store, user, namespace, missingInStorage),
      rulesOf: (role, namespace) => rulesOf(api.store, role, namespace),
      reviewRules: (user, namespace) => reviewRules(api, modes(), user, namespace),
      reviewToken: (token, audiences) => reviewToken(cluster, token, audiences),
    },
    readToken: (token) => readToken(cluster, token),
    signToken: (claims) => signToken(cluster, claims),
    openId: (path) => openIdDocument(cluster, path),
    callWebhook: (call) => callWebhook(cluster, call),
    logWarning(source, text) {
      const { self } = standpoint(cluster);
      if (self) log(self, "W", source, text);
    },
    etcdError: () => etcd.problem(),
  };
}
