import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Namespace, ObjectName } from "../object.ts";
import { changeContainer } from "./container.ts";

export const wrongListenPort = defineFault({
  name: "wrong-listen-port",
  area: "workloads",
  words: "A Deployment's program listens on another port than its Service sends to",
  schema: z.strictObject({
    deployment: ObjectName.describe("the Deployment"),
    namespace: Namespace,
    args: z.array(z.string()).describe("the arguments that its first container gets"),
  }),
  symptom: "connections to the Service are refused, although it has endpoints",
  repair: "correct the arguments of the container, or the Service's targetPort",
  async apply(world, { deployment, namespace, args }) {
    await changeContainer(world, deployment, namespace, () => ({ args }));
  },
});
