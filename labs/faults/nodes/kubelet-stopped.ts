import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const kubeletStopped = defineFault({
  name: "kubelet-stopped",
  area: "nodes",
  words: "The kubelet of a node is stopped",
  schema: z.strictObject({
    on: MachineName,
    disabled: z.boolean().default(false).describe("whether it also stays away at the next boot"),
  }),
  symptom: "the node is NotReady after a while, and what is scheduled to it stays Pending",
  repair: "`systemctl enable --now kubelet` on the node",
  async apply(world, { on, disabled }) {
    await type(world, on, `systemctl ${disabled ? "disable --now" : "stop"} kubelet`);
  },
});
