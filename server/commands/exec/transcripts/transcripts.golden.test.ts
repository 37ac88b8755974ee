import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openWorld } from "../../open-world.ts";
import { virtualPacing } from "../pacing.ts";
import { readTranscript, TranscriptPlayer } from "../transcript.ts";
import { normalize } from "./normalize.mjs";

/** Transcripts of real tools (golden/README.md; those in more/ were recorded by the same means): ours must be the same. */
const FIXTURES = join(import.meta.dirname, "fixtures");

/** Commands that begin so: what they need is not simulated. */
function unsimulated(...beginnings: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(beginnings.map((beginning) => [beginning, "not simulated"]));
}

/** lsof's numbers of sockets, which the recorder's normaliser leaves. */
function masked(text: string): string {
  return normalize(text).replaceAll(/^(\S+ +(?:\d+ +)+\S+ +\d+\w? +IPv[46]) +\d+/gm, "$1 <ID>");
}

/** What is run and not compared, with the reason. */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "addr-link-route/route-file-and-proc.t": {
    "cat /sys/class/net/eth0/address": "the recorder saw the /sys of its own machine",
    "cat /sys/class/net/eth0/mtu": "the recorder saw the /sys of its own machine",
    "ls /sys/class/net": "the recorder saw the /sys of its own machine",
  },
  // Whether an ICMP error ends a connect(2) depends on who holds the socket when it arrives (tcp_v4_err: sock_owned_by_user):
  // here the recording was unlucky, elsewhere the same connect fails at once.
  "sockets/refused-vs-timeout.t": { "nc -zv -w 1 10.96.45.12 81": "a race in the recording" },
  "addr-link-route/route-add-del.t": {
    "ping -c 1 -W 1 10.7.1.1": "ping does not look at the type of a route that forbids",
  },
  "addr-link-route/traceroute-tcpdump.t": unsimulated("ethtool eth0", "timeout 2 tcpdump", "(sleep 1; ping"),
  "addr-link-route/vxlan-macvlan.t": unsimulated(
    "ip link add macvlan0",
    "ip -d link show macvlan0",
    "ip link add link eth0 name mv1",
  ),
  "dns/ndots-order.t": unsimulated("timeout 3 tcpdump", "grep -o"),
  "errors/net-tools-usage.t": unsimulated("hostname -z"),
  "sockets/listen-after-start.t": unsimulated("(timeout 3 python3"),
  "sockets/netstat-misc.t": {
    "netstat -s | head -30": "nothing counts datagrams",
    "netstat -lnx": "the recorder's inode numbers had six digits",
  },
};

describe.each(readdirSync(FIXTURES).sort())("%s", (group) => {
  test.each(readdirSync(join(FIXTURES, group)).sort())("%s", async (file) => {
    const { head, steps } = readTranscript(readFileSync(join(FIXTURES, group, file), "utf8"));
    const { world, host } = await openWorld({ world: head["world"] ?? "bare", seed: 1 });
    const pacing = virtualPacing(world);
    const player = new TranscriptPlayer(world, pacing, host);
    const exceptions = EXCEPTIONS[`${group}/${file}`] ?? {};
    const [real, ours]: [string[], string[]] = [[], []];
    await player.settle();
    for (const { command, output } of steps) {
      const { shown } = await player.run(command, head["tty"]);
      if (Object.keys(exceptions).some((beginning) => command.startsWith(beginning))) continue;
      real.push(`$ ${command}\n${masked(output)}`);
      ours.push(`$ ${command}\n${masked(shown)}`);
    }
    expect(ours.join("")).toBe(real.join(""));
  });
});
