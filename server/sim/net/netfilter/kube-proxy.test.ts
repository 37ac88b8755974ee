import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { Namespace } from "../namespace.ts";
import { listFlows } from "../conntrack/flows.ts";
import { flowText } from "../conntrack/text.ts";
import { cluster, clusterPod, iptables, listen, machine, sysctl, testNetwork, type Cluster } from "../testing.ts";
import { connect } from "../transport/connect.ts";
import { exchange } from "../transport/exchange.ts";
import { ping } from "../transport/ping.ts";
import { restoreRules } from "./restore.ts";
import { saveRules } from "./save.ts";

/** As kube-proxy writes them for one cluster: the recorded worlds are made with the same file. */
const RULES = readFileSync(new URL("fixtures/kube-proxy.rules", import.meta.url), "utf8");
const WEB = "10.103.45.120";

test("what is restored is saved again identically", () => {
  const ns = machine(testNetwork(), "node");
  expect(restoreRules(ns, RULES)).toBeUndefined();
  expect(saveRules(ns)).toBe(RULES);
  expect(restoreRules(ns, saveRules(ns))).toBeUndefined();
  expect(saveRules(ns)).toBe(RULES);
});

test("--noflush touches only the chains that it names", () => {
  const ns = machine(testNetwork(), "node");
  restoreRules(ns, RULES);
  const text = "*nat\n:KUBE-MARK-MASQ - [0:0]\n-A KUBE-MARK-MASQ -j MARK --set-xmark 0x8000/0x8000\nCOMMIT\n";
  expect(restoreRules(ns, text, { noflush: true })).toBeUndefined();
  expect(saveRules(ns)).toBe(
    RULES.replace(
      "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
      "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x8000/0x8000",
    ),
  );
});

describe("a text that cannot be restored changes nothing of its table, and says where and why", () => {
  const cases: [string, string, object][] = [
    [
      "an unknown chain to jump to",
      "*filter\n:A - [0:0]\n-A A -j NOPE\nCOMMIT\n",
      { line: 4, kind: "rule", problem: { problem: "parameter", text: "Chain 'NOPE' does not exist" } },
    ],
    [
      "an unknown chain to append to",
      "*filter\n-A NOPE -j DROP\nCOMMIT\n",
      { line: 2, kind: "rule", problem: { problem: "missing", text: "No chain/target/match by that name." } },
    ],
    [
      "an unknown option",
      "*filter\n-A INPUT --foo\nCOMMIT\n",
      { line: 2, kind: "rule", problem: { problem: "parameter", text: 'unknown option "--foo"' } },
    ],
    [
      "a target in the wrong table",
      "*filter\n-A INPUT -j MASQUERADE\nCOMMIT\n",
      {
        line: 2,
        kind: "kernel",
        problem: {
          problem: "kernel",
          errno: "EINVAL",
          text: " RULE_APPEND failed (Invalid argument): rule in chain INPUT",
        },
      },
    ],
    [
      "chains that jump in a circle",
      "*filter\n:A - [0:0]\n:B - [0:0]\n-A INPUT -j A\n-A A -j B\n-A B -j A\nCOMMIT\n",
      {
        line: 6,
        kind: "kernel",
        problem: {
          problem: "kernel",
          errno: "EMLINK",
          rule: expect.any(Number),
          text: " RULE_APPEND failed (Too many links): rule in chain B",
        },
      },
    ],
    [
      "no COMMIT",
      "*filter\n:A - [0:0]\n-A A -j ACCEPT",
      { line: 4, kind: "unfinished", problem: { problem: "other", text: "COMMIT expected" } },
    ],
    [
      "a table that does not exist",
      "*foo\nCOMMIT\n",
      { line: 1, kind: "table", problem: { problem: "parameter", text: "table name 'foo' invalid" } },
    ],
    ["words outside a table", "foo\n", { line: 1, kind: "syntax", problem: { problem: "other", text: "" } }],
    [
      "a policy that is none",
      "*filter\n:INPUT FOO [0:0]\nCOMMIT\n",
      { line: 2, kind: "policy", problem: { problem: "other", text: "Bad policy name.", policy: ["INPUT", "FOO"] } },
    ],
    [
      "a match that is not simulated",
      "*filter\n-A INPUT -m cluster --cluster-total-nodes 2 -j DROP\nCOMMIT\n",
      {
        line: 2,
        kind: "rule",
        problem: { problem: "other", text: "'-m cluster' is not simulated", unsimulated: "-m cluster" },
      },
    ],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    const ns = machine(testNetwork(), "node");
    restoreRules(ns, RULES);
    expect(restoreRules(ns, text, { noflush: true })).toEqual(expected);
    expect(saveRules(ns)).toBe(RULES);
  });
});

