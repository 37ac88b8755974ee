import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const unitStopped = defineFault({
  name: "unit-stopped",
  area: "machines",
  words: "A service of systemd is stopped",
  schema: z.strictObject({
    on: MachineName,
    unit: z
      .string()
      .regex(/^[\w@.-]+$/, "expected a unit such as kubelet")
      .describe("the unit"),
    disabled: z.boolean().default(false).describe("whether it also stays away at the next boot"),
  }),
  symptom: "what the service does no longer happens; `systemctl status` says inactive (dead)",
  repair: "`systemctl enable --now UNIT`",
  async apply(world, { on, unit, disabled }) {
    await type(world, on, `systemctl ${disabled ? "disable --now" : "stop"} ${unit}`);
  },
});
