import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { ip, MachineName, NetnsName, Prefix, type } from "../machine.ts";

export const missingRoute = defineFault({
  name: "missing-route",
  area: "machines",
  words: "A route of a machine is gone",
  schema: z.strictObject({
    on: MachineName,
    to: z.union([z.literal("default"), Prefix]).describe("the route's destination, as `ip route` shows it"),
    netns: NetnsName,
  }),
  symptom:
    'what the route led to is unreachable: "Network is unreachable", or it goes by the default route and is lost',
  repair: "compare `ip route` with another machine and put the route back with `ip route add`",
  async apply(world, { on, to, netns }) {
    await type(world, on, `${ip(netns)} route del ${to}`);
  },
});