describe("Services by these rules", () => {
  let world: Cluster;
  let pods: Namespace[];
  let far: Namespace;

  beforeEach(() => {
    world = cluster();
    pods = [clusterPod(world, 0, "web-a", 2), clusterPod(world, 0, "web-b", 3)];
    far = clusterPod(world, 1, "far", 4);
    for (const node of world.nodes) expect(restoreRules(node, RULES)).toBeUndefined();
    world.network.serve("name", {
      stream: { receive: (_, { ns, remote }) => ({ bytes: `${ns.title} heard ${remote.address}`, close: "fin" }) },
    });
    for (const pod of pods) listen(pod, 80, { application: "name" });
  });

  function ask(from: Namespace, to = WEB, port = 80): string {
    const { outcome, connection, errno } = connect(from, { to, port });
    if (!connection || outcome !== "connected") {
      connection?.close();
      return errno ?? outcome;
    }
    const { bytes } = exchange(connection, "hello", (_, ended) => ended);
    connection.close();
    return bytes;
  }

  test("both endpoints answer, about as often, and see who asks", () => {
    const heard = new Map<string, number>();
    for (let count = 0; count < 200; count++) {
      const answer = ask(far);
      heard.set(answer, (heard.get(answer) ?? 0) + 1);
    }
    expect([...heard.keys()].sort()).toEqual(["Pod web-a heard 10.244.1.4", "Pod web-b heard 10.244.1.4"]);
    for (const count of heard.values()) expect(count).toBeGreaterThan(70);
  });

  test("a Pod reaches itself through its Service, as the address of its bridge", () => {
    const answers = new Set(Array.from({ length: 20 }, () => ask(pods[0]!)));
    expect([...answers].sort()).toEqual(["Pod web-a heard 10.244.0.1", "Pod web-b heard 10.244.0.2"]);
  });

  test("a node reaches it, masqueraded behind its tunnel's address", () => {
    expect(ask(world.nodes[1])).toMatch(/^Pod web-[ab] heard 10\.244\.1\.0$/);
    expect(ask(world.nodes[0])).toMatch(/^Pod web-[ab] heard 10\.244\.0\.1$/);
  });

  test("a NodePort answers on every node, and on localhost if the node routes it", () => {
    expect(ask(world.outside, "192.168.56.11", 30080)).toMatch(/^Pod web-[ab] heard 10\.244\.0\.1$/);
    expect(ask(world.outside, "192.168.56.12", 30080)).toMatch(/^Pod web-[ab] heard 10\.244\.1\.0$/);
    // kube-proxy sets route_localnet for this: a source of 127.0.0.1 has to leave by another link.
    sysctl(world.nodes[0], "net.ipv4.conf.all.route_localnet", 1);
    expect(ask(world.nodes[0], "127.0.0.1", 30080)).toMatch(/^Pod web-[ab] heard 10\.244\.0\.1$/);
  });

  test("a Service without endpoints refuses", () => {
    const { outcome, errno, by } = connect(far, { to: "10.96.77.7", port: 80 });
    expect({ outcome, errno, by: by?.ref?.text }).toEqual({
      outcome: "refused",
      errno: "ECONNREFUSED",
      by: '-A KUBE-SERVICES -d 10.96.77.7/32 -p tcp -m comment --comment "default/broken has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
    });
  });

  test("a port that the Service has not, and a ping, leave by the default route and get lost", () => {
    expect(ask(far, WEB, 81)).toBe("no answer");
    expect(ping(far, { to: WEB, id: 1, seq: 1 }).outcome).toBe("no answer");
  });

  test("without the rules there is no Service", () => {
    iptables(world.nodes[1], "-t nat -F KUBE-SERVICES");
    expect(ask(far)).toBe("no answer");
    expect(ask(pods[1]!)).toMatch(/heard/);
  });

  test("a known connection keeps its endpoint when the rules are gone", () => {
    const { connection } = connect(far, { to: WEB, port: 80 });
    iptables(world.nodes[1], "-t nat -F KUBE-SERVICES");
    expect(exchange(connection!, "hello", (_, ended) => ended).bytes).toMatch(/^Pod web-[ab] heard/);
  });

  test("without br_netfilter a Pod on the same node gets its answers from a stranger", () => {
    const client = clusterPod(world, 0, "client", 9);
    // What the Pod learns while the bridge translates is the client's own hardware address, not the bridge's.
    for (let count = 0; count < 8; count++) expect(ask(client)).toMatch(/heard 10\.244\.0\.9/);
    sysctl(world.nodes[0], "net.bridge.bridge-nf-call-iptables", 0);
    const { outcome, by } = connect(client, { to: WEB, port: 80 });
    expect({ outcome, by: by?.what }).toEqual({
      outcome: "no answer",
      by: expect.stringMatching(/^no connection at 10\.244\.0\.9:\d+ waits for this answer$/),
    });
    expect(ask(far)).toMatch(/heard/);
  });

  test("the node that translates knows the connection", () => {
    ask(far);
    const flows = listFlows(world.nodes[1])
      .map((row) => flowText(row, world.network.kernel.now))
      .filter((text) => text.includes(WEB));
    expect(flows.map((text) => text.replace(/port=\d{5}/g, "port=P"))).toEqual([
      expect.stringMatching(
        /^tcp {6}6 120 TIME_WAIT src=10\.244\.1\.4 dst=10\.103\.45\.120 sport=P dport=80 src=10\.244\.0\.[23] dst=10\.244\.1\.4 sport=80 dport=P \[ASSURED\] mark=0 use=1$/,
      ),
    ]);
  });

  test("session affinity: `recent` sends a client where it was before", () => {
    const [node] = [world.nodes[1]];
    const text = [
      "*nat",
      ":KUBE-SVC-LOLE4ISW44XBNF3G - [0:0]",
      ":KUBE-SEP-2TLZC6QOUTI37HEJ - [0:0]",
      ":KUBE-SEP-6E7XQMQ4RAYOWTTM - [0:0]",
      ...["2TLZC6QOUTI37HEJ", "6E7XQMQ4RAYOWTTM"].flatMap((name, at) => [
        `-A KUBE-SVC-LOLE4ISW44XBNF3G -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-${name} --mask 255.255.255.255 --rsource -j KUBE-SEP-${name}`,
        `-A KUBE-SEP-${name} -p tcp -m recent --set --name KUBE-SEP-${name} --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.244.0.${2 + at}:80`,
      ]),
      "-A KUBE-SVC-LOLE4ISW44XBNF3G -m statistic --mode random --probability 0.5 -j KUBE-SEP-2TLZC6QOUTI37HEJ",
      "-A KUBE-SVC-LOLE4ISW44XBNF3G -j KUBE-SEP-6E7XQMQ4RAYOWTTM",
      "COMMIT\n",
    ].join("\n");
    expect(restoreRules(node, text, { noflush: true })).toBeUndefined();
    const another = clusterPod(world, 1, "another", 5);
    for (const client of [far, another]) {
      const answers = new Set(Array.from({ length: 20 }, () => ask(client)));
      expect(answers.size).toBe(1);
    }
  });
});
