import { Part, type DaemonProcess, type Hosts } from "../../../host/index.ts";
import { MINUTE, rfc3339, SECOND } from "../../../kernel/index.ts";
import type { Log } from "./external-interface.ts";
import { LeaseKeeper, RELIST } from "./lease-keeper.ts";
import { readNetConf } from "./net-conf.ts";
import { register } from "./register.ts";
import { rowKey, type FlannelRow, type Registered } from "./row.ts";
import { RuleKeeper } from "./rule-keeper.ts";
import { logOf, Running } from "./running.ts";
import { writeSubnetFile } from "./subnet-file.ts";

const STEP = "flannel/step";

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

/** All flannelds of a world. They are driven by watches on Nodes and by changes of their machines' rules. */
class FlannelDaemons {
  readonly #running: Running;
  readonly #rules: RuleKeeper;
  readonly #leases: LeaseKeeper;

  constructor(hosts: Hosts) {
    this.#running = new Running(hosts);
    this.#rules = new RuleKeeper(this.#running);
    this.#leases = new LeaseKeeper(this.#running);
    this.#running.kernel.handle<Step>(STEP, (step) => this.#step(step));
  }

  started(self: DaemonProcess, row: Omit<FlannelRow, "machine" | "host" | "pid" | "leases">): void {
    const whole: FlannelRow = {
      ...row,
      machine: self.host.machine.name,
      host: self.host.name,
      pid: self.pid,
      leases: {},
    };
    const key = rowKey(whole);
    this.#running.add(whole);
    this.#step({ key, step: "connect" });
  }

  stopped(self: DaemonProcess): void {
    this.#running.remove(rowKey({ machine: self.host.machine.name, pid: self.pid }));
  }

