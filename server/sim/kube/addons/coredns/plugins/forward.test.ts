import { describe, expect, test } from "vitest";
import { DnsWorld, shown } from "../testing.ts";

const A = (name: string, address: string, ttl = 300) => ({ answers: [{ name, ttl, type: "A" as const, address }] });
const EXAMPLE = { "example.com. A": A("example.com.", "198.51.100.10") };

async function forwarding(options = "", upstream = EXAMPLE): Promise<DnsWorld> {
  const world = new DnsWorld();
  world.upstream = upstream;
  await world.start(`. {\n errors\n forward . 10.0.0.53 {\n${options}\n }\n}\n`);
  world.logs();
  return world;
}

describe("forward", () => {
  test("answers as the upstream server does", async () => {
    const world = await forwarding();
    expect(world.dig("example.com")).toEqual(["NOERROR qr rd ra", "answer example.com. 300 A 198.51.100.10"]);
    expect(world.dig("nx.example.com")).toEqual(["NXDOMAIN qr rd ra"]);
    expect(world.asked).toEqual(["example.com. A", "nx.example.com. A"]);
  });

  test("over TCP where that is forced", async () => {
    const world = await forwarding("  force_tcp");
    expect(world.dig("example.com")[0]).toBe("NOERROR qr rd ra");
    world.closeUpstream("tcp");
    expect(world.timed("example.com").seconds).toBe(1);
    await world.pass(2);
    expect(world.logs()).toEqual([
      "[ERROR] plugin/errors: 2 example.com. A: dial tcp 10.0.0.53:53: connect: connection refused",
    ]);
  });

  test("reads resolv.conf when it starts, and only then", async () => {
    const world = new DnsWorld();
    world.upstream = EXAMPLE;
    await world.start(". {\n forward . /etc/resolv.conf\n}\n");
    world.write("dns", "/etc/resolv.conf", "nameserver 10.0.0.99\n");
    expect(world.dig("example.com")[0]).toBe("NOERROR qr rd ra");
    const empty = new DnsWorld();
    empty.write("dns", "/etc/resolv.conf", "search x\n");
    await empty.start(". {\n forward . /etc/resolv.conf\n}\n");
    expect(empty.logs().at(-1)).toBe("2> plugin/forward: no nameservers found");
  });

  test("except passes on, another zone is not forwarded", async () => {
    const world = new DnsWorld();
    await world.start(". {\n forward a.test 10.0.0.53 {\n  except b.a.test\n }\n whoami\n}\n");
    expect(world.dig("x.a.test")).toEqual(["NXDOMAIN qr rd ra"]);
    expect(world.dig("b.a.test")[0]).toBe("NOERROR qr aa rd");
    expect(world.dig("c.test")[0]).toBe("NOERROR qr aa rd");
  });

  test("a silent upstream: 2 s a read, three of them, then a failure; checks find it down, and up again", async () => {
    const world = await forwarding();
    world.cut("upstream");
    const first = world.timed("example.com");
    expect([shown(first.message), first.seconds]).toEqual([["SERVFAIL qr rd"], 6]);
    expect(world.logs()).toEqual([]);
    await world.pass(6);
    expect(world.logs()).toEqual([
      expect.stringMatching(
        /^\[ERROR\] plugin\/errors: 2 example\.com\. A: read udp 10\.0\.0\.2:\d+->10\.0\.0\.53:53: i\/o timeout$/,
      ),
    ]);
    // It is down now: one try is enough.
    expect(world.timed("example.com").seconds).toBe(2);
    world.mend("upstream");
    expect(world.dig("example.com")[0]).toBe("NOERROR qr rd ra");
  });

  test("a port where nobody listens", async () => {
    const world = await forwarding();
    world.closeUpstream("udp");
    // The same error again and again, until three health checks have failed.
    const { message, seconds } = world.timed("example.com");
    expect([shown(message), seconds]).toEqual([["SERVFAIL qr rd"], 1]);
    await world.pass(2);
    expect(world.timed("example.com").seconds).toBe(0);
    expect(world.logs()).toEqual([
      expect.stringMatching(
        /^\[ERROR\] plugin\/errors: 2 example\.com\. A: read udp 10\.0\.0\.2:\d+->10\.0\.0\.53:53: read: connection refused$/,
      ),
      expect.stringContaining("connection refused"),
    ]);
  });

  test("a network that cannot be reached", async () => {
    const world = new DnsWorld();
    await world.start(". {\n errors\n forward . 8.8.8.8\n}\n");
    world.logs();
    expect(world.dig("example.com")).toEqual(["SERVFAIL qr rd"]);
    await world.pass(2);
    expect(world.logs()).toEqual([
      "[ERROR] plugin/errors: 2 example.com. A: dial udp 8.8.8.8:53: connect: network is unreachable",
    ]);
  });

  test("sequential: the next upstream is asked when the first is silent", async () => {
    const world = new DnsWorld();
    world.upstream = EXAMPLE;
    await world.start(". {\n errors\n forward . 10.0.0.77 10.0.0.53 {\n  policy sequential\n }\n}\n");
    const { message, seconds } = world.timed("example.com");
    expect([shown(message)[0], seconds]).toEqual(["NOERROR qr rd ra", 2]);
  });

  test("more queries at once than allowed are refused", async () => {
    const world = await forwarding("  max_concurrent 2");
    world.cut("upstream");
    expect(["a.", "b.", "c."].map((name) => world.dig(name)[0])).toEqual([
      "SERVFAIL qr rd",
      "SERVFAIL qr rd",
      "REFUSED qr rd",
    ]);
    expect(world.logs()).toEqual(["[ERROR] plugin/errors: 5 c. A: concurrent queries exceeded maximum 2"]);
    await world.pass(7);
    expect(world.dig("c.")[0]).toBe("SERVFAIL qr rd");
  });
});

