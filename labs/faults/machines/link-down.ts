import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { ip, LinkName, MachineName, NetnsName, type } from "../machine.ts";

export const linkDown = defineFault({
  name: "link-down",
  area: "machines",
  words: "An interface is switched off",
  schema: z.strictObject({ on: MachineName, link: LinkName, netns: NetnsName }),
  symptom: "nothing passes the interface; `ip link` shows it without UP, and the routes over it are gone",
  repair: "`ip link set … up`, and put back routes that were not the interface's own",
  async apply(world, { on, link, netns }) {
    await type(world, on, `${ip(netns)} link set ${link} down`);
  },
});
