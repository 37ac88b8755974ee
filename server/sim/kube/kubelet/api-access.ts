import { SECOND, type Table, type Time } from "../../kernel/index.ts";
import { ApiLink, type Found } from "../access/link.ts";
import { readKubeconfig, type RestConfig } from "../access/rest-config.ts";
import { Client, EventRecorder, type UserInfo } from "../api/index.ts";
import { clustersOf, type Cluster } from "../cluster/cluster.ts";
import { events } from "../kinds/index.ts";
import type { Kubelet } from "./kubelet.ts";
import { worldStamp } from "./world-stamp.ts";

const USER_AGENT = "kubelet/v1.33.1 (linux/amd64) kubernetes/8adc0f0";
/** As that of every link (../access/link.ts): a connection that was good is good for so long, unless the server itself has gone. */
const TRUSTED = SECOND;

/** A way that was open: plain data by machine in table `kubelet-looks`. */
interface Look {
  readonly pid: number;
  readonly at: Time;
  /** Which API servers there were then, and how the world was. */
  readonly servers: number;
  readonly world: string;
  readonly cluster: string;
  readonly user: UserInfo;
}

/** The kubelet's way to its API server, and what it says there. */
export class ApiAccess {
  readonly #kubelet: Kubelet;
  #link: ApiLink | undefined;
  readonly #looks: Table<string, Look>;
  #client: Client | undefined;
  #recorder: EventRecorder | undefined;

  constructor(kubelet: Kubelet) {
    this.#kubelet = kubelet;
    this.#looks = kubelet.kernel.state.table("kubelet-looks", { quiet: true });
  }

  /** Its process has ended: the next one looks anew. */
  forget(): void {
    this.#link = undefined;
    this.#client = undefined;
    this.#recorder = undefined;
  }

  /** Looks for the server; a way that was open a moment ago is not tried again. */
  find(): Found {
    const { kernel, machine } = this.#kubelet;
    const stamp = worldStamp(machine.hosts);
    const last = this.#looks.get(machine.name);
    if (last && last.pid === this.#kubelet.running.pid && last.servers === kernel.state.generation("clusters")) {
      const cluster = clustersOf(machine.hosts).get(last.cluster);
      if (cluster && (kernel.now - last.at < TRUSTED || last.world === stamp.now)) return { cluster, user: last.user };
    }
    const link = (this.#link ??= new ApiLink(this.#kubelet.self, () => this.#config()));
    const found = stamp.quietly(() => link.find());
    if ("error" in found) this.#looks.delete(machine.name);
    else
      this.#looks.set(machine.name, {
        pid: this.#kubelet.running.pid,
        at: kernel.now,
        servers: kernel.state.generation("clusters"),
        world: stamp.now,
        cluster: found.cluster.name,
        user: found.user,
      });
    return found;
  }

  get server(): string {
    return this.#link?.server ?? "https://localhost:6443";
  }

  #config(): RestConfig | { readonly error: string } {
    const { kubeconfig } = this.#kubelet.running;
    if (kubeconfig === undefined) return { error: "no kubeconfig" };
    return readKubeconfig(this.#kubelet.host, kubeconfig, USER_AGENT, this.#kubelet.self);
  }

  /** The cluster that it has found some time. */
  get cluster(): Cluster | undefined {
    const name = this.#kubelet.row?.cluster;
    return name === undefined ? undefined : clustersOf(this.#kubelet.machine.hosts).get(name);
  }

  /** Speaks for the node; undefined before a server was found. Writes throw Unreachable while the way is not open. */
  get client(): Client | undefined {
    const { cluster } = this;
    if (!cluster) return undefined;
    const { nodeName } = this.#kubelet.running;
    const known = this.#looks.get(this.#kubelet.machine.name)?.user;
    const user = known ?? { name: `system:node:${nodeName}`, groups: ["system:nodes"] };
    this.#client ??= new Client(cluster.api, {
      user,
      userAgent: USER_AGENT,
      reachable: () => this.open,
    });
    return this.#client;
  }

  get recorder(): EventRecorder | undefined {
    const { client } = this;
    if (!client) return undefined;
    this.#recorder ??= new EventRecorder(client, events, {
      component: "kubelet",
      host: this.#kubelet.running.nodeName,
    });
    return this.#recorder;
  }

  /** The way to the server is open and the kubelet knows it. */
  get open(): boolean {
    const { row } = this.#kubelet;
    return row?.connected === true && "cluster" in this.find();
  }
}
