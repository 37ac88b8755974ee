import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const containerdStopped = defineFault({
  name: "containerd-stopped",
  area: "nodes",
  words: "The container runtime of a node is stopped",
  schema: z.strictObject({ on: MachineName }),
  symptom: "the node is NotReady (container runtime is down), crictl cannot connect; containers that ran go on running",
  repair: "`systemctl start containerd` on the node",
  async apply(world, { on }) {
    await type(world, on, "systemctl stop containerd");
  },
});
