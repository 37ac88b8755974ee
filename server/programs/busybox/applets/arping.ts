import { SECOND } from "../../../sim/kernel/index.ts";
import { addressText, askNeighbour, findLink, namespaceOf, parseIPv4 } from "../../../sim/net/index.ts";
import { getaddrinfo } from "../../netdb/getaddrinfo.ts";
import type { Applet, AppletCall } from "../applet.ts";

/** networking/arping.c */
export const arping: Applet = {
  options: "DUAqfbc:w:I:s:",
  usage: () => `[-fqbDUA] [-c CNT] [-w TIMEOUT] [-I IFACE] [-s SRC_IP] DST_IP

Send ARP requests/replies

	-f		Quit on first ARP reply
	-q		Quiet
	-b		Keep broadcasting, don't go unicast
	-D		Exit with 1 if DST_IP replies
	-U		Unsolicited ARP mode, update your neighbors
	-A		ARP answer mode, update your neighbors
	-c N		Stop after sending N ARP requests
	-w TIMEOUT	Seconds to wait for ARP reply
	-I IFACE	Interface to use (default eth0)
	-s SRC_IP	Sender IP address
	DST_IP		Target IP address`,
  run,
};

async function run(call: AppletCall): Promise<number> {
  const { process } = call;
  const [target] = call.operands;
  if (target === undefined) return call.usage();
  for (const option of ["U", "A", "s"]) if (call.has(option)) return call.notSimulated(`-${option}`);
  const ns = namespaceOf(process);
  const device = call.value("I") ?? "eth0";
  const link = findLink(ns, device);
  if (!link) return call.die(`interface ${device} not found: No such device`, 2);
  if (!link.up) return call.die(`interface "${device}" is down`, 2);
  if (link.kind === "loopback") return call.die(`interface "${device}" is not ARPable`, call.has("D") ? 0 : 2);
  const found = await getaddrinfo(process, target, 4);
  const [address] = found.addresses;
  if (address === undefined) return call.die(`bad address '${target}'`);
  const source = (ns.addresses.get(link.index) ?? []).find(({ family }) => family === 4)?.local;
  if (source === undefined) return call.die(`no IP address configured`, 2);
  const shown = async (text: string): Promise<void> => {
    if (!call.has("q")) await process.print(text);
  };
  await shown(`ARPING ${addressText(parseIPv4(address)!)} from ${source} ${device}\n`);
  const count = Number(call.value("c") ?? Infinity) || Infinity;
  const until = process.kernel.now + Number(call.value("w") ?? Infinity) * SECOND;
  let [sent, received] = [0, 0];
  const stop = new AbortController();
  process.on("SIGINT", () => {
    stop.abort();
    process.interrupt();
  });
  // The first question of all is a broadcast; the tally leaves it out (broadcast_only is only counted while it goes on).
  while (sent < count && !stop.signal.aborted && process.kernel.now < until) {
    const started = process.kernel.now;
    const mac = askNeighbour(ns, link, parseIPv4(address)!);
    sent++;
    if (mac !== undefined) {
      received++;
      await shown(
        `Unicast reply from ${address} [${mac}]  ${((process.kernel.now - started) / 1000 + 0.02).toFixed(3)}ms\n`,
      );
      if (call.has("f")) break;
    }
    if (sent < count || mac === undefined)
      await process.sleep(SECOND).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
  }
  process.on("SIGINT", undefined);
  await shown(
    `Sent ${sent} probe(s) (${received > 0 ? 0 : sent} broadcast(s))\nReceived ${received} response(s) (0 request(s), 0 broadcast(s))\n`,
  );
  if (call.has("D")) return received > 0 ? 1 : 0;
  return received > 0 ? 0 : 1;
}
