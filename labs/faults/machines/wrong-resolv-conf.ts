import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Address, MachineName, type } from "../machine.ts";

export const wrongResolvConf = defineFault({
  name: "wrong-resolv-conf",
  area: "machines",
  words: "/etc/resolv.conf of a machine names a server that does not answer",
  schema: z.strictObject({
    on: MachineName,
    nameserver: Address.default("192.0.2.53").describe("the server that it gets"),
  }),
  symptom: 'the machine resolves no name: "Temporary failure in name resolution"; addresses work',
  repair: "put a server that answers into /etc/resolv.conf, or the link to /run/systemd/resolve/stub-resolv.conf back",
  async apply(world, { on, nameserver }) {
    await type(world, on, `rm -f /etc/resolv.conf && echo "nameserver ${nameserver}" > /etc/resolv.conf`);
  },
});
