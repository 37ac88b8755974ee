import { Part, type Daemon, type DaemonProcess, type Hosts } from "../../../host/index.ts";
import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import { networkOfHosts } from "../../../net/index.ts";
import type { AnyKind } from "../../api/index.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { endpointSlices, nodes, services } from "../../kinds/index.ts";
import { allocate } from "./controller.ts";
import { logLine, Members, type Member } from "./members.ts";
import { GROUP } from "./pools.ts";
import { announce, withdraw } from "./speaker.ts";
import { application, openPort, rotateCertificate, SERVER } from "./webhook.ts";

const LOOK = "metallb/look";
const DELAY = 20 * MILLISECOND;
const AGAIN = 5 * SECOND;

/** All processes of MetalLB in a world: driven by watches; what lasts is in their rows. */
class MetalLb {
  readonly members: Members;

  constructor(hosts: Hosts) {
    this.members = new Members(hosts);
    hosts.kernel.handle<string>(LOOK, (key) => this.#look(key));
    clustersOf(hosts).each((cluster) => this.#listen(cluster));
  }

  started(self: DaemonProcess, role: "controller" | "speaker"): void {
    const node = self.env["METALLB_NODE_NAME"] ?? "";
    const { machine, name: host } = self.host;
    const key = this.members.add({ machine: machine.name, host, pid: self.pid, role, node, announced: {}, failed: {} });
    const member = this.members.find(key)!;
    logLine(member, { branch: "dev", caller: role === "controller" ? "main.go:178" : "main.go:108", commit: "dev", goversion: "gc / go1.23.9 / amd64", level: "info", msg: `MetalLB ${role} starting (commit dev, branch dev)`, version: "" }); // prettier-ignore
    if (role === "speaker" && node === "") {
      logLine(member, { caller: "main.go:117", level: "error", msg: "must specify --node-name or METALLB_NODE_NAME", op: "startup" }); // prettier-ignore
      return self.exit(1);
    }
    openPort(member, 7472);
    if (role === "controller") openPort(member, 9443);
    this.#queue(key, SECOND);
  }

  stopped(self: DaemonProcess): void {
    const key = `${self.host.machine.name}/${self.pid}`;
    const row = this.members.row(key);
    for (const address of Object.keys(row?.announced ?? {})) withdraw({ self } as Member, address);
    this.members.remove(key);
    // The others learn of it by memberlist.
    if (row?.role === "speaker") for (const other of this.members.all()) this.#queue(other.key, SECOND);
  }

  #queue(key: string, delay: number, periodic = false): void {
    const row = this.members.row(key);
    if (!row || row.queued) return;
    this.members.find(key)?.change({ queued: true });
    this.members.kernel.after(delay, LOOK, key, { periodic });
  }

  #look(key: string): void {
    this.members.unqueue(key);
    const member = this.members.find(key);
    if (!member) return;
    const reached = member.session.reach();
    const refusal = "error" in reached ? reached.error : member.session.refusal("list", services);
    if ("error" in reached || refusal !== undefined) {
      logLine(member, { caller: "k8s.go:210", error: refusal, level: "error", msg: "failed to list *v1.Service" });
      return this.#queue(key, AGAIN, true);
    }
    const { client, cluster } = reached;
    const first = member.row.cluster === undefined;
    if (first) member.change({ cluster: cluster.name });
    if (member.row.role === "controller") {
      if (first || member.row.chain === undefined) rotateCertificate(member, client, cluster);
      return allocate(member, client, cluster);
    }
    const speakers = this.members.all().filter(({ row }) => row.role === "speaker" && row.cluster === cluster.name);
    announce(member, client, cluster, speakers.map(({ row }) => row.node)); // prettier-ignore
    if (first) for (const other of speakers) if (other.key !== key) this.#queue(other.key, DELAY);
  }

  #listen(cluster: Cluster): void {
    const hear = (): void => {
      for (const { key, row } of this.members.all()) if (row.cluster === cluster.name) this.#queue(key, DELAY);
    };
    const { store } = cluster.api;
    const custom = ["ipaddresspools", "l2advertisements"].map((plural) => ({ group: GROUP, plural }) as AnyKind);
    for (const kind of [services, endpointSlices, nodes] as unknown as AnyKind[]) store.listen(kind, hear);
    for (const kind of custom) store.listen(kind, hear);
  }
}

const METALLB = new Part<MetalLb>("MetalLB");

function daemon(role: "controller" | "speaker"): Daemon {
  return {
    name: `metallb-${role}`,
    summary: `the ${role} of MetalLB`,
    start: (self) => self.host.hosts.part(METALLB).started(self, role),
    signal(self, signal) {
      if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
      self.exit(0);
      return true;
    },
    stopped: (self) => self.host.hosts.part(METALLB).stopped(self),
  };
}

/** The programs of MetalLB's images, for the registry. */
export const metalLbDaemons: readonly Daemon[] = [daemon("controller"), daemon("speaker")];

/** Binds MetalLB's processes, and what answers at their ports. Once per world, after its clusters are known. */
export function bindMetalLb(hosts: Hosts): void {
  const metalLb = new MetalLb(hosts);
  hosts.provide(METALLB, metalLb);
  networkOfHosts(hosts).serve(SERVER, application(metalLb.members));
}
