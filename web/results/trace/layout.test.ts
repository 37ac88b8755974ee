import { expect, test } from "vitest";
import type { PacketTrace } from "../../../grader/trace.ts";
import { recordedTrace } from "../../testing/recorded-trace.ts";
import { LANE, layoutTrace, type TraceLayout } from "./layout.ts";

const ALL = ["service-answers", "service-refused", "other-node", "dropped", "node-port", "no-route", "lost-ping"];

/** A layout as lines: lanes, then every stop with its lane, label and marks, then bands and sleeves by the stops below them. */
function shown(layout: TraceLayout): string[] {
  const above = ({ x, width }: { x: number; width: number }): string => {
    const hops = layout.stops.filter((stop) => stop.x >= x && stop.x < x + width).map(({ hop }) => hop + 1);
    return `${hops[0]}-${hops.at(-1)}`;
  };
  return [
    ...layout.lanes.map(({ name, is }) => `lane ${name} (${is})`),
    ...layout.stops.map(({ hop, lane, label, minor, decides, changes }) =>
      [
        `${hop + 1} ${layout.lanes[lane]!.name}:`,
        minor ? "." : `${label.top}, ${label.below}`,
        changes ? "changes" : "",
        decides ? "decides" : "",
      ]
        .filter(Boolean)
        .join(" "),
    ),
    ...layout.bands.map((band) => `band ${above(band)} ${band.src} -> ${band.dst}`),
    ...layout.sleeves.map((sleeve) => `sleeve ${above(sleeve)} ${sleeve.words}`),
  ];
}

test("a connection that a reject rule refuses ends on the client's node", () => {
  expect(shown(layoutTrace(recordedTrace("service-refused")))).toMatchInlineSnapshot(`
    [
      "lane client-5c578c8f8b-26zfk (Pod in shop, on node01)",
      "lane node01 (node)",
      "1 client-5c578c8f8b-26zfk: sends, tcp",
      "2 client-5c578c8f8b-26zfk: route, eth0",
      "3 client-5c578c8f8b-26zfk: .",
      "4 node01: route, eth0",
      "5 node01: filter FORWARD, REJECT decides",
      "band 1-5 10.244.1.4:40260 -> 10.101.212.48:80",
    ]
  `);
});

test("a packet to a Pod of another node: translated, wrapped, sent through the router, unwrapped", () => {
  expect(shown(layoutTrace(recordedTrace("other-node")))).toMatchInlineSnapshot(`
    [
      "lane client-5c578c8f8b-26zfk (Pod in shop, on node01)",
      "lane node01 (node)",
      "lane router (between the networks)",
      "lane controlplane (node)",
      "lane coredns-5695bf5787-jgn6c (Pod in kube-system, on controlplane)",
      "1 client-5c578c8f8b-26zfk: sends, tcp",
      "2 client-5c578c8f8b-26zfk: route, eth0",
      "3 client-5c578c8f8b-26zfk: .",
      "4 client-5c578c8f8b-26zfk: .",
      "5 node01: nat PREROUTING, DNAT changes",
      "6 node01: route, flannel.1",
      "7 node01: filter FORWARD, ACCEPT",
      "8 node01: vxlan, wrapped",
      "9 node01: sends, udp",
      "10 node01: route, eth0",
      "11 node01: .",
      "12 node01: .",
      "13 router: route, eth0",
      "14 router: .",
      "15 controlplane: .",
      "16 controlplane: vxlan, unwrapped",
      "17 controlplane: route, cni0",
      "18 controlplane: filter FORWARD, ACCEPT",
      "19 controlplane: bridge, cni0",
      "20 controlplane: .",
      "21 coredns-5695bf5787-jgn6c: listens, 53 decides",
      "band 1-4 10.244.1.4:52152 -> 10.96.0.10:53",
      "band 5-21 10.244.1.4:52152 -> 10.244.0.3:53",
      "sleeve 8-15 in vxlan 172.30.2.2:33080 → 172.30.1.2:8472",
    ]
  `);
});

