import { MILLISECOND, type Table } from "../../../kernel/index.ts";
import {
  isIpv6, objectKey, watching, type Client, type ControllerLoop, type EventRecorder, type Node, type ObjectChange,
} from "../../api/index.ts"; // prettier-ignore
import { nodes } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { CidrSet } from "./cidr-set.ts";

/** Gives every node its part of the Pods' addresses (pkg/controller/nodeipam/ipam/range_allocator.go). */
export class NodeIpamController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  /** Where the search for a free part begins, by range: parts that became free are used again last. */
  readonly #next: Table<string, number>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("node-controller");
    this.#recorder = context.recorder(this.#client, "cidrAllocator");
    this.#next = context.kernel.state.table(context.tableName("nodeipam/next"), { quiet: true });
    context.onStart(() => this.#next.clear());
    this.loop = context.loop("node-ipam-controller", this.#client, {
      name: "nodeipam",
      watches: [watching(nodes, (change) => this.#keysOf(change))],
      reconcile: (name) => this.#sync(name),
      delay: 2 * MILLISECOND,
    });
  }

  #keysOf({ type, object }: ObjectChange<Node>): readonly string[] {
    // A part that became free may help another node that has none.
    if (type === "DELETED") return this.#client.list(nodes).filter(lacksCidr).map(objectKey);
    return lacksCidr(object) ? [objectKey(object)] : [];
  }

  #sync(name: string): void {
    const node = this.#client.get(nodes, "", name);
    const { allocateNodeCidrs, clusterCidrs } = this.#context.settings;
    if (!node || !lacksCidr(node) || !allocateNodeCidrs || clusterCidrs.length === 0) return;
    const taken = new Set(this.#client.list(nodes).flatMap(({ spec }) => spec.podCIDRs ?? []));
    const podCIDRs: string[] = [];
    for (const range of clusterCidrs) {
      const free = this.#take(range, taken);
      if (free === undefined) {
        const about = { kind: "Node", apiVersion: "v1", name, uid: node.metadata.uid };
        const message = `Node ${name} status is now: CIDRNotAvailable`;
        return this.#recorder.event(about, "Normal", "CIDRNotAvailable", message);
      }
      podCIDRs.push(free);
    }
    this.#client.patch(nodes, { name }, "strategic-merge-patch+json", { spec: { podCIDR: podCIDRs[0]!, podCIDRs } });
  }

  #take(range: string, taken: ReadonlySet<string>): string | undefined {
    const { ipv4, ipv6 } = this.#context.settings.nodeCidrMaskSize;
    const set = new CidrSet(range, isIpv6(range.split("/")[0]!) ? ipv6 : ipv4);
    const from = this.#next.get(range) ?? 0;
    for (let step = 0; step < set.size; step++) {
      const index = (from + step) % set.size;
      const part = set.part(index);
      if (taken.has(part)) continue;
      this.#next.set(range, (index + 1) % set.size);
      return part;
    }
    return undefined;
  }
}

function lacksCidr({ spec }: Node): boolean {
  return (spec.podCIDRs ?? []).length === 0 && !spec.podCIDR;
}
