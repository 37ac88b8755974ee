import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { LinkName, MachineName, type } from "../machine.ts";

/** In mangle PREROUTING: INPUT never meets packets to node ports, they are rewritten before. */
export const nodePortFirewall = defineFault({
  name: "node-port-firewall",
  area: "machines",
  words: "A firewall rule of a node drops packets to node ports before kube-proxy's rules see them",
  schema: z.strictObject({
    on: MachineName,
    ports: z
      .string()
      .regex(/^\d+(:\d+)?$/, 'expected a port or a range such as "30000:32767"')
      .describe("one port or a range, as iptables writes it"),
    protocol: z.enum(["tcp", "udp"]).default("tcp").describe("the protocol"),
    interface: LinkName.default("eth0").describe("where the packets come in"),
    comment: z
      .string()
      .regex(/^[\w .,:/-]{1,255}$/, "expected letters, digits and spaces")
      .optional()
      .describe("a note that the rule carries"),
  }),
  symptom: "a NodePort times out from outside at one node; on that node itself it answers, and at other nodes, too",
  repair: "find the rule with `iptables -t mangle -S PREROUTING` and delete it with `-D`",
  async apply(world, { on, ports, protocol, interface: link, comment }) {
    const note = comment === undefined ? "" : ` -m comment --comment '${comment}'`;
    await type(world, on, `iptables -t mangle -A PREROUTING -i ${link} -p ${protocol} --dport ${ports}${note} -j DROP`);
  },
});
