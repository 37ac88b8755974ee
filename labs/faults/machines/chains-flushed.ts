import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const chainsFlushed = defineFault({
  name: "chains-flushed",
  area: "machines",
  words: "Somebody emptied a table of iptables",
  schema: z.strictObject({
    on: MachineName,
    table: z.enum(["filter", "nat", "mangle"]).default("nat").describe("the table"),
  }),
  symptom:
    "what its rules did no longer happens (Services, published ports, masquerading) until their owner writes them again",
  repair: "restart the owner of the rules: delete the kube-proxy Pod, `systemctl restart docker`",
  async apply(world, { on, table }) {
    await type(world, on, `iptables -t ${table} -F`);
  },
});
