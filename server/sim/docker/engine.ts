import type { Machine } from "../host/index.ts";
import type { Table } from "../kernel/index.ts";
import { networkOfHosts, type Namespace, type Network } from "../net/index.ts";
import type { Containerd, ContainerRow, ImageRow } from "../kube/kubelet/index.ts";
import { randomName } from "./random-name.ts";
import type { DockerContainer, NetworkRow } from "./rows.ts";
import type { VolumeRow } from "./volume.ts";

/** What went wrong, as the daemon tells its clients: `Error response from daemon: …`. */
export interface Refused {
  readonly error: string;
}

/** Docker Engine of one machine: its networks and containers, which outlive its process. A view on the tables `docker/<machine>/…`. */
export class Engine {
  readonly machine: Machine;
  readonly network: Network;
  /** It runs the containers. */
  readonly runtime: Containerd;
  readonly networks: Table<string, NetworkRow>;
  readonly containers: Table<string, DockerContainer>;
  readonly volumes: Table<string, VolumeRow>;
  readonly #running: Table<string, { readonly pid: number }>;

  constructor(machine: Machine, runtime: Containerd) {
    this.machine = machine;
    this.network = networkOfHosts(machine.hosts);
    this.runtime = runtime;
    const { state } = machine.kernel;
    const prefix = `docker/${machine.name}`;
    this.networks = state.table(`${prefix}/networks`);
    this.containers = state.table(`${prefix}/containers`);
    this.volumes = state.table(`${prefix}/volumes`);
    this.#running = state.table(`${prefix}/dockerd`);
  }

  // Its process

  /** dockerd's pid while it runs. */
  get pid(): number | undefined {
    return this.#running.get("dockerd")?.pid;
  }

  set pid(pid: number | undefined) {
    if (pid === undefined) this.#running.delete("dockerd");
    else this.#running.set("dockerd", { pid });
  }

  get host() {
    return this.machine.host;
  }

  get kernel() {
    return this.machine.kernel;
  }

  /** The machine's own network. */
  get ns(): Namespace {
    return this.network.namespace(this.machine.host.netns);
  }

  newId(): string {
    return this.kernel.random.hex("docker/id", 64);
  }

  // Containers

  /** By name, id or the beginning of an id (daemon/container.go GetContainer). */
  container(text: string): DockerContainer | Refused {
    const plain = text.replace(/^\//, "");
    const all = [...this.containers.values()];
    const found = this.containers.get(plain) ?? all.find(({ name }) => name === plain);
    if (found) return found;
    const starts = plain === "" ? [] : all.filter(({ id }) => id.startsWith(plain));
    if (starts.length === 1) return starts[0]!;
    if (starts.length > 1) return { error: `Multiple IDs found with provided prefix: ${plain}` };
    return { error: `No such container: ${text}` };
  }

  update(id: string, change: Partial<DockerContainer>): DockerContainer {
    const next = { ...this.containers.get(id)!, ...change };
    this.containers.set(id, next);
    return next;
  }

  /** What containerd knows of it. */
  task(id: string): ContainerRow {
    return this.runtime.containers.get(id)!;
  }

  isRunning(id: string): boolean {
    return this.runtime.containers.get(id)?.state === "running";
  }

  imageOf(container: DockerContainer): ImageRow | undefined {
    return this.runtime.images.get(container.imageId);
  }

  freeName(): string {
    const taken = new Set([...this.containers.values()].map(({ name }) => name));
    for (;;) {
      const name = randomName(this.kernel.random);
      if (!taken.has(name)) return name;
    }
  }

  // Networks

  /** By name, id or the beginning of an id. */
  findNetwork(text: string): NetworkRow | Refused {
    const all = [...this.networks.values()];
    const found = all.find(({ name }) => name === text) ?? this.networks.get(text);
    if (found) return found;
    const starts = text === "" ? [] : all.filter(({ id }) => id.startsWith(text));
    if (starts.length === 1) return starts[0]!;
    if (starts.length > 1)
      return { error: `network ${text} is ambiguous (${starts.length} matches found based on name)` };
    return { error: `network ${text} not found` };
  }

  /** The containers that run in a network, in the order in which they were made. */
  members(network: string): DockerContainer[] {
    return [...this.containers.values()].filter(({ endpoints }) =>
      Object.values(endpoints).some((endpoint) => endpoint.network === network && endpoint.plug !== undefined),
    );
  }
}

export function isRefused(value: object): value is Refused {
  return "error" in value && Object.keys(value).length === 1;
}
