import { MINUTE, rfc3339, SECOND, type Kernel, type Table } from "../../../kernel/index.ts";
import { DaemonProcess, Part, type Hosts } from "../../../host/index.ts";
import { namespaceOf, networkOfHosts, type Namespace } from "../../../net/index.ts";
import { klogLine } from "../../components/klog.ts";
import { anyKind, sameJson, type Node } from "../../api/index.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { nodes } from "../../kinds/index.ts";
import { Iptables } from "../cni/index.ts";
import { ApiSession } from "./api-session.ts";
import type { Log } from "./external-interface.ts";
import { addGatewayLease, removeGatewayLease } from "./host-gw.ts";
import { goEvent, leaseOf, type Lease } from "./lease.ts";
import { readNetConf } from "./net-conf.ts";
import { register } from "./register.ts";
import { rowKey, type FlannelRow, type KnownLease, type Registered } from "./row.ts";
import { NOTHING, readSubnetFile, writeSubnetFile } from "./subnet-file.ts";
import { deleteRules, forwardRules, masqueradeRules, rulesStand, writeRules } from "./traffic.ts";
import { addVxlanLease, removeVxlanLease } from "./vxlan.ts";

const STEP = "flannel/step";
const RESYNC = "flannel/resync";
const CATCH_UP = "flannel/catch-up";

/** What a flanneld does next, at a time. */
interface Step {
  readonly key: string;
  readonly step: "connect" | "list" | "register" | "fail";
  readonly source?: string;
  readonly message?: string;
}

/** How long a connection is tried, how often it looks whether nodes are listed, and when it gives up (kube.go). */
const DIAL_TIMEOUT = 30 * SECOND;
const SYNC_POLL = SECOND;
const SYNC_TIMEOUT = 10 * MINUTE;
/** A reflector that was refused tries again after a while. */
const RELIST = 30 * SECOND;

/** All flannelds of a world. They are driven by watches on Nodes and by changes of their machines' rules. */
class FlannelDaemons {
  readonly #hosts: Hosts;
  readonly #kernel: Kernel;
  readonly #rows: Table<string, FlannelRow>;
  readonly #sessions = new Map<string, ApiSession>();

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.#kernel = hosts.kernel;
    this.#rows = this.#kernel.state.table("flannel");
    this.#kernel.handle<Step>(STEP, (step) => this.#step(step));
    this.#kernel.handle<string>(RESYNC, (key) => this.#resync(key));
    this.#kernel.handle<string>(CATCH_UP, (key) => this.#catchUp(key));
    clustersOf(hosts).each((cluster) =>
      cluster.api.store.listen(anyKind(nodes), ({ object }) => this.#nodeChanged(cluster, object.metadata.name)),
    );
    networkOfHosts(hosts).ruleListeners.push((ns) => this.#rulesChanged(ns));
  }

  // Its life

  started(self: DaemonProcess, row: Omit<FlannelRow, "machine" | "host" | "pid" | "leases">): void {
    const whole: FlannelRow = {
      ...row,
      machine: self.host.machine.name,
      host: self.host.name,
      pid: self.pid,
      leases: {},
    };
    const key = rowKey(whole);
    this.#rows.set(key, whole);
    this.#step({ key, step: "connect" });
  }

  stopped(self: DaemonProcess): void {
    const key = rowKey({ machine: self.host.machine.name, pid: self.pid });
    this.#rows.delete(key);
    this.#sessions.delete(key);
  }

  #step({ key, step, source, message }: Step): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    if (!row || !self) return;
    if (step === "connect") this.#connect(self, row);
    else if (step === "list") this.#list(self, row);
    else if (step === "register") this.#register(self, row);
    else this.#fail(self, source!, message!);
  }

