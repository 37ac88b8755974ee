import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { ip, LinkName, MachineName, NetnsName, type } from "../machine.ts";

export const wrongMtu = defineFault({
  name: "wrong-mtu",
  area: "machines",
  words: "An interface carries smaller packets than its neighbours think",
  schema: z.strictObject({
    on: MachineName,
    link: LinkName,
    mtu: z.int().min(68).max(65_535).describe("the size that it gets"),
    netns: NetnsName,
  }),
  symptom:
    "small packets pass, large ones do not: `ping` works, `ping -M do -s 1400` says that the message is too long",
  repair: "compare `ip link` with the other nodes and `ip link set … mtu`",
  async apply(world, { on, link, mtu, netns }) {
    await type(world, on, `${ip(netns)} link set ${link} mtu ${mtu}`);
  },
});
