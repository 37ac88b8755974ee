import { expect, test } from "vitest";
import type { PacketHeaders } from "../../../grader/trace.ts";
import { recordedTrace } from "../../testing/recorded-trace.ts";
import { changesOf, endsOf, firstEnds, packetWords } from "./headers.ts";

const packet: PacketHeaders = {
  src: "10.0.0.1",
  dst: "10.0.0.2",
  protocol: 6,
  sport: 40_000,
  dport: 80,
  mark: 0,
  ttl: 64,
  size: 60,
};
const hop = { host: "node01", netns: "", at: "rule", what: "", ns: 0 } as const;

test("ends have ports where there are any; IPv6 addresses stand in brackets then", () => {
  expect(endsOf(packet)).toEqual({ src: "10.0.0.1:40000", dst: "10.0.0.2:80" });
  expect(endsOf({ ...packet, dst: "fd00::2" }).dst).toBe("[fd00::2]:80");
  const { sport, dport, ...ping } = { ...packet, dst: "fd00::2", protocol: 58 };
  expect([sport, dport, endsOf(ping).dst]).toEqual([40_000, 80, "fd00::2"]);
});

test("a source that is drawn when the packet is sent is that of the first hop", () => {
  expect(firstEnds(recordedTrace("lost-ping"))).toEqual({ src: "172.30.1.2", dst: "10.244.7.7" });
  expect(firstEnds(recordedTrace("no-route"))).toEqual({ src: "no source yet", dst: "198.51.100.7" });
});

test("what a hop changed, field by field", () => {
  expect(
    changesOf({ ...hop, before: packet, after: { ...packet, dst: "10.244.1.7", dport: 8080, mark: 0x4000 } }),
  ).toEqual([
    { field: "destination", from: "10.0.0.2:80", to: "10.244.1.7:8080" },
    { field: "mark", from: "0x0", to: "0x4000" },
  ]);
  expect(changesOf(hop)).toEqual([]);
});

test("kinds of packets in words", () => {
  expect(packetWords({ ...packet, flags: 2 })).toBe("TCP SYN");
  expect(packetWords({ ...packet, flags: 20 })).toBe("TCP RST ACK");
  expect(packetWords({ ...packet, protocol: 17 })).toBe("UDP");
  expect(packetWords({ ...packet, protocol: 1, icmp: { type: 8, code: 0, id: 1, seq: 1 } })).toBe("ICMP echo request");
  expect(packetWords({ ...packet, protocol: 1, icmp: { type: 42, code: 0, id: 0, seq: 0 } })).toBe("ICMP type 42");
  expect(packetWords({ ...packet, protocol: 47 })).toBe("protocol 47");
});