  #later(key: string, step: Step["step"], delay: number, more: Partial<Step> & { periodic?: boolean } = {}): void {
    const { periodic = false, ...rest } = more;
    this.#kernel.after(delay, STEP, { key, step, ...rest }, { periodic });
  }

  #fail(self: DaemonProcess, source: string, message: string): void {
    logOf(self)("E", source, message);
    if (source === "main.go:351" || source === "main.go:359")
      logOf(self)("I", "main.go:459", "Stopping shutdownHandler...");
    self.exit(1);
  }

  /** Finds out on which node it runs (kube.go NewSubnetManager). */
  #connect(self: DaemonProcess, row: FlannelRow): void {
    const key = rowKey(row);
    const refuse = (why: string): void => {
      const message = `Failed to create SubnetManager: ${why}`;
      if (why.endsWith("i/o timeout")) this.#later(key, "fail", DIAL_TIMEOUT, { source: "main.go:228", message });
      else this.#fail(self, "main.go:228", message);
    };
    if (row.options.kubeConfigFile === "")
      logOf(self)(
        "W",
        "client_config.go:659",
        "Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.",
      );
    let { NODE_NAME: node = "" } = self.env;
    if (node === "") {
      const { POD_NAME: name = "", POD_NAMESPACE: namespace = "" } = self.env;
      if (name === "" || namespace === "") return refuse("env variables POD_NAME and POD_NAMESPACE must be set");
      const pod = this.#session(self, row).pod(namespace, name);
      if ("error" in pod) return refuse(`error retrieving pod spec for '${namespace}/${name}': ${pod.error}`);
      node = pod.ok.spec.nodeName ?? "";
      if (node === "") return refuse(`node name not present in pod spec '${namespace}/${name}'`);
    }
    const path = row.options.netConfPath;
    const text = self.host.readText(path);
    if (text === undefined) return refuse(`failed to read net conf: open ${path}: no such file or directory`);
    const conf = readNetConf(text);
    if ("error" in conf) return refuse(`error parsing subnet config: ${conf.error}`);
    if ("unsimulated" in conf) {
      self.log(`drydock: flanneld: '${conf.unsimulated}' is not simulated`);
      return self.exit(64);
    }
    this.#rows.set(key, { ...row, node });
    const log = logOf(self);
    log("I", "kube.go:139", "Waiting 10m0s for node controller to sync");
    log("I", "kube.go:469", "Starting kube subnet manager");
    this.#later(key, "fail", SYNC_TIMEOUT, {
      source: "main.go:228",
      message:
        "Failed to create SubnetManager: error waiting for nodeController to sync state: timed out waiting for the condition",
      periodic: true,
    });
    this.#list(self, this.#rows.get(key)!);
  }

  /** The informer's first list of Nodes; a second later it is found to be there. */
  #list(self: DaemonProcess, row: FlannelRow): void {
    const key = rowKey(row);
    const listed = this.#session(self, row).nodes();
    if ("error" in listed) {
      logOf(self)(
        "E",
        "reflector.go:166",
        `"Unhandled Error" err="pkg/subnet/kube/kube.go:470: Failed to watch *v1.Node: failed to list *v1.Node: ${listed.error.replaceAll('"', '\\"')}" logger="UnhandledError"`,
      );
      return this.#later(key, "list", RELIST, { periodic: true });
    }
    this.#rows.set(key, { ...row, cluster: listed.cluster.name });
    for (const node of listed.ok.items) this.#see(key, node);
    this.#later(key, "register", SYNC_POLL);
  }

  #register(self: DaemonProcess, row: FlannelRow): void {
    this.#forgetSyncTimeout(rowKey(row));
    const log = logOf(self);
    log("I", "kube.go:146", "Node controller sync successful");
    log("I", "main.go:231", `Created subnet manager: Kubernetes Subnet Manager - ${row.node}`);
    log("I", "main.go:234", "Installing signal handlers");
    const registered = register(self, row, this.#session(self, row), log);
    if ("failed" in registered) return this.#fail(self, registered.failed.source, registered.failed.message);
    const bootstrapped = this.#writeRules(self, row, registered, log);
    this.#writeSubnetFile(self, row, registered, log);
    log("I", "main.go:427", "Running backend.");
    const source = registered.backend.type === "vxlan" ? "vxlan_network.go:65" : "route_network.go:56";
    const first = registered.backend.type === "vxlan" ? "watching" : "Watching";
    log("I", source, `${first} for new subnet leases`);
    this.#rows.set(rowKey(row), { ...this.#rows.get(rowKey(row))!, registered });
    this.#applyLeases(self, rowKey(row));
    this.#completeLease(self, row, log);
    log("I", "main.go:448", "Waiting for all goroutines to exit");
    for (let done = 0; done < bootstrapped; done++) log("I", "iptables.go:357", "bootstrap done");
  }

  #forgetSyncTimeout(key: string): void {
    for (const event of this.#kernel.events()) {
      if (event.kind !== STEP) continue;
      const step = event.args as Step;
      if (step.key === key && step.step === "fail") this.#kernel.cancel(event.id);
    }
  }

  /** The condition that keeps Pods away until the network is there (kube.go CompleteLease). */
  #completeLease(self: DaemonProcess, row: FlannelRow, log: Log): void {
    if (!row.options.setNetworkUnavailable) return;
    const now = rfc3339(this.#kernel.now);
    const condition = {
      type: "NetworkUnavailable",
      status: "False",
      lastHeartbeatTime: now,
      lastTransitionTime: now,
      reason: "FlannelIsUp",
      message: "Flannel is running on this node",
    };
    const patched = this.#session(self, row).patchNodeStatus(row.node!, { status: { conditions: [condition] } });
    if ("error" in patched) log("E", "main.go:441", `CompleteLease execute error err: ${patched.error}`);
  }

  #writeSubnetFile(self: DaemonProcess, { options }: FlannelRow, { network, subnet, mtu }: Registered, log: Log): void {
    const problem = writeSubnetFile(self, options.subnetFile, { network, subnet, mtu, ipMasq: options.ipMasq });
    if (problem === undefined) log("I", "main.go:423", `Wrote subnet file to ${options.subnetFile}`);
    else log("W", "main.go:421", `Failed to write subnet file: ${problem}`);
  }

  // Rules

  /** Writes its rules; how many sets of them. */
  #writeRules(self: DaemonProcess, { options }: FlannelRow, { network, subnet }: Registered, log: Log): number {
    log("I", "main.go:367", "Cleaning-up unused traffic manager rules");
    log("I", "nftables.go:278", "Cleaning-up nftables rules...");
    log("I", "iptables.go:50", "Starting flannel in iptables mode...");
    const iptables = Iptables.find(self);
    if ("error" in iptables) {
      log("E", "iptables.go:247", `Failed to setup IPTables. iptables binary was not found: ${iptables.error}`);
      return 0;
    }
    let sets = 0;
    if (options.ipMasq) {
      const former = (name: string): string => readSubnetFile(self, options.subnetFile, name);
      const [oldNetwork, oldSubnet] = [former("FLANNEL_NETWORK"), former("FLANNEL_SUBNET")];
      const missing = (name: string, source: string): void =>
        log("W", source, `no subnet found for key: ${name} in file: ${options.subnetFile}`);
      if (oldNetwork === NOTHING) missing("FLANNEL_NETWORK", "main.go:533");
      if (oldSubnet === NOTHING) missing("FLANNEL_SUBNET", "main.go:533");
      missing("FLANNEL_IPV6_NETWORK", "main.go:568");
      missing("FLANNEL_IPV6_SUBNET", "main.go:568");
      if (oldNetwork !== network || oldSubnet !== subnet) {
        log(
          "I",
          "iptables.go:100",
          `Current network or subnet (${network}, ${subnet}) is not equal to previous one (${oldNetwork}, ${oldSubnet}), trying to recycle old iptables rules`,
        );
        deleteRules(iptables, masqueradeRules(oldNetwork, oldSubnet));
      }
      log("I", "iptables.go:110", "Setting up masking rules");
      writeRules(iptables, masqueradeRules(network, subnet), { clear: true });
      sets++;
    }
    if (options.forwardRules) {
      log("I", "iptables.go:211", "Changing default FORWARD chain policy to ACCEPT");
      writeRules(iptables, forwardRules(network), { clear: true });
      sets++;
    }
    return sets;
  }

  /** The sets of rules that a flanneld keeps in order. */
  #ruleSets({ options, registered }: FlannelRow) {
    const { network, subnet } = registered!;
    return [
      ...(options.ipMasq ? [masqueradeRules(network, subnet)] : []),
      ...(options.forwardRules ? [forwardRules(network)] : []),
    ];
  }

  /** Upstream looks every few seconds; here it looks then only if it has reason to (iptables.go ensureIPTables). */
  #rulesChanged(ns: Namespace): void {
    for (const [key, row] of this.#rows.entries()) {
      if (!row.registered || row.resync || row.machine !== ns.machine) continue;
      const self = this.#process(row);
      if (!self || namespaceOf(self) !== ns) continue;
      const iptables = Iptables.find(self);
      if ("error" in iptables || this.#ruleSets(row).every((rules) => rulesStand(iptables, rules))) continue;
      const period = row.options.resyncSeconds * SECOND;
      const passed = (this.#kernel.now - self.row.startedAt) % period;
      this.#rows.set(key, { ...row, resync: true });
      this.#kernel.after(period - passed, RESYNC, key);
    }
  }

  #resync(key: string): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    const iptables = self && Iptables.find(self);
    if (!row || !self || !iptables || "error" in iptables) return;
    for (const rules of this.#ruleSets(row)) {
      if (rulesStand(iptables, rules)) continue;
      logOf(self)("I", "iptables.go:433", "Some iptables rules are missing; deleting and recreating rules");
      writeRules(iptables, rules, { clear: false });
      logOf(self)("I", "iptables.go:357", "bootstrap done");
    }
    const { resync: _, ...rest } = this.#rows.get(key)!;
    this.#rows.set(key, rest);
  }

  // Leases

  #nodeChanged(cluster: Cluster, name: string): void {
    for (const [key, row] of this.#rows.entries()) {
      if (row.cluster !== cluster.name) continue;
      const self = this.#process(row);
      if (!self) continue;
      if (!this.#session(self, row).open) {
        this.#kernel.after(RELIST, CATCH_UP, key, { periodic: true });
        continue;
      }
      const node = cluster.api.store.get(anyKind(nodes), "", name) as Node | undefined;
      if (node) this.#see(key, node);
      else this.#gone(key, name);
      this.#applyLeases(self, key);
    }
  }

  /** The way to the API server is open again: what has happened meanwhile is learned from a list. */
  #catchUp(key: string): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    if (!row || !self) return;
    const listed = this.#session(self, row).nodes();
    if ("error" in listed) return void this.#kernel.after(RELIST, CATCH_UP, key, { periodic: true });
    const names = new Set(listed.ok.items.map(({ metadata }) => metadata.name));
    for (const node of listed.ok.items) this.#see(key, node);
    for (const name of Object.keys(row.leases)) if (!names.has(name)) this.#gone(key, name);
    this.#applyLeases(self, key);
  }

  /** Notes a node's lease, if flannel runs there and it has changed. */
  #see(key: string, node: Node): void {
    const row = this.#rows.get(key)!;
    const { name, annotations } = node.metadata;
    if (annotations?.[row.names.managed] !== "true") return;
    const log = logOf(this.#process(row)!);
    const lease = leaseOf(node, row.names);
    if ("error" in lease) return log("I", "kube.go:275", `Error turning node "${name}" to lease: ${lease.error}`);
    if (sameJson(row.leases[name]?.lease, lease)) return;
    log(
      "I",
      "kube.go:490",
      `Creating the node lease for IPv4. This is the n.Spec.PodCIDRs: [${(node.spec.podCIDRs ?? []).join(" ")}]`,
    );
    this.#setLease(key, name, { lease, applied: false });
  }

  #setLease(key: string, name: string, known: KnownLease | undefined): void {
    const row = this.#rows.get(key)!;
    const { [name]: _, ...others } = row.leases;
    this.#rows.set(key, { ...row, leases: known ? { ...others, [name]: known } : others });
  }

  /** Lets what is known of other nodes take effect. The own lease never does. */
  #applyLeases(self: DaemonProcess, key: string): void {
    const row = this.#rows.get(key)!;
    if (!row.registered) return;
    for (const [name, { lease, applied }] of Object.entries(row.leases)) {
      if (applied) continue;
      this.#setLease(key, name, { lease, applied: true });
      if (lease.subnet !== row.registered.subnet) this.#event(self, row.registered, "added", lease);
    }
  }

  #gone(key: string, name: string): void {
    const row = this.#rows.get(key)!;
    const known = row.leases[name];
    const self = this.#process(row);
    if (!known || !self) return;
    this.#setLease(key, name, undefined);
    if (row.registered && known.applied && known.lease.subnet !== row.registered.subnet)
      this.#event(self, row.registered, "removed", known.lease);
  }

  #event(self: DaemonProcess, { backend, external }: Registered, type: "added" | "removed", lease: Lease): void {
    const log = logOf(self);
    const ns = namespaceOf(self);
    log("I", "subnet.go:152", `Batch elem [0] is { ${goEvent(type, lease)} }`);
    if (backend.type === "host-gw") {
      if (lease.backendType !== "host-gw")
        return log(
          "W",
          type === "added" ? "route_network.go:88" : "route_network.go:108",
          `Ignoring non-host-gw subnet: type=${lease.backendType}`,
        );
      if (type === "added") addGatewayLease(ns, external, lease, log);
      else removeGatewayLease(ns, external, lease, log);
      return;
    }
    const data = lease.backendData === "" ? "(nil)" : lease.backendData;
    log(
      "I",
      "vxlan_network.go:100",
      `Received Subnet Event with VxLan: BackendType: ${lease.backendType}, PublicIP: ${lease.publicIp}, PublicIPv6: (nil), BackendData: ${data}, BackendV6Data: (nil)`,
    );
    if (lease.backendType !== "vxlan")
      return log(
        "W",
        "vxlan_network.go:102",
        `ignoring non-vxlan v4Subnet(${lease.subnet}) v6Subnet(<nil>/0): type=${lease.backendType}`,
      );
    if (type === "added") addVxlanLease(ns, backend, lease, log);
    else removeVxlanLease(ns, backend, lease, log);
  }

  #process(row: FlannelRow): DaemonProcess | undefined {
    const host = this.#hosts.host(row.host);
    return host && this.#hosts.machine(row.machine).isAlive(row.pid) ? new DaemonProcess(host, row.pid) : undefined;
  }

  #session(self: DaemonProcess, row: FlannelRow): ApiSession {
    const key = rowKey(row);
    let session = this.#sessions.get(key);
    if (!session) this.#sessions.set(key, (session = new ApiSession(self, row.options.kubeConfigFile)));
    return session;
  }
}

/** Lines by klog. In its container it is process 1. */
export function logOf(self: DaemonProcess): Log {
  return (severity, source, message) =>
    self.log(klogLine(severity, self.kernel.now, self.host.pidOf(self.row), source, message));
}

const FLANNEL = new Part<FlannelDaemons>("flannel");

/** Binds the flannelds of a world. Once per world, after the clusters are known. */
export function bindFlannel(hosts: Hosts): void {
  hosts.provide(FLANNEL, new FlannelDaemons(hosts));
}

export function flannelDaemonsOf(hosts: Hosts): FlannelDaemons {
  return hosts.part(FLANNEL);
}
