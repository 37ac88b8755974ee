import { describe, expect, test } from "vitest";
import { DnsWorld, KUBEADM } from "./testing.ts";

const BANNER = [
  "maxprocs: Leaving GOMAXPROCS=2: CPU quota undefined",
  ".:53",
  "[INFO] plugin/reload: Running configuration SHA512 = 1b226df79860026c6a52e67daa10d7f0d57ec5b023288ec00c5e05f93523c894564e15b91770d3a07ae1cfbe861d15b37d4a0027e69c546ab112970993a3b03b",
  "CoreDNS-1.12.0",
  "linux/amd64, go1.23.3, 51e11f1",
];

describe("starting", () => {
  // As in clusters of kubeadm 1.33.
  test("with kubeadm's Corefile", async () => {
    const world = await new DnsWorld().start();
    expect(world.logs()).toEqual(BANNER);
    expect(world.get("/health", 8080)).toBe("200 OK");
    expect(world.get("/ready", 8181)).toBe("200 OK");
    expect(world.get("/other", 8080)).toBe("404 404 page not found\n");
  });

  test("zones and addresses are told", async () => {
    const world = await new DnsWorld().start(
      "b.test a.test:53 {\n whoami\n}\n.:1053 {\n bind 127.0.0.1 eth0\n whoami\n}\n",
    );
    expect(world.logs().slice(1, -2)).toEqual([
      "a.test.:53",
      "b.test.:53",
      ".:1053 on 127.0.0.1",
      ".:1053 on 10.0.0.2",
    ]);
  });

  test("an empty Corefile stands for whoami and log", async () => {
    const world = await new DnsWorld().start("# nothing\n");
    expect(world.dig("x.test")).toEqual([
      "NOERROR qr aa rd",
      "additional x.test. 0 A 10.0.0.3",
      expect.stringMatching(/^additional _udp\.x\.test\. 0 SRV 0 0 \d+ \.$/),
    ]);
    expect(world.logs().at(-1)).toMatch(
      /^\[INFO\] 10\.0\.0\.3:\d+ - 4711 "A IN x\.test\. udp 24 false 512" NOERROR qr,aa,rd 76 0\.000\d+s$/,
    );
  });

  test.each([
    [".:53 {\n  foo\n}\n", "/etc/coredns/Corefile:2 - Error during parsing: Unknown directive 'foo'", 1],
    [".:53 {\n forward . x\n}\n", 'plugin/forward: not an IP address or file: "x"', 1],
    [
      ".:53 {\n forward .\n}\n",
      "plugin/forward: /etc/coredns/Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after '.'",
      1,
    ],
    [
      ".:53 {\n forward . 1.1.1.1 {\n  policy best\n }\n}\n",
      "plugin/forward: /etc/coredns/Corefile:3 - Error during parsing: unknown policy 'best'",
      1,
    ],
    [
      ".:53 {\n forward . 1.1.1.1 {\n  health_check 5\n }\n}\n",
      'plugin/forward: time: missing unit in duration "5"',
      1,
    ],
    [
      ".:53 {\n kubernetes cluster.local {\n  pods maybe\n }\n}\n",
      "plugin/kubernetes: wrong value for pods: maybe,  must be one of: disabled, verified, insecure",
      1,
    ],
    [
      ".:53 {\n kubernetes cluster.local {\n  ttl 4000\n }\n}\n",
      "plugin/kubernetes: /etc/coredns/Corefile:3 - Error during parsing: ttl must be in range [0, 3600]: 4000",
      1,
    ],
    [
      ".:53 {\n kubernetes cluster.local {\n  nope\n }\n}\n",
      "plugin/kubernetes: /etc/coredns/Corefile:3 - Error during parsing: unknown property 'nope'",
      1,
    ],
    [".:53 {\n kubernetes in-addr.arpa\n}\n", "plugin/kubernetes: non-reverse zone name must be used", 1],
    [".:53 {\n cache 0\n}\n", "plugin/cache: cache TTL can not be zero or negative: 0", 1],
    [".:53 {\n cache\n cache\n}\n", "plugin/cache: this plugin can only be used once per Server Block", 1],
    [".:53 {\n errors\n}\n.:53 {\n errors\n}\n", "cannot serve dns://.:53 - it is already defined", 1],
    ["a..b {\n errors\n}\n", "error inspecting server blocks: zone is not a valid domain name: a..b", 1],
    [".:53 {\n reload 1s\n}\n", "plugin/reload: interval value must be greater or equal to 2s", 1],
    [".:53 {\n rewrite name regex ( x\n}\n", "plugin/rewrite: invalid regex matching pattern: (", 1],
    [".:53 {\n dnssec\n}\n", "drydock: coredns: plugin 'dnssec' is not simulated", 64],
    [".:53 {\n forward . tls://1.1.1.1\n}\n", "drydock: coredns: forwarding over TLS is not simulated", 64],
  ])("%j ends", async (corefile, line, code) => {
    const world = await new DnsWorld().start(corefile);
    expect([world.logs().slice(1), world.exit]).toEqual([[`2> ${line}`], { code }]);
  });

  test("without its file, service account or flags", async () => {
    const gone = await new DnsWorld().start(KUBEADM, { args: ["-conf", "/nowhere"] });
    expect([gone.logs(), gone.exit]).toEqual([
      [
        "maxprocs: Leaving GOMAXPROCS=2: CPU quota undefined",
        "2> loading Caddyfile via flag: open /nowhere: no such file or directory",
      ],
      { code: 1 },
    ]);
    const outside = await new DnsWorld().start(KUBEADM, { env: { KUBERNETES_SERVICE_HOST: "" } });
    expect(outside.logs().at(-1)).toBe(
      "2> plugin/kubernetes: unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
    );
    const wrong = await new DnsWorld().start(KUBEADM, { args: ["-config", "x"] });
    expect([wrong.logs()[0], wrong.exit]).toEqual(["2> flag provided but not defined: -config", { code: 2 }]);
  });

  test("with a port that is taken", async () => {
    const world = await new DnsWorld().start(".:6053 {\n whoami\n health :7000\n ready :7000\n}\n");
    expect([world.logs().at(-1), world.exit]).toEqual([
      "2> listen tcp :7000: bind: address already in use",
      { code: 1 },
    ]);
  });
});

