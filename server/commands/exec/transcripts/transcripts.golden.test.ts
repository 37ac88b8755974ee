import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openWorld } from "../../open-world.ts";
import { virtualPacing } from "../pacing.ts";
import { readTranscript, TranscriptPlayer } from "../transcript.ts";
import { masked } from "./masked.ts";

/** Transcripts of real tools (golden/README.md; those in more/ were recorded by the same means): ours must be the same. */
const FIXTURES = join(import.meta.dirname, "fixtures");

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
  "more-linux/routes.t": { "ip route save": "netlink messages in a file are not simulated" },
  "more-programs/http-server.t": {
    "(cd www; timeout 3 python3": "the recorder's ss had lost blanks behind its heading",
    "(timeout 2 python3 -m http.server -d www": "the recorder's ss had lost blanks behind its heading",
    "python3 -m http.server 70000": "the real one waited for a name server that was not there",
    "(timeout 2 python3 -m http.server 8000 >log": "follows upon the one before, which the recorder had to kill",
  },
  "more-tcpdump/arp.t": {
    "ip neigh flush all; (sleep 1; ping -c 1 192.168.56.1 >/dev/null) & timeout 3 tcpdump -t -ni eth0 arp host":
      "the router asked back in these seconds: neighbours that go stale ask when they are looked at",
  },
  "more-tcpdump/dns.t": {
    "(sleep 1; dig +short web.default.svc.cluster.local >/dev/null) & timeout 3 tcpdump -t -nvi":
      "dig's socket does not ask for path MTU discovery",
    "(sleep 1; dig example.com >/dev/null) & timeout 3 tcpdump -t -nvvi":
      "dig's socket does not ask for path MTU discovery",
  },
  "more-tcpdump/icmp.t": {
    "(sleep 1; ping -c 1 192.168.56.12 >/dev/null) & timeout 3 tcpdump -t -ni eth0 src 192.168.56.12":
      "the neighbour asked back in these seconds: neighbours that go stale ask when they are looked at",
  },
  "more-tcpdump/ip6.t": {
    "(sleep 1; ip netns exec red ping -c 1 192.168.15.2": "nobody solicits routers",
  },
  "more-tcpdump/tcp.t": {
    "(sleep 1; nc -w 1 10.244.2.10 22": "a FIN is acknowledged at once, also where the program closes at once",
    "(sleep 1; echo hi | nc -N 10.244.2.10 80": "the recorded server refuses what is no request before it is complete",
    "(sleep 1; curl -s -o /dev/null http://10.244.2.10/empty":
      "a FIN is acknowledged at once, also where the program closes at once",
    "(sleep 1; curl -s -m 1 -o /dev/null http://10.244.2.10/slow":
      "an answer that takes time counts as sent when it is made",
    "(sleep 1; curl -s -o /dev/null http://10.244.2.10/nosuch http":
      "which of two programs prints first on one terminal",
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
