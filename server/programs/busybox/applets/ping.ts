import { SECOND } from "../../../sim/kernel/index.ts";
import { addressText, findLink, getRoute, mayPing, namespaceOf, parseAddress } from "../../../sim/net/index.ts";
import { numericAddress, type Family } from "../../netdb/getaddrinfo.ts";
import { Echoes } from "../../ping/echoes.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { hostAddress } from "../resolve.ts";

/** networking/ping.c */
export const ping: Applet = {
  options: "46c:s:i:At:I:W:w:qp:v",
  usage: (version) => `[OPTIONS] HOST

Send ICMP ECHO_REQUEST${version.isAtLeast("1.33") ? "s" : " packets to network hosts"}${version.isAtLeast("1.33") ? " to HOST" : ""}

	-4,-6		Force IP or IPv6 name resolution
	-c CNT		Send only CNT pings
	-s SIZE		Send SIZE data bytes in packets (default 56)
	-i SECS		Interval
	-A		Ping as soon as reply is received
	-t TTL		Set TTL
	-I IFACE/IP	Source interface or IP address
	-W SEC		Seconds to wait for the first response (default 10)
			(after all -c CNT packets are sent)
	-w SEC		Seconds until ping exits (default:infinite)
			(can exit earlier with -c CNT)
	-q		Quiet, only display output at start/finish
	-p HEXBYTE	Payload pattern`,
  run: (call) => run(call, call.has("4") ? 4 : call.has("6") ? 6 : undefined),
};

export const ping6: Applet = { ...ping, run: (call) => run(call, 6) };

async function run(call: AppletCall, family: Family | undefined): Promise<number> {
  const { process, operands } = call;
  if (operands.length !== 1) return call.usage();
  const [host] = operands as [string];
  const number = (option: string, otherwise: number): number => Number(call.value(option) ?? otherwise);
  for (const option of ["c", "s", "t", "W", "w", "i"]) {
    const text = call.value(option);
    if (text !== undefined && !(option === "i" ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text))
      return call.die(`invalid number '${text}'`);
  }
  const found = await hostAddress(process, host, family);
  if ("problem" in found) return call.die(found.problem);
  const to = found.address;
  const ns = namespaceOf(process);
  const bound = call.value("I");
  const device = bound !== undefined && findLink(ns, bound) ? bound : undefined;
  const from = bound === undefined || device !== undefined ? undefined : numericAddress(bound);
  if (bound !== undefined && device === undefined && from === undefined) return call.die(`unknown interface '${bound}'`); // prettier-ignore
  const size = number("s", 56);
  await process.print(`PING ${host} (${to})${bound === undefined ? "" : ` from ${from ?? to}`}: ${size} data bytes\n`);
  if (!mayPing(process, ns)) return call.die("permission denied (are you root?)");
  const route = getRoute(ns, {
    destination: parseAddress(to)!,
    ...(device === undefined ? {} : { oif: findLink(ns, device)!.index }),
  });
  if (typeof route === "string") return call.die(`sendto: ${call.words(route)}`);
  let died = 0;
  const count = number("c", Infinity) || Infinity;
  const deadline = number("w", 0) * SECOND || Infinity;
  const echoes = new Echoes(process, {
    spec: {
      to,
      size,
      ...(from === undefined ? {} : { from }),
      ...(device === undefined ? {} : { device }),
      ...(call.value("t") === undefined ? {} : { ttl: number("t", 64) }),
      tracing: false,
    },
    first: 0,
    count,
    interval: number("i", 1) * SECOND,
    wait: number("W", 10) * SECOND,
    deadline,
    errorsCount: false,
    ...(call.has("A") ? { adaptive: true } : {}),
    // Other ICMP messages carry no id of ours, so that they go unseen.
    arrived: async (seq, { outcome, reply, latency }) => {
      if (outcome !== "answered" || call.has("q")) return;
      const time = call.version.isAtLeast("1.22") ? `${Math.floor(latency / 1000)}.${String(Math.round(latency) % 1000).padStart(3, "0")}` : "0.0"; // prettier-ignore
      await process.print(
        `${size + 8} bytes from ${addressText(reply!.src)}: seq=${seq} ttl=${reply!.ttl} time=${time} ms\n`,
      );
    },
    unsent: async (_, { errno }) => {
      await process.error(`ping: sendto: ${call.words(errno ?? "EPERM")}\n`);
      died = 1;
      return "end";
    },
  });
  process.on("SIGINT", () => echoes.stop());
  await echoes.run();
  if (died > 0) return died;
  process.on("SIGINT", undefined);
  await process.print(report(host, echoes));
  return echoes.received === 0 || (deadline !== Infinity && echoes.received < count && count !== Infinity) ? 1 : 0;
}

function report(host: string, { transmitted, received, times }: Echoes): string {
  const loss = transmitted === 0 ? "" : `${Math.floor((100 * (transmitted - received)) / transmitted)}% packet loss`;
  const lines = [
    ``,
    `--- ${host} ping statistics ---`,
    `${transmitted} packets transmitted, ${received} packets received, ${loss}`,
  ];
  if (times.length > 0) {
    const average = times.reduce((sum, time) => sum + time, 0) / times.length;
    const shown = [Math.min(...times), average, Math.max(...times)].map((time) => `${Math.floor(time / 1000)}.${String(Math.floor(time) % 1000).padStart(3, "0")}`); // prettier-ignore
    lines.push(`round-trip min/avg/max = ${shown.join("/")} ms`);
  }
  return `${lines.join("\n")}\n`;
}
