import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { LinkName, MachineName, type } from "../machine.ts";

export const portUnplugged = defineFault({
  name: "port-unplugged",
  area: "machines",
  words: "An interface is no longer a port of its bridge",
  schema: z.strictObject({ on: MachineName, link: LinkName.describe("the port") }),
  symptom: "what is behind the port is cut off, although every interface is up; `bridge link` does not list it",
  repair: "`ip link set … master BRIDGE`",
  async apply(world, { on, link }) {
    await type(world, on, `ip link set ${link} nomaster`);
  },
});
