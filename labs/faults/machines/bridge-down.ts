import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { LinkName, MachineName, type } from "../machine.ts";

export const bridgeDown = defineFault({
  name: "bridge-down",
  area: "machines",
  words: "The bridge that containers of a machine are plugged into is switched off",
  schema: z.strictObject({ on: MachineName, bridge: LinkName.default("cni0").describe("the bridge") }),
  symptom: "the machine's containers reach nothing and nobody reaches them; their own interfaces are up",
  repair: "`ip link set … up` for the bridge; routes into other networks over it come back with its owner or by hand",
  async apply(world, { on, bridge }) {
    await type(world, on, `ip link set ${bridge} down`);
  },
});
