import { writeSysctl } from "../../net/index.ts";
import type { World } from "../../world/index.ts";
import { bridge, cable, defaultRoute, give, hidden, must, own, plug, withoutIpv6 } from "./wiring.ts";

/** golden/worlds/node.sh and node4.sh: a machine on a LAN with a router and another machine. */
export function node(world: World, { ipv6 }: { readonly ipv6: boolean }): void {
  const machine = own(world);
  if (!ipv6) withoutIpv6(machine);
  const lan = hidden(world, ipv6);
  const node01 = hidden(world, ipv6);
  bridge(lan, "br0", "02:42:c0:a8:38:01");
  cable([machine, "eth0", "02:42:c0:a8:38:0b"], [lan, "p1", "02:42:00:00:00:01"]);
  cable([node01, "eth0", "02:42:c0:a8:38:0c"], [lan, "p2", "02:42:00:00:00:02"]);
  for (const port of ["p1", "p2"]) plug(lan, port, "br0");
  give(lan, "br0", "192.168.56.1/24");
  give(lan, "lo", "8.8.8.8/32");
  must(writeSysctl(lan, "net/ipv4/ip_forward", "1"));
  give(node01, "eth0", "192.168.56.12/24", "192.168.56.255");
  defaultRoute(node01, "192.168.56.1");
}

/** What the recorder typed on the machine itself. */
export const NODE_SCRIPT = `
ip addr add 192.168.56.11/24 brd + dev eth0
ip route add default via 192.168.56.1 dev eth0
`;
