import { z } from "zod";
import type { World } from "../../server/sim/world/index.ts";
import { runCommand, Scene } from "../../grader/index.ts";
import { Refused } from "../setup/admin.ts";

/** A node drops packets to ports of its own before kube-proxy's rules see them: INPUT would never meet those of node ports. */
export const NodePortFirewall = z.strictObject({
  on: z.string(),
  /** One port or a range, as iptables writes it: `30000:32767`. */
  ports: z.string().regex(/^\d+(:\d+)?$/, 'expected a port or a range such as "30000:32767"'),
  protocol: z.enum(["tcp", "udp"]).default("tcp"),
  /** Where the packets come in. */
  interface: z
    .string()
    .regex(/^[\w.-]+\+?$/, "expected the name of an interface")
    .default("eth0"),
  /** The note that the rule carries. */
  comment: z
    .string()
    .regex(/^[\w .,:/-]{1,255}$/, "expected letters, digits and spaces")
    .optional(),
});

export async function nodePortFirewall(world: World, fault: z.infer<typeof NodePortFirewall>): Promise<void> {
  const { on, ports, protocol, comment } = fault;
  const note = comment === undefined ? "" : ` -m comment --comment '${comment}'`;
  const rule = `PREROUTING -i ${fault.interface} -p ${protocol} --dport ${ports}${note} -j DROP`;
  const { exitCode, stderr } = await runCommand(world, new Scene(world).machine(on), `iptables -t mangle -A ${rule}`);
  if (exitCode !== 0) throw new Refused(`iptables on ${on}: ${stderr.trim()}`);
}
