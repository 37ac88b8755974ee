import fc from "fast-check";
import { expect, test } from "vitest";
import { runProgram, testHosts, type Ran } from "../../sim/host/testing.ts";
import type { Host, Program } from "../../sim/host/index.ts";
import { addNamespace, bindNetwork, Network } from "../../sim/net/index.ts";
import { createRegistry } from "../registry.ts";

/** Words that these programs know, wrong ones, and some that are nearly right: whatever is made of them, a program answers. */
const COMMON = ["", "-", "--", "!", "!!", "=", "0", "-1", "99999999999", "0x", "foo", "*", "a,b", "1:2", "10.0.0.1", "10.0.0.0/33", "10.0.0.1-10.0.0.0", "::1", "fd00::/8", "é", "\u0000"]; // prettier-ignore
const WORDS: Readonly<Record<string, readonly string[]>> = {
  iptables: [
    "-A", "-I", "-D", "-C", "-R", "-L", "-S", "-F", "-Z", "-N", "-X", "-E", "-P", "INPUT", "FORWARD", "web", "nat", "-t", "filter",
    "-s", "-d", "-p", "tcp", "udp", "icmp", "all", "-j", "-g", "ACCEPT", "DROP", "RETURN", "REJECT", "LOG", "DNAT", "SNAT", "MASQUERADE",
    "--to-destination", "--to-source", ":80", "10.0.0.1:80-70", "-m", "comment", "--comment", "conntrack", "--ctstate", "NEW", "mark",
    "--mark", "0x1/0x1", "multiport", "--dports", "80,443", "--dport", "--sport", "80:70", "hashlimit", "--hashlimit-upto", "5/sec",
    "--hashlimit-name", "--hashlimit-burst", "1mb/s", "string", "--string", "--hex-string", "|0g|", "--algo", "bm", "u32", "--u32",
    "0=1&&", "time", "--timestart", "25:99", "--weekdays", "Mo,Xx", "connlimit", "--connlimit-above", "limit", "--limit", "recent",
    "--rcheck", "--seconds", "set", "--match-set", "src", "owner", "--uid-owner", "-v", "-n", "-x", "--line-numbers", "-i", "-o", "eth+",
    "-f", "-c", "1,2", "--reject-with", "tcp-reset", "-w", "-4", "-6", "-nvL", "-vvv", "NETMAP", "--to", "DSCP", "--set-dscp", "TOS",
    "--set-tos", "0x10/", "statistic", "--mode", "random", "--probability", "1.5", "icmp-type", "--icmp-type", "physdev",
  ], // prettier-ignore
  "iptables-restore": ["-n", "-t", "-c", "-T", "nat", "--test", "--counters", "file", "/nosuch"],
  ipset: [
    "create", "add", "del", "test", "list", "save", "restore", "flush", "destroy", "rename", "swap", "-!", "-exist", "-q", "-n", "-t",
    "-o", "save", "a", "b", "hash:ip", "hash:net", "hash:ip,port", "bitmap:port", "bitmap:ip", "list:set", "hash:net,iface", "range",
    "1-2", "2-1", "10.0.0.0/24", "family", "inet", "inet6", "timeout", "maxelem", "hashsize", "counters", "comment", "netmask", "nomatch",
    "10.0.0.1,tcp:80", "10.0.0.1,icmp:x", "10.0.0.0/24,eth0", "before", "size",
  ], // prettier-ignore
  ipvsadm: [
    "-A", "-E", "-D", "-C", "-R", "-S", "-a", "-e", "-d", "-L", "-l", "-Z", "-t", "-u", "-f", "-s", "rr", "wrr", "lc", "sh", "-p", "-r",
    "-g", "-i", "-m", "-w", "10.0.0.1:80", "10.0.0.1:99999", "[::1]:80", "-n", "--stats", "--rate", "-c", "--set", "--timeout", "1", "2",
  ], // prettier-ignore
  conntrack: [
    "-L", "-D", "-C", "-F", "-G", "-U", "-I", "-S", "-p", "tcp", "udp", "icmp", "-s", "-d", "--sport", "--dport", "80", "-t", "100", "-u",
    "ASSURED", "-m", "1/2", "-o", "id", "extended", "save", "--state", "ESTABLISHED", "expect", "-f", "ipv6", "--icmp-type", "-n", "-g",
    "--reply-src",
  ], // prettier-ignore
};

async function machine(): Promise<Host> {
  const registry = createRegistry([]);
  const programs = await Promise.all(Object.keys(WORDS).map(async (name) => (await registry.find(name)) as Program));
  const { hosts, host } = testHosts(programs);
  const network = new Network(host.kernel);
  addNamespace(network, "controlplane");
  bindNetwork(hosts, network);
  return host;
}

test.each(Object.keys(WORDS))(
  "%s answers whatever it is told, without an internal error",
  async (program) => {
    const host = await machine();
    const word = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...WORDS[program]!) }, { weight: 2, arbitrary: fc.constantFrom(...COMMON) }, { weight: 1, arbitrary: fc.string({ maxLength: 12 }) }); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 14 }), async (args) => {
        const { code, stderr }: Ran = await runProgram(host, [program, ...args], { stdin: args.join("\n") });
        expect(stderr).not.toMatch(/internal error/);
        expect(code).not.toBe(70);
      }),
      { numRuns: 1500, seed: 6 },
    );
  },
  60_000,
);
