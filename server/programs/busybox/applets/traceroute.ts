import { SECOND } from "../../../sim/kernel/index.ts";
import { getnameinfo } from "../../netdb/getnameinfo.ts";
import { probe, unsendable, type ProbeAnswer } from "../../traceroute/trace.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { hostAddress } from "../resolve.ts";

/** networking/traceroute.c */
export const traceroute: Applet = {
  options: "FIlnrdvxt:i:m:p:q:s:w:g:f:46z:",
  usage: () => `[-46FIlnrv] [-f 1ST_TTL] [-m MAXTTL] [-q PROBES] [-p PORT]
	[-t TOS] [-w WAIT_SEC] [-s SRC_IP] [-i IFACE]
	[-z PAUSE_MSEC] HOST [BYTES]

Trace the route to HOST

	-4,-6	Force IP or IPv6 name resolution
	-F	Set don't fragment bit
	-I	Use ICMP ECHO instead of UDP datagrams
	-n	Print numeric addresses
	-f N	First number of hops (default 1)
	-m N	Max number of hops
	-q N	Number of probes per hop (default 3)
	-p N	Base UDP port number used in probes
		(default 33434)
	-w SEC	Wait for a response (default 3)`,
  run,
};

async function run(call: AppletCall): Promise<number> {
  const { process } = call;
  const [host, length] = call.operands;
  if (host === undefined) return call.usage();
  for (const option of ["i", "s", "g", "t", "r", "l"]) if (call.has(option)) return call.notSimulated(`-${option}`);
  const found = await hostAddress(process, host, call.has("6") ? 6 : call.has("4") ? 4 : undefined);
  if ("problem" in found) return call.die(found.problem);
  const to = found.address;
  const number = (option: string, otherwise: number): number => Number(call.value(option) ?? otherwise);
  const most = number("m", 30);
  const size = Math.max(Number(length ?? 46), 28);
  await process.print(`traceroute to ${host} (${to}), ${most} hops max, ${size} byte packets\n`);
  const problem = unsendable(process, to);
  if (problem !== undefined) return call.die(`sendto: ${call.words(problem)}`);
  const wait = number("w", 3) * SECOND;
  let sent = 0;
  for (let ttl = number("f", 1); ttl <= most; ttl++) {
    await process.print(String(ttl).padStart(2));
    let last: string | undefined;
    let final = false;
    for (let query = 0; query < number("q", 3); query++) {
      const method = call.has("I") ? "icmp" : "udp";
      const answer = probe(process, { to, method, ttl, size, seq: ++sent, port: number("p", 33_434) + sent });
      const inTime = answer && answer.latency <= wait ? answer : undefined;
      await process.sleep(Math.round(inTime?.latency ?? wait));
      await process.print(await probeText(call, inTime, last));
      last = inTime?.from ?? last;
      final ||= inTime?.final ?? false;
    }
    await process.print("\n");
    if (final) return 0;
  }
  return 0;
}

async function probeText(call: AppletCall, answer: ProbeAnswer | undefined, last: string | undefined): Promise<string> {
  if (!answer) return "  *";
  let text = "";
  if (answer.from !== last) {
    const name = call.has("n") ? undefined : await getnameinfo(call.process, answer.from);
    text = call.has("n") ? `  ${answer.from}` : `  ${name ?? answer.from} (${answer.from})`;
  }
  return `${text}  ${(answer.latency / 1000).toFixed(3)} ms${answer.note}`;
}
