import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { Node } from "../../../server/sim/kube/api/index.ts";
import { change, ObjectName } from "../object.ts";

export const nodeTainted = defineFault({
  name: "node-tainted",
  area: "nodes",
  words: "A node has a taint that Pods do not tolerate",
  schema: z.strictObject({
    node: ObjectName.describe("the node"),
    key: z.string().default("maintenance").describe("the taint's key"),
    value: z.string().default("true").describe("its value"),
    effect: z
      .enum(["NoSchedule", "NoExecute", "PreferNoSchedule"])
      .default("NoSchedule")
      .describe("what becomes of Pods that do not tolerate it"),
  }),
  symptom: "new Pods stay Pending with an event about the untolerated taint; with NoExecute running ones are gone, too",
  repair: "`kubectl taint node NODE KEY-`, or a toleration if the taint is meant",
  async apply(world, { node, ...taint }) {
    await change<Node>(world, `node/${node}`, undefined, ({ spec }) => ({
      spec: { taints: [...(spec.taints ?? []), taint] },
    }));
  },
});
