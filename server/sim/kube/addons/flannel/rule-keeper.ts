import type { DaemonProcess } from "../../../host/index.ts";
import { SECOND } from "../../../kernel/index.ts";
import { namespaceOf, networkOfHosts, type Namespace } from "../../../net/index.ts";
import { Iptables } from "../cni/index.ts";
import type { Log } from "./external-interface.ts";
import { rowKey, type FlannelRow, type Registered } from "./row.ts";
import { logOf, type Running } from "./running.ts";
import { NOTHING, readSubnetFile } from "./subnet-file.ts";
import { deleteRules, forwardRules, masqueradeRules, rulesStand, writeRules } from "./traffic.ts";

const RESYNC = "flannel/resync";

/** Writes the rules of flannelds and puts back what others take away (pkg/trafficmngr/iptables). */
export class RuleKeeper {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
    running.kernel.handle<string>(RESYNC, (key) => this.#resync(key));
    networkOfHosts(running.hosts).ruleListeners.push((ns) => this.#changed(ns));
  }

  /** The rules of one that starts; how many sets of them. */
  start(self: DaemonProcess, { options }: FlannelRow, { network, subnet }: Registered, log: Log): number {
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
  #changed(ns: Namespace): void {
    for (const row of this.#running.all()) {
      if (!row.registered || row.resyncing || row.machine !== ns.machine) continue;
      const self = this.#running.process(row);
      if (!self || namespaceOf(self) !== ns) continue;
      const iptables = Iptables.find(self);
      if ("error" in iptables || this.#ruleSets(row).every((rules) => rulesStand(iptables, rules))) continue;
      const period = row.options.resyncSeconds * SECOND;
      const passed = (this.#running.kernel.now - self.row.startedAt) % period;
      this.#running.change(rowKey(row), { resyncing: true });
      this.#running.kernel.after(period - passed, RESYNC, rowKey(row));
    }
  }

  #resync(key: string): void {
    const row = this.#running.row(key);
    const self = row && this.#running.process(row);
    const iptables = self && Iptables.find(self);
    if (!row || !self || !iptables || "error" in iptables) return;
    for (const rules of this.#ruleSets(row)) {
      if (rulesStand(iptables, rules)) continue;
      logOf(self)("I", "iptables.go:433", "Some iptables rules are missing; deleting and recreating rules");
      writeRules(iptables, rules, { clear: false });
      logOf(self)("I", "iptables.go:357", "bootstrap done");
    }
    this.#running.change(key, { resyncing: false });
  }
}
