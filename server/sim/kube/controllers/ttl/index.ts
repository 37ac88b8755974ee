import { MILLISECOND } from "../../../kernel/index.ts";
import { own, type Client, type ControllerLoop } from "../../api/index.ts";
import { nodes } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";

const ANNOTATION = "node.alpha.kubernetes.io/ttl";

/** How long kubelets may keep Secrets and ConfigMaps, in seconds, by the size of the cluster (pkg/controller/ttl). */
const STEPS = [
  { upTo: 100, seconds: 0 },
  { upTo: 500, seconds: 15 },
  { upTo: 1_000, seconds: 30 },
  { upTo: 2_000, seconds: 60 },
  { upTo: Infinity, seconds: 300 },
];

/** Annotates nodes with the time to live of what kubelets cache. */
export class TtlController {
  readonly loop: ControllerLoop;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#client = context.client("ttl-controller");
    this.loop = context.loop("ttl-controller", this.#client, {
      name: "ttl",
      watches: [own(nodes)],
      reconcile: (name) => this.#sync(name),
      delay: 5 * MILLISECOND,
    });
  }

  #sync(name: string): void {
    const node = this.#client.get(nodes, "", name);
    if (!node) return;
    const count = this.#client.list(nodes).length;
    const ttl = String(STEPS.find(({ upTo }) => count <= upTo)!.seconds);
    if (node.metadata.annotations?.[ANNOTATION] === ttl) return;
    this.#client.patch(nodes, { name }, "strategic-merge-patch+json", {
      metadata: { annotations: { [ANNOTATION]: ttl } },
    });
  }
}
