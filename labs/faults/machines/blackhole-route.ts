import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { ip, MachineName, NetnsName, Prefix, type } from "../machine.ts";

export const blackholeRoute = defineFault({
  name: "blackhole-route",
  area: "machines",
  words: "A route of a machine throws packets to a network away",
  schema: z.strictObject({
    on: MachineName,
    to: Prefix.describe("the network or address"),
    kind: z
      .enum(["blackhole", "unreachable", "prohibit"])
      .default("blackhole")
      .describe("how: without a word, or with an ICMP error"),
    netns: NetnsName,
  }),
  symptom:
    'packets to that network end at the machine: "Invalid argument" on itself and silence for others (blackhole), or "No route to host"',
  repair: "`ip route` shows the route: delete it with its kind, `ip route del blackhole …`",
  async apply(world, { on, to, kind, netns }) {
    await type(world, on, `${ip(netns)} route add ${kind} ${to}`);
  },
});
