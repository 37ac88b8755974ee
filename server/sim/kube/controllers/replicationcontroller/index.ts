import { selectorOfLabels, type ReplicationController } from "../../api/index.ts";
import { replicationControllers } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { ReplicaController } from "../replicaset/index.ts";

/** The older form of ReplicaSets, by the same code (pkg/controller/replication). */
export class ReplicationControllerController extends ReplicaController<ReplicationController> {
  constructor(context: ControllerContext) {
    super(context, {
      kind: replicationControllers,
      controller: "replicationcontroller-controller",
      component: "replication-controller",
      selector: ({ spec }) => selectorOfLabels(spec.selector),
    });
  }
}
