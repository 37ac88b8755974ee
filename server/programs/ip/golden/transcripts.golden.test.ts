import { describe, expect, test } from "vitest";
import { transcripts } from "./testing.ts";
import { replay, type Exceptions } from "./transcript.ts";

/** What other parts answer for, and what the recording machine had and labs have not. */
const exceptions: Exceptions = {
  words: [
    "ping", "curl", "nc", "dig", "nslookup", "host", "wget", "traceroute", "tracepath", "arping", "sudo", "ssh", "getent",
    "ethtool", "python3", "tcpdump", "hostname",
  ],
  commands: {
    "addr-link-route/route-file-and-proc": {
      "cat /sys/class/net/eth0/address": "the recorder saw the /sys of its own machine",
      "cat /sys/class/net/eth0/mtu": "the recorder saw the /sys of its own machine",
      "ls /sys/class/net": "the recorder saw the /sys of its own machine",
    },
    "addr-link-route/vxlan-macvlan": {
      "ip link add macvlan0 link eth0 address 02:42:00:00:00:50 type macvlan mode bridge": "macvlan is not simulated",
      "ip -d link show macvlan0": "macvlan is not simulated",
      "ip link add link eth0 name mv1 type macvlan mode foo": "macvlan is not simulated",
    },
    "sockets/netstat-misc": {
      "netstat -s | head -30": "nothing counts datagrams",
      "netstat -lnx": "the recorder's inode numbers had six digits",
    },
  },
}; // prettier-ignore

describe.each(["netns", "addr-link-route", "iptables", "sockets", "errors", "more"])("%s", (group) => {
  test.each(transcripts(group))("%s", async (name) => {
    const { different } = await replay(name, exceptions);
    expect(different.join("\n")).toBe("");
  });
});
