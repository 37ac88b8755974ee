import { expect, test } from "vitest";
import { recordedTrace } from "../../testing/recorded-trace.ts";
import { hopSentence, timeWords, verdictWords, waysOf } from "./hop-words.ts";

test("a packet's way as text", () => {
  expect(recordedTrace("dropped").hops.map(hopSentence)).toMatchInlineSnapshot(`
    [
      "Pod client-5c578c8f8b-26zfk on node01: sends 10.244.1.4:52152 to 10.96.0.10:53 (tcp)",
      "Pod client-5c578c8f8b-26zfk on node01: route to 10.96.0.10: via 10.244.1.1, out eth0",
      "Pod client-5c578c8f8b-26zfk on node01: asks on eth0 who has 10.244.1.1: 96:0f:08:9c:7b:95",
      "Pod client-5c578c8f8b-26zfk on node01: veth eth0 to veth79b29283",
      "node01: nat PREROUTING → KUBE-SERVICES → KUBE-SVC-ERIFXISQEP7F7OF4 → KUBE-SEP-ZXMNUKOKXUTL2MK2: DNAT --to-destination 10.244.0.3:53 (destination 10.96.0.10:53 becomes 10.244.0.3:53)",
      "node01: route to 10.244.0.3: via 10.244.0.0, out flannel.1",
      "node01: filter FORWARD: DROP for 10.244.1.4:52152 to 10.244.0.3:53 (tcp)",
    ]
  `);
});

test("how packets ended", () => {
  expect(waysOf(recordedTrace("service-refused")).map(verdictWords)).toMatchInlineSnapshot(`
    [
      "refused at node01",
      "delivered at Pod client-5c578c8f8b-26zfk on node01",
    ]
  `);
});

test("times in two digits", () => {
  expect([0, 900, 10_900, 1_250_000, 3e9].map(timeWords)).toEqual(["0 ns", "900 ns", "11 µs", "1.3 ms", "3 s"]);
});
