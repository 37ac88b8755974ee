import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const ipForwardOff = defineFault({
  name: "ip-forward-off",
  area: "machines",
  words: "A machine no longer forwards packets between its interfaces: a file of sysctl switches it off",
  schema: z.strictObject({
    on: MachineName,
    file: z
      .string()
      .regex(/^[\w.-]+\.conf$/, "expected a file such as 99-hardening.conf")
      .default("99-hardening.conf")
      .describe("the file in /etc/sysctl.d"),
  }),
  symptom:
    "what runs behind the machine (Pods on a node, namespaces, containers) reaches nothing beyond it; the machine itself does",
  repair: "take the line out of /etc/sysctl.d and run `sysctl -w net.ipv4.ip_forward=1`",
  async apply(world, { on, file }) {
    await type(
      world,
      on,
      `echo "net.ipv4.ip_forward = 0" > /etc/sysctl.d/${file} && sysctl -q -p /etc/sysctl.d/${file}`,
    );
  },
});
