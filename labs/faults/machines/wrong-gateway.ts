import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Address, ip, MachineName, NetnsName, type } from "../machine.ts";

export const wrongGateway = defineFault({
  name: "wrong-gateway",
  area: "machines",
  words: "A machine's default route names a gateway that does not exist",
  schema: z.strictObject({ on: MachineName, via: Address.describe("the gateway that it gets"), netns: NetnsName }),
  symptom: 'its own network answers, everything beyond is "Destination Host Unreachable" or times out',
  repair: "find the right gateway (documents, another machine, `ip neigh`) and `ip route replace default via …`",
  async apply(world, { on, via, netns }) {
    await type(world, on, `${ip(netns)} route replace default via ${via}`);
  },
});
