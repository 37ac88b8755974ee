import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change, ObjectName } from "../object.ts";

export const nodeCordoned = defineFault({
  name: "node-cordoned",
  area: "nodes",
  words: "A node is closed for new Pods",
  schema: z.strictObject({ node: ObjectName.describe("the node") }),
  symptom: "new Pods stay Pending; the node is Ready,SchedulingDisabled",
  repair: "`kubectl uncordon NODE`",
  async apply(world, { node }) {
    await change(world, `node/${node}`, undefined, () => ({ spec: { unschedulable: true } }));
  },
});
