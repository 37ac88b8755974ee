import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, Prefix, type } from "../machine.ts";

export const nodeFirewall = defineFault({
  name: "node-firewall",
  area: "machines",
  words: "A firewall rule of a machine drops or rejects packets",
  schema: z.strictObject({
    on: MachineName,
    chain: z.enum(["INPUT", "FORWARD", "OUTPUT"]).default("INPUT").describe("to the machine, through it, or from it"),
    target: z.enum(["DROP", "REJECT"]).default("DROP").describe("silently, or with an ICMP error"),
    protocol: z.enum(["tcp", "udp", "icmp"]).optional().describe("only this protocol"),
    port: z
      .union([z.int(), z.string().regex(/^\d+:\d+$/)], { error: 'expected a port, or a range such as "30000:32767"' })
      .optional()
      .describe("only to this port or range; needs protocol"),
    source: Prefix.optional().describe("only from there"),
    destination: Prefix.optional().describe("only to there"),
    comment: z
      .string()
      .regex(/^[\w .,:/-]{1,255}$/, "expected letters, digits and spaces")
      .optional()
      .describe("a note that the rule carries"),
  }),
  symptom: "what the rule matches times out (DROP) or is refused (REJECT), everything else works",
  repair: "find the rule with `iptables -S CHAIN` and its counters with `iptables -nvL`, and delete it with `-D`",
  async apply(world, { on, chain, target, protocol, port, source, destination, comment }) {
    const matches = [
      ...(source === undefined ? [] : ["-s", source]),
      ...(destination === undefined ? [] : ["-d", destination]),
      ...(protocol === undefined ? [] : ["-p", protocol]),
      ...(port === undefined ? [] : ["--dport", port]),
      ...(comment === undefined ? [] : ["-m", "comment", "--comment", `'${comment}'`]),
    ];
    await type(world, on, `iptables -I ${[chain, ...matches, "-j", target].join(" ")}`);
  },
});
