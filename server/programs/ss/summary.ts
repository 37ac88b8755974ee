import type { Namespace } from "../../sim/net/index.ts";

/** `ss -s`, from what /proc/net/sockstat counts (iproute2 misc/ss.c: print_summary). */
export function summary(ns: Namespace): string {
  const { now } = ns.kernel;
  const sockets = [...ns.sockets.values()];
  const connections = [...ns.connections.values()].filter((row) => row.until === undefined || row.until > now);
  const waiting = connections.filter((row) => row.state === "time-wait");
  const orphans = connections.filter((row) => row.orphan && row.state !== "time-wait");
  const tcp = connections.filter((row) => row.protocol === "tcp" && row.state !== "time-wait");
  const listening = sockets.filter((row) => row.protocol === "tcp" && row.state === "listen");
  const bound = sockets.filter((row) => row.protocol === "tcp" && row.state !== "listen");
  const established = tcp.filter((row) => row.state === "established" || row.state === "close-wait").length;
  const count = (protocol: string, family: 4 | 6): number =>
    sockets.filter(
      (row) => row.protocol === protocol && row.family === family && (protocol !== "tcp" || row.state === "listen"),
    ).length + connections.filter((row) => row.protocol === protocol && row.family === family).length;
  const line = (name: string, four: number, six: number): string =>
    `${name}\t  ${[four + six, four, six].map((value) => String(value).padEnd(9)).join(" ")}\n`;
  const [raw, udp, all] = ["raw", "udp", "tcp"].map(
    (protocol) => [count(protocol, 4), count(protocol, 6)] as const,
  ) as [readonly [number, number], readonly [number, number], readonly [number, number]];
  const total = tcp.length + listening.length + bound.length;
  return (
    `Total: ${sockets.length + connections.length}\n` +
    `TCP:   ${total + waiting.length} (estab ${established}, closed ${bound.length + waiting.length}, orphaned ${orphans.length}, timewait ${waiting.length})\n\n` +
    "Transport Total     IP        IPv6\n" +
    line("RAW", ...raw) +
    line("UDP", ...udp) +
    line("TCP", ...all) +
    line("INET", raw[0] + udp[0] + all[0], raw[1] + udp[1] + all[1]) +
    line("FRAG", 0, 0) +
    "\n"
  );
}
