import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName, type } from "../machine.ts";

export const kubeletWrongConfig = defineFault({
  name: "kubelet-wrong-config",
  area: "nodes",
  words: "A field of the kubelet's configuration file is wrong, and the kubelet was restarted",
  schema: z.strictObject({
    on: MachineName,
    field: z
      .string()
      .regex(/^\w+$/, "expected a field such as clientCAFile")
      .describe("the field of /var/lib/kubelet/config.yaml"),
    value: z
      .string()
      .regex(/^[^\n]*$/)
      .describe("the value that it gets, as YAML"),
  }),
  symptom: "the node is NotReady; `journalctl -u kubelet` says which value the kubelet died of",
  repair: "correct /var/lib/kubelet/config.yaml and `systemctl restart kubelet`",
  async apply(world, { on, field, value }) {
    editFile(world, on, "/var/lib/kubelet/config.yaml", (text) =>
      text.replace(new RegExp(`^( *${field}:).*$`, "m"), `$1 ${value}`),
    );
    await type(world, on, "systemctl restart kubelet");
  },
});
