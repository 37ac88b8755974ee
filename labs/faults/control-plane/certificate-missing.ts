import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const certificateMissing = defineFault({
  name: "certificate-missing",
  area: "control-plane",
  words: "A file that the control plane needs was moved out of /etc/kubernetes/pki",
  schema: z.strictObject({
    on: MachineName.default("controlplane").describe("the control plane's machine"),
    file: z
      .string()
      .regex(/^[\w./-]+$/, "expected a path below /etc/kubernetes/pki, such as ca.crt")
      .describe("the file"),
  }),
  symptom: "what reads it starts no longer: for the API server's files kubectl is refused at its next restart",
  repair: "the log of the component names the file: move it back from /root",
  async apply(world, { on, file }) {
    await type(world, on, `mv /etc/kubernetes/pki/${file} /root/`);
  },
});