describe("ending", () => {
  test("goes on for the lame duck's time, without being ready", async () => {
    const world = await new DnsWorld().start();
    world.logs();
    world.signal("SIGTERM");
    expect(world.logs()).toEqual([
      "[INFO] SIGTERM: Shutting down servers then terminating",
      "[INFO] plugin/health: Going into lameduck mode for 5s",
    ]);
    expect(world.get("/ready", 8181)).toBe("refused");
    expect(world.get("/health", 8080)).toBe("200 OK");
    expect(world.dig("default.svc.cluster.local")[0]).toBe("NOERROR qr aa rd");
    await world.pass(4.9);
    expect(world.exit).toBeUndefined();
    await world.pass(0.2);
    expect(world.exit).toEqual({ code: 0 });
    expect(world.dig("default.svc.cluster.local")).toEqual(["refused"]);
    expect(world.kernel.state.names("coredns/").length).toBe(0);
    expect(world.kernel.state.table("coredns").size).toBe(0);
  });

  test("at once without health", async () => {
    const world = await new DnsWorld().start(". {\n whoami\n}\n");
    world.signal("SIGINT");
    await world.pass(0);
    expect([world.logs().at(-1), world.exit]).toEqual(["[INFO] SIGINT: Shutting down", { code: 0 }]);
  });
});

describe("queries", () => {
  test("go to the block with the longest zone; without one they are refused", async () => {
    const world = await new DnsWorld().start(
      "b.test {\n template ANY ANY {\n  rcode NXDOMAIN\n }\n}\na.b.test {\n whoami\n}\n",
    );
    expect(world.dig("x.a.b.test")[0]).toBe("NOERROR qr aa rd");
    expect(world.dig("c.B.test")).toEqual(["NXDOMAIN qr aa rd"]);
    expect(world.dig("other.test")).toEqual(["REFUSED qr rd"]);
  });

  test("of another class are refused, EDNS is answered with EDNS", async () => {
    const world = await new DnsWorld().start(". {\n whoami\n}\n");
    expect(world.ask("version.bind", "TXT", { class: "CH" })).toMatchObject({ rcode: "REFUSED" });
    const edns = {
      udpSize: 1232,
      dnssecOk: true,
      options: [
        { code: 10, data: "cookie12" },
        { code: 8, data: "subnet" },
      ],
    };
    expect(world.ask("x.", "A", { edns })).toMatchObject({
      edns: { udpSize: 1232, dnssecOk: true, options: [{ code: 10, data: "cookie12" }] },
    });
  });

  test("nothing is left to happen when nothing happens", async () => {
    const world = await new DnsWorld().start();
    world.dig("default.svc.cluster.local");
    await world.pass(5);
    expect(world.kernel.events()).toEqual([]);
  });
});
