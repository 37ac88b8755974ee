import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Address, ip, LinkName, MachineName, NetnsName, Prefix, type } from "../machine.ts";

export const wrongRoute = defineFault({
  name: "wrong-route",
  area: "machines",
  words: "A machine sends a network's packets to the wrong gateway",
  schema: z.strictObject({
    on: MachineName,
    to: Prefix.describe("the network"),
    via: Address.describe("the gateway that it gets"),
    netns: NetnsName,
    link: LinkName.optional().describe("the interface, if the gateway is in none of the machine's networks"),
  }),
  symptom: 'packets to that network are lost or "Destination Host Unreachable"; `ip route get` names the wrong gateway',
  repair: "delete the route, or replace it by the right one with `ip route replace`",
  async apply(world, { on, to, via, netns, link }) {
    const out = link === undefined ? "" : ` dev ${link} onlink`;
    await type(world, on, `${ip(netns)} route replace ${to} via ${via}${out}`);
  },
});