describe("loops", () => {
  const itself = async (text: string): Promise<DnsWorld> => {
    const world = new DnsWorld();
    world.write("dns", "/etc/resolv.conf", "nameserver 127.0.0.1\n");
    return world.start(text);
  };

  test("are detected, and end the process", async () => {
    const world = await itself(".:53 {\n errors\n forward . /etc/resolv.conf\n loop\n}\n");
    expect(world.logs().slice(1)).toEqual([
      ".:53",
      "CoreDNS-1.12.0",
      "linux/amd64, go1.23.3, 51e11f1",
      expect.stringMatching(
        /^\[FATAL\] plugin\/loop: Loop \(127\.0\.0\.1:\d+ -> :53\) detected for zone "\.", see https:\/\/coredns\.io\/plugins\/loop#troubleshooting\. Query: "HINFO \d+\.\d+\."$/,
      ),
    ]);
    expect(world.exit).toEqual({ code: 1 });
    expect(world.kernel.state.names("coredns/")).toEqual([]);
  });

  test("through another address of the machine as well", async () => {
    const world = new DnsWorld();
    await world.start("example.test:53 {\n forward . 10.0.0.2:5353\n loop\n}\n.:5353 {\n forward . 10.0.0.2:53\n}\n");
    expect(world.logs().at(-1)).toMatch(
      /^\[FATAL\] plugin\/loop: Loop \(10\.0\.0\.2:\d+ -> :53\) detected for zone "example\.test\."/,
    );
  });

  test("that nobody looks for end at the limit, or by time-outs", async () => {
    const limited = await itself(". {\n errors\n forward . /etc/resolv.conf {\n  max_concurrent 1000\n }\n}\n");
    expect(limited.dig("example.com")).toEqual(["REFUSED qr rd"]);
    expect(limited.logs().at(-1)).toBe(
      "[ERROR] plugin/errors: 5 example.com. A: concurrent queries exceeded maximum 1000",
    );
    const endless = await itself(". {\n forward . /etc/resolv.conf\n}\n");
    const { message, seconds } = endless.timed("example.com");
    expect([shown(message), seconds]).toEqual([["SERVFAIL qr rd"], 6]);
  });

  test("there is none where the upstream answers, and nobody looks later", async () => {
    const world = new DnsWorld();
    await world.start(". {\n errors\n forward . 10.0.0.53\n loop\n}\n", { seconds: 40 });
    expect(world.asked).toEqual([expect.stringMatching(/^\d+\.\d+\. TYPE13$/)]);
    expect(world.exit).toBeUndefined();
  });

  test("an upstream that is silent is asked for half a minute", async () => {
    const world = new DnsWorld();
    world.cut("upstream");
    await world.start(". {\n errors\n forward . 10.0.0.53\n loop\n}\n", { seconds: 60 });
    const lines = world.logs().slice(4);
    expect(lines.length).toBe(10);
    expect(lines[0]).toMatch(
      /^\[ERROR\] plugin\/errors: 2 \d+\.\d+\. HINFO: read udp 10\.0\.0\.2:\d+->10\.0\.0\.53:53: i\/o timeout$/,
    );
    expect(world.kernel.events()).toEqual([]);
  });
});
