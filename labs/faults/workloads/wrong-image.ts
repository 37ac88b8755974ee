import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Namespace, ObjectName } from "../object.ts";
import { changeContainer } from "./container.ts";

export const wrongImage = defineFault({
  name: "wrong-image",
  area: "workloads",
  words: "A Deployment names an image that does not exist",
  schema: z.strictObject({
    deployment: ObjectName.describe("the Deployment"),
    namespace: Namespace,
    image: z.string().describe("the image that its first container gets"),
  }),
  symptom: "its new Pods are in ImagePullBackOff",
  repair: "`kubectl set image` to an image that exists",
  async apply(world, { deployment, namespace, image }) {
    await changeContainer(world, deployment, namespace, () => ({ image }));
  },
});
