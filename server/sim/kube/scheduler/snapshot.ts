import type { Client, Node, Pod } from "../api/index.ts";
import { nodes, pods } from "../kinds/index.ts";
import { amounts, occupied, type Resources } from "./resources.ts";

const allocatables = new WeakMap<Node["status"], Resources>();

/** A node with the Pods that it has or is about to have. */
export class NodeInfo {
  readonly node: Node;
  readonly pods: readonly Pod[];
  #requested: Map<string, number> | undefined;
  #nonZero: { cpu: number; memory: number } | undefined;

  constructor(node: Node, assigned: readonly Pod[]) {
    this.node = node;
    this.pods = assigned;
  }

  get name(): string {
    return this.node.metadata.name;
  }

  label(key: string): string | undefined {
    return this.node.metadata.labels?.[key];
  }

  get allocatable(): Resources {
    const { status } = this.node;
    let known = allocatables.get(status);
    if (!known) allocatables.set(status, (known = amounts(status.allocatable ?? {})));
    return known;
  }

  /** What all its Pods ask for. */
  get requested(): Resources {
    return this.#sum().requested;
  }

  get nonZeroRequested(): { readonly cpu: number; readonly memory: number } {
    return this.#sum().nonZero;
  }

  #sum(): { readonly requested: Resources; readonly nonZero: { readonly cpu: number; readonly memory: number } } {
    if (!this.#requested || !this.#nonZero) {
      this.#requested = new Map();
      this.#nonZero = { cpu: 0, memory: 0 };
      for (const pod of this.pods) {
        const { requested, nonZero } = occupied(pod);
        for (const [name, amount] of requested) this.#requested.set(name, (this.#requested.get(name) ?? 0) + amount);
        this.#nonZero.cpu += nonZero.cpu;
        this.#nonZero.memory += nonZero.memory;
      }
    }
    return { requested: this.#requested, nonZero: this.#nonZero };
  }

  with(assigned: readonly Pod[]): NodeInfo {
    return new NodeInfo(this.node, assigned);
  }
}

/** The cluster as it is while one Pod is placed. */
export class Snapshot {
  readonly client: Client;
  readonly nodes: readonly NodeInfo[];

  constructor(client: Client, infos?: readonly NodeInfo[]) {
    this.client = client;
    this.nodes = infos ?? client.list(nodes).map((node) => new NodeInfo(node, assignedTo(client, node)));
  }

  /** The same with another state of one node. */
  with(info: NodeInfo): Snapshot {
    return new Snapshot(
      this.client,
      this.nodes.map((node) => (node.name === info.name ? info : node)),
    );
  }
}

/** Pods that have ended take no room. */
function assignedTo(client: Client, { metadata }: Node): readonly Pod[] {
  return client
    .byField(pods, "spec.nodeName", metadata.name)
    .filter(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed");
}
