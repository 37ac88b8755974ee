import { addressText } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import type { Walker } from "./walker.ts";

/** net_ratelimit(): ten messages in five seconds, of all that the network says (net.core.message_cost and message_burst). */
const PERIOD = 5_000_000;
const BURST = 10;

/** With log_martians the kernel's log tells of a packet that cannot be right where it came in (ip_handle_martian_source). */
export function logMartian(walker: Walker, link: LinkRow, what: "source" | "destination"): void {
  const { ns, packet } = walker;
  if (walker.silent || typeof packet.dst !== "number" || !configurationOf(ns).device(link.index).logMartians) return;
  const { network, machine } = ns;
  const rows = network
    .namespace(machine)
    .quietRows<string, { readonly since: number; readonly count: number }>("log-limit");
  const { now } = ns.kernel;
  const known = rows.get("net");
  const row = known && now - known.since < PERIOD ? { ...known, count: known.count + 1 } : { since: now, count: 1 };
  rows.set("net", row);
  if (row.count > BURST) return;
  const [src, dst] = [addressText(packet.src), addressText(packet.dst)];
  if (what === "destination")
    return network.onKernelLog(machine, `IPv4: martian destination ${dst} from ${src}, dev ${link.name}`);
  network.onKernelLog(machine, `IPv4: martian source ${dst} from ${src}, on dev ${link.name}`);
  const header = [packet.dstMac, packet.srcMac].flatMap((mac) => mac.split(":"));
  network.onKernelLog(machine, `ll header: 00000000: ${[...header, "08", "00"].join(" ")}`);
}
