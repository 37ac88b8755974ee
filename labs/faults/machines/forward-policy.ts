import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const forwardPolicy = defineFault({
  name: "forward-policy",
  area: "machines",
  words: "A machine drops what it should forward by the policy of its FORWARD chain",
  schema: z.strictObject({ on: MachineName }),
  symptom: "packets through the machine are lost unless a rule accepts them; net.ipv4.ip_forward is 1",
  repair: "`iptables -S FORWARD` begins with -P FORWARD DROP: set the policy to ACCEPT, or accept what belongs through",
  async apply(world, { on }) {
    await type(world, on, "iptables -P FORWARD DROP");
  },
});
