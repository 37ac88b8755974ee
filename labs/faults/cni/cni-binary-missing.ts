import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const cniBinaryMissing = defineFault({
  name: "cni-binary-missing",
  area: "cni",
  words: "A CNI plugin's program is not where it should be",
  schema: z.strictObject({
    on: MachineName,
    plugin: z
      .string()
      .regex(/^[\w-]+$/, "expected a plugin such as portmap")
      .default("flannel")
      .describe("the program in /opt/cni/bin"),
    becomes: z
      .string()
      .regex(/^[\w.-]+$/, "expected a file name")
      .optional()
      .describe("the name that it gets; it is deleted without this"),
  }),
  symptom: "new Pods of the node stay in ContainerCreating: failed to find plugin in path [/opt/cni/bin]",
  repair:
    "put the program back into /opt/cni/bin: rename it, copy it from another node, or restart the CNI's Pod if it installs it",
  async apply(world, { on, plugin, becomes }) {
    await type(
      world,
      on,
      becomes === undefined ? `rm /opt/cni/bin/${plugin}` : `cd /opt/cni/bin && mv ${plugin} ${becomes}`,
    );
  },
});