test("a packet from outside to a node port: conntrack changes both ends, one after the other", () => {
  expect(shown(layoutTrace(recordedTrace("node-port")))).toMatchInlineSnapshot(`
    [
      "lane outside (not in the cluster)",
      "lane router (between the networks)",
      "lane controlplane (node)",
      "lane node01 (node)",
      "lane cart-7d889b745b-4x8k7 (Pod in shop, on node01)",
      "1 outside: sends, tcp",
      "2 outside: route, eth0",
      "3 outside: .",
      "4 router: route, eth0",
      "5 router: .",
      "6 controlplane: conntrack, known changes",
      "7 controlplane: route, flannel.1",
      "8 controlplane: filter FORWARD, ACCEPT",
      "9 controlplane: conntrack, known changes",
      "10 controlplane: vxlan, wrapped",
      "11 controlplane: sends, udp",
      "12 controlplane: route, eth0",
      "13 controlplane: .",
      "14 controlplane: .",
      "15 router: route, eth1",
      "16 router: .",
      "17 node01: .",
      "18 node01: vxlan, unwrapped",
      "19 node01: route, cni0",
      "20 node01: filter FORWARD, ACCEPT",
      "21 node01: bridge, cni0",
      "22 node01: .",
      "23 cart-7d889b745b-4x8k7: connection, 8748 decides",
      "band 1-5 192.168.100.10:40980 -> 172.30.1.2:31285",
      "band 6-8 192.168.100.10:40980 -> 10.244.1.2:8748",
      "band 9-23 10.244.0.0:25421 -> 10.244.1.2:8748",
      "sleeve 10-17 in vxlan 172.30.1.2:46555 → 172.30.2.2:8472",
    ]
  `);
});

test("a packet without a route never leaves: one stop, no source", () => {
  expect(shown(layoutTrace(recordedTrace("no-route")))).toMatchInlineSnapshot(`
    [
      "lane controlplane (node)",
      "1 controlplane: route, no route decides",
      "band 1-1 no source yet -> 198.51.100.7",
    ]
  `);
});

test("an answer keeps the lanes of the packet that it answers, without those that it does not visit", () => {
  const there = recordedTrace("node-port");
  const back = layoutTrace(there.reply!, layoutTrace(there).lanes);
  expect(back.lanes).toEqual(layoutTrace(there).lanes);
  expect(back.stops[0]!.lane).toBe(4);
  expect(
    layoutTrace(recordedTrace("service-refused").reply!, layoutTrace(there).lanes).lanes.map(({ name }) => name),
  ).toEqual(["node01", "client-5c578c8f8b-26zfk"]);
});

const ways = ALL.flatMap((name): [string, PacketTrace][] => {
  const trace = recordedTrace(name);
  return [[name, trace], ...(trace.reply ? [[`${name}, back`, trace.reply] as [string, PacketTrace]] : [])];
});

test.each(ways)("nothing overlaps: %s", (_, trace) => {
  const { stops, bands, width, height, top } = layoutTrace(trace);
  const half = ({ label, minor }: (typeof stops)[number]): number =>
    minor ? 8 : (Math.max(label.top.length, label.below.length) * 7.25) / 2;
  stops.forEach((stop, at) => {
    const next = stops[at + 1];
    expect(stop.x - half(stop)).toBeGreaterThan(0);
    expect(stop.x + half(stop)).toBeLessThan(next ? next.x - half(next) : width);
    expect(stop.y).toBeGreaterThan(top);
    expect(stop.y).toBeLessThan(height - LANE / 2);
  });
  expect(bands[0]!.x).toBe(0);
  expect(bands.at(-1)!.x + bands.at(-1)!.width).toBe(width);
  bands.forEach(({ x, width: length, src, dst }, at) => {
    expect(length - 24).toBeGreaterThan(Math.max(src.length, dst.length + 2) * 7.2);
    if (at > 0) expect(x).toBe(bands[at - 1]!.x + bands[at - 1]!.width);
  });
});
