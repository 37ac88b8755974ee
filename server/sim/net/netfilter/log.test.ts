import { beforeEach, expect, test } from "vitest";
import type { Namespace } from "../namespace.ts";
import { cluster, clusterPod, iptables, machine, sysctl, testNetwork } from "../testing.ts";
import { connect } from "../transport/connect.ts";
import { exchangeDatagram } from "../transport/datagram.ts";
import { ping } from "../transport/ping.ts";

let host: Namespace;
let lines: string[];

beforeEach(() => {
  host = machine(testNetwork(), "host");
  lines = [];
  host.network.onKernelLog = (name, line) =>
    void lines.push(`${name}: ${line.replace(/(ID|SPT)=[1-9]\d+ /g, "$1=N ")}`);
});

/** Recorded on Linux 6.18, apart from what is drawn and the window, which is smaller on other links than lo. */
test("lines are the kernel's", () => {
  iptables(host, "-t mangle -A OUTPUT -j MARK --set-mark 0x10");
  iptables(host, '-A OUTPUT -j LOG --log-prefix "out: "');
  connect(host, { to: "127.0.0.1", port: 81, from: { port: 42590 } });
  ping(host, { to: "127.0.0.1", id: 5, seq: 1 });
  exchangeDatagram(host, { to: "127.0.0.1", port: 99 }, "hello");
  expect(lines).toEqual([
    "host: out: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=N DF PROTO=TCP SPT=N DPT=81 WINDOW=65495 RES=0x00 SYN URGP=0 MARK=0x10 ",
    "host: out: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF PROTO=TCP SPT=N DPT=42590 WINDOW=0 RES=0x00 ACK RST URGP=0 MARK=0x10 ",
    "host: out: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID=N DF PROTO=ICMP TYPE=8 CODE=0 ID=5 SEQ=1 MARK=0x10 ",
    "host: out: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID=N PROTO=ICMP TYPE=0 CODE=0 ID=5 SEQ=1 MARK=0x10 ",
    "host: out: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=33 TOS=0x00 PREC=0x00 TTL=64 ID=N DF PROTO=UDP SPT=N DPT=99 LEN=13 MARK=0x10 ",
    "host: out: IN= OUT=lo SRC=127.0.0.1 DST=127.0.0.1 LEN=61 TOS=0x00 PREC=0xC0 TTL=64 ID=N PROTO=ICMP TYPE=3 CODE=3 [SRC=127.0.0.1 DST=127.0.0.1 LEN=33 TOS=0x00 PREC=0x00 TTL=64 ID=N DF PROTO=UDP SPT=N DPT=99 LEN=13 ] MARK=0x10 ",
  ]);
});

test("on a bridge its ports are named", () => {
  const world = cluster();
  const pod = clusterPod(world, 0, "a", 2);
  clusterPod(world, 0, "b", 3);
  world.network.onKernelLog = host.network.onKernelLog;
  iptables(world.nodes[0], "-A FORWARD -p icmp --icmp-type 8 -j LOG --log-macdecode");
  iptables(world.nodes[0], "-A INPUT -p icmp --icmp-type 8 -j LOG");
  ping(pod, { to: "10.244.0.3", id: 5, seq: 1 });
  ping(pod, { to: "10.244.0.1", id: 5, seq: 1 });
  const rest = "LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID=N DF PROTO=ICMP TYPE=8 CODE=0 ID=5 SEQ=1 ";
  expect(lines).toEqual([
    `controlplane: IN=cni0 OUT=cni0 PHYSIN=veth-a PHYSOUT=veth-b MACSRC=02:42:0a:f4:00:02 MACDST=02:42:0a:f4:00:03 MACPROTO=0800 SRC=10.244.0.2 DST=10.244.0.3 ${rest}`,
    `controlplane: IN=cni0 OUT= PHYSIN=veth-a MAC=02:42:0a:f4:00:01:02:42:0a:f4:00:02:08:00 SRC=10.244.0.2 DST=10.244.0.1 ${rest}`,
  ]);
});

test("rules in a Pod's namespace log only if the machine says so", () => {
  const world = cluster();
  const pod = clusterPod(world, 0, "a", 2);
  world.network.onKernelLog = host.network.onKernelLog;
  iptables(pod, "-A OUTPUT -j LOG");
  ping(pod, { to: "10.244.0.1", id: 1, seq: 1 });
  expect(lines).toEqual([]);
  sysctl(world.nodes[0], "net.netfilter.nf_log_all_netns", 1);
  ping(pod, { to: "10.244.0.1", id: 1, seq: 1 });
  expect(lines).toHaveLength(1);
});