  #step({ key, step, source, message }: Step): void {
    const row = this.#running.row(key);
    const self = row && this.#running.process(row);
    if (!row || !self) return;
    if (step === "connect") this.#connect(self, row);
    else if (step === "list") this.#list(self, row);
    else if (step === "register") this.#register(self, row);
    else this.#fail(self, source!, message!);
  }

  #later(key: string, step: Step["step"], delay: number, more: Partial<Step> & { periodic?: boolean } = {}): void {
    const { periodic = false, ...rest } = more;
    this.#running.kernel.after(delay, STEP, { key, step, ...rest }, { periodic });
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
    const unconfigured = this.#configure(self, row);
    if (unconfigured !== undefined) return refuse(`fail to create kubernetes config: ${unconfigured}`);
    let { NODE_NAME: node = "" } = self.env;
    if (node === "") {
      const { POD_NAME: name = "", POD_NAMESPACE: namespace = "" } = self.env;
      if (name === "" || namespace === "") return refuse("env variables POD_NAME and POD_NAMESPACE must be set");
      const pod = this.#running.session(self, row).pod(namespace, name);
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
    const named = this.#running.change(key, { node });
    const log = logOf(self);
    log("I", "kube.go:139", "Waiting 10m0s for node controller to sync");
    log("I", "kube.go:469", "Starting kube subnet manager");
    this.#later(key, "fail", SYNC_TIMEOUT, {
      source: "main.go:228",
      message:
        "Failed to create SubnetManager: error waiting for nodeController to sync state: timed out waiting for the condition",
      periodic: true,
    });
    this.#list(self, named);
  }

  /** Why it knows no API server (client-go clientcmd.BuildConfigFromFlags). */
  #configure(self: DaemonProcess, row: FlannelRow): string | undefined {
    const { configError } = this.#running.session(self, row);
    if (row.options.kubeConfigFile !== "") return configError;
    const warn = (line: number, message: string): void => logOf(self)("W", `client_config.go:${line}`, message);
    warn(659, "Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.");
    if (configError === undefined) return undefined;
    warn(664, `error creating inClusterConfig, falling back to default config: ${configError}`);
    return "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable";
  }

  /** The informer's first list of Nodes; a second later it is found to be there. */
  #list(self: DaemonProcess, row: FlannelRow): void {
    const key = rowKey(row);
    const listed = this.#running.session(self, row).nodes();
    if ("error" in listed) {
      logOf(self)(
        "E",
        "reflector.go:166",
        `"Unhandled Error" err="pkg/subnet/kube/kube.go:470: Failed to watch *v1.Node: failed to list *v1.Node: ${listed.error.replaceAll('"', '\\"')}" logger="UnhandledError"`,
      );
      return this.#later(key, "list", RELIST, { periodic: true });
    }
    this.#running.change(key, { cluster: listed.cluster.name });
    for (const node of listed.ok.items) this.#leases.see(key, node);
    this.#later(key, "register", SYNC_POLL);
  }

  #register(self: DaemonProcess, row: FlannelRow): void {
    this.#forgetSyncTimeout(rowKey(row));
    const log = logOf(self);
    log("I", "kube.go:146", "Node controller sync successful");
    log("I", "main.go:231", `Created subnet manager: Kubernetes Subnet Manager - ${row.node}`);
    log("I", "main.go:234", "Installing signal handlers");
    const registered = register(self, row, this.#running.session(self, row), log);
    if ("failed" in registered) return this.#fail(self, registered.failed.source, registered.failed.message);
    const bootstrapped = this.#rules.start(self, row, registered, log);
    this.#writeSubnetFile(self, row, registered, log);
    log("I", "main.go:427", "Running backend.");
    const source = registered.backend.type === "vxlan" ? "vxlan_network.go:65" : "route_network.go:56";
    const first = registered.backend.type === "vxlan" ? "watching" : "Watching";
    log("I", source, `${first} for new subnet leases`);
    this.#running.change(rowKey(row), { registered });
    this.#leases.apply(self, rowKey(row));
    this.#completeLease(self, row, log);
    log("I", "main.go:448", "Waiting for all goroutines to exit");
    for (let done = 0; done < bootstrapped; done++) log("I", "iptables.go:357", "bootstrap done");
  }

  #forgetSyncTimeout(key: string): void {
    for (const event of this.#running.kernel.events()) {
      if (event.kind !== STEP) continue;
      const step = event.args as Step;
      if (step.key === key && step.step === "fail") this.#running.kernel.cancel(event.id);
    }
  }

  /** The condition that keeps Pods away until the network is there (kube.go CompleteLease). */
  #completeLease(self: DaemonProcess, row: FlannelRow, log: Log): void {
    if (!row.options.setNetworkUnavailable) return;
    const now = rfc3339(this.#running.kernel.now);
    const condition = {
      type: "NetworkUnavailable",
      status: "False",
      lastHeartbeatTime: now,
      lastTransitionTime: now,
      reason: "FlannelIsUp",
      message: "Flannel is running on this node",
    };
    const patched = this.#running
      .session(self, row)
      .patchNodeStatus(row.node!, { status: { conditions: [condition] } });
    if ("error" in patched) log("E", "main.go:441", `CompleteLease execute error err: ${patched.error}`);
  }

  #writeSubnetFile(self: DaemonProcess, { options }: FlannelRow, { network, subnet, mtu }: Registered, log: Log): void {
    const problem = writeSubnetFile(self, options.subnetFile, { network, subnet, mtu, ipMasq: options.ipMasq });
    if (problem === undefined) log("I", "main.go:423", `Wrote subnet file to ${options.subnetFile}`);
    else log("W", "main.go:421", `Failed to write subnet file: ${problem}`);
  }
}

const FLANNEL = new Part<FlannelDaemons>("flannel");

/** Binds the flannelds of a world. Once per world, after the clusters are known. */
export function bindFlannel(hosts: Hosts): void {
  hosts.provide(FLANNEL, new FlannelDaemons(hosts));
}

export function flannelDaemonsOf(hosts: Hosts): FlannelDaemons {
  return hosts.part(FLANNEL);
}
