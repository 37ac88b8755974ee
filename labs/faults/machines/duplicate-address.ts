import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { ip, LinkName, MachineName, NetnsName, Prefix, type } from "../machine.ts";

export const duplicateAddress = defineFault({
  name: "duplicate-address",
  area: "machines",
  words: "A machine has an address that belongs to somebody else",
  schema: z.strictObject({
    on: MachineName,
    link: LinkName.default("lo").describe("the interface that gets it"),
    address: Prefix.describe("the address, with its prefix length"),
    netns: NetnsName,
  }),
  symptom: "connections to the address end at the wrong machine: refused, or answered by something else",
  repair: "`ip route get ADDRESS` says local where it should not: delete it there with `ip addr del`",
  async apply(world, { on, link, address, netns }) {
    await type(world, on, `${ip(netns)} addr add ${address} dev ${link}`);
  },
});
