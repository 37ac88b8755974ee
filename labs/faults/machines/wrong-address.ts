import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { ip, LinkName, MachineName, NetnsName, Prefix, type } from "../machine.ts";

export const wrongAddress = defineFault({
  name: "wrong-address",
  area: "machines",
  words: "An interface has another address than it should, or another prefix length",
  schema: z.strictObject({
    on: MachineName,
    link: LinkName,
    address: Prefix.describe("the address that it has, with its prefix length"),
    becomes: Prefix.describe("the address that it gets"),
    netns: NetnsName,
  }),
  symptom: "neighbours do not answer: either side looks for the other in the wrong network",
  repair:
    "compare `ip addr` on both sides, delete the wrong address and add the right one; routes that went away with it have to come back, too",
  async apply(world, { on, link, address, becomes, netns }) {
    await type(
      world,
      on,
      `${ip(netns)} addr del ${address} dev ${link} && ${ip(netns)} addr add ${becomes} dev ${link}`,
    );
  },
});
