import type { DaemonProcess } from "../../../host/index.ts";
import { SECOND } from "../../../kernel/index.ts";
import { namespaceOf } from "../../../net/index.ts";
import { anyKind, sameJson, type Node } from "../../api/index.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { nodes } from "../../kinds/index.ts";
import { addGatewayLease, removeGatewayLease } from "./host-gw.ts";
import { goEvent, leaseOf, type Lease } from "./lease.ts";
import { rowKey, type KnownLease, type Registered } from "./row.ts";
import { logOf, type Running } from "./running.ts";
import { addVxlanLease, removeVxlanLease } from "./vxlan.ts";

/** A reflector that was refused tries again after a while. */
export const RELIST = 30 * SECOND;
const CATCH_UP = "flannel/catch-up";

/** Follows the Nodes for flannelds: what each knows of the others' parts of the network, and the ways there. */
export class LeaseKeeper {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
    running.kernel.handle<string>(CATCH_UP, (key) => this.#catchUp(key));
    clustersOf(running.hosts).each((cluster) =>
      cluster.api.store.listen(anyKind(nodes), ({ object }) => this.#nodeChanged(cluster, object.metadata.name)),
    );
  }

  #nodeChanged(cluster: Cluster, name: string): void {
    for (const row of this.#running.all()) {
      if (row.cluster !== cluster.name || row.behind) continue;
      const self = this.#running.process(row);
      if (!self) continue;
      const key = rowKey(row);
      if (!this.#running.session(self, row).open) {
        this.#fallBehind(key);
        continue;
      }
      const node = cluster.api.store.get(anyKind(nodes), "", name) as Node | undefined;
      if (node) this.see(key, node);
      else this.#gone(key, name);
      this.apply(self, key);
    }
  }

  #fallBehind(key: string): void {
    this.#running.change(key, { behind: true });
    this.#running.kernel.after(RELIST, CATCH_UP, key, { periodic: true });
  }

  /** The way to the API server is open again: what has happened meanwhile is learned from a list. */
  #catchUp(key: string): void {
    const row = this.#running.row(key);
    const self = row && this.#running.process(row);
    if (!row || !self) return;
    const listed = this.#running.session(self, row).nodes();
    if ("error" in listed) return this.#fallBehind(key);
    this.#running.change(key, { behind: false });
    const names = new Set(listed.ok.items.map(({ metadata }) => metadata.name));
    for (const node of listed.ok.items) this.see(key, node);
    for (const name of Object.keys(row.leases)) if (!names.has(name)) this.#gone(key, name);
    this.apply(self, key);
  }

  /** Notes a node's lease, if flannel runs there and it has changed. */
  see(key: string, node: Node): void {
    const row = this.#running.row(key)!;
    const { name, annotations } = node.metadata;
    if (annotations?.[row.names.managed] !== "true") return;
    const log = logOf(this.#running.process(row)!);
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
    const row = this.#running.row(key)!;
    const { [name]: _, ...others } = row.leases;
    this.#running.change(key, { leases: known ? { ...others, [name]: known } : others });
  }

  /** Lets what is known of other nodes take effect. The own lease never does. */
  apply(self: DaemonProcess, key: string): void {
    const row = this.#running.row(key)!;
    if (!row.registered) return;
    for (const [name, { lease, applied }] of Object.entries(row.leases)) {
      if (applied) continue;
      this.#setLease(key, name, { lease, applied: true });
      if (lease.subnet !== row.registered.subnet) this.#event(self, row.registered, "added", lease);
    }
  }

  #gone(key: string, name: string): void {
    const row = this.#running.row(key)!;
    const known = row.leases[name];
    const self = this.#running.process(row);
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
}
