import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Address, ip, LinkName, MachineName, NetnsName, type } from "../machine.ts";

export const wrongNeighbour = defineFault({
  name: "wrong-neighbour",
  area: "machines",
  words: "A permanent neighbour entry names the wrong hardware address",
  schema: z.strictObject({
    on: MachineName,
    link: LinkName,
    address: Address.describe("the neighbour"),
    mac: z
      .string()
      .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, "expected a hardware address such as 02:00:00:00:00:01")
      .default("02:00:00:00:00:01")
      .describe("the hardware address that it gets"),
    netns: NetnsName,
  }),
  symptom: "one neighbour is silent while others answer; `ip neigh` shows its entry as PERMANENT",
  repair: "`ip neigh del ADDRESS dev LINK`: the machine asks again",
  async apply(world, { on, link, address, mac, netns }) {
    await type(world, on, `${ip(netns)} neigh replace ${address} lladdr ${mac} nud permanent dev ${link}`);
  },
});
