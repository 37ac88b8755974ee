import { describe, expect, test } from "vitest";
import type { DnsRecord } from "../../../../net/index.ts";
import { DnsWorld } from "../testing.ts";

const SOA: DnsRecord = {
  name: "example.com.", ttl: 900, type: "SOA", mname: "ns.", rname: "host.", serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 40,
}; // prettier-ignore
const UPSTREAM = {
  "long.example.com. A": { answers: [{ name: "long.example.com.", ttl: 300, type: "A" as const, address: "1.1.1.1" }] },
  "short.example.com. A": { answers: [{ name: "short.example.com.", ttl: 2, type: "A" as const, address: "2.2.2.2" }] },
  "none.example.com. A": { rcode: "NXDOMAIN" as const, authorities: [SOA] },
};

async function caching(line: string, options = ""): Promise<DnsWorld> {
  const world = new DnsWorld();
  world.upstream = UPSTREAM;
  await world.start(`. {\n errors\n ${line} {\n${options}\n }\n forward . 10.0.0.53\n prometheus :9153\n}\n`);
  world.logs();
  return world;
}

describe("cache", () => {
  test("TTLs are capped at once and count down by the clock; what is kept says aa", async () => {
    const world = await caching("cache 30");
    expect(world.dig("long.example.com")).toEqual(["NOERROR qr rd ra", "answer long.example.com. 30 A 1.1.1.1"]);
    await world.pass(12.1);
    expect(world.dig("LONG.example.com")).toEqual(["NOERROR qr aa rd ra", "answer long.example.com. 18 A 1.1.1.1"]);
    await world.pass(17.5);
    expect(world.dig("long.example.com")[1]).toBe("answer long.example.com. 1 A 1.1.1.1");
    await world.pass(1);
    expect(world.dig("long.example.com")).toEqual(["NOERROR qr rd ra", "answer long.example.com. 30 A 1.1.1.1"]);
    expect(world.asked.length).toBe(2);
  });

  test("the smallest TTL is 5 seconds, negative answers follow the SOA", async () => {
    const world = await caching("cache");
    expect(world.dig("short.example.com")[1]).toBe("answer short.example.com. 5 A 2.2.2.2");
    expect(world.dig("none.example.com")).toEqual([
      "NXDOMAIN qr rd ra",
      "authority example.com. 40 SOA ns. host. 1 1 1 1 40",
    ]);
    await world.pass(10.1);
    expect(world.dig("none.example.com")).toEqual([
      "NXDOMAIN qr aa rd ra",
      "authority example.com. 30 SOA ns. host. 1 1 1 1 40",
    ]);
  });

  test("types and capacities have limits of their own; disabled zones are not kept", async () => {
    const world = await caching("cache", "  success 1 100 10\n  denial 10 20\n  disable success short.example.com");
    expect(world.dig("long.example.com")[1]).toBe("answer long.example.com. 100 A 1.1.1.1");
    expect(world.dig("none.example.com")[1]).toBe("authority example.com. 20 SOA ns. host. 1 1 1 1 40");
    world.dig("short.example.com");
    expect(world.dig("short.example.com")).toEqual(["NOERROR qr rd ra", "answer short.example.com. 10 A 2.2.2.2"]);
  });

  test("zones outside are not cached", async () => {
    const world = await caching("cache 30 example.org");
    world.dig("long.example.com");
    expect(world.dig("long.example.com")).toEqual(["NOERROR qr rd ra", "answer long.example.com. 300 A 1.1.1.1"]);
  });

  test("server failures that upstream tells are kept for 5 seconds", async () => {
    const world = await caching("cache");
    world.upstream = { "x. A": { rcode: "SERVFAIL" } };
    world.dig("x");
    world.dig("x");
    await world.pass(6);
    world.dig("x");
    expect(world.asked).toEqual(["x. A", "x. A"]);
  });

  test("serve_stale answers with TTL 0, and asks in the background", async () => {
    const world = await caching("cache 30", "  serve_stale 1h");
    world.dig("long.example.com");
    await world.pass(60);
    world.cut("upstream");
    expect(world.dig("long.example.com")).toEqual(["NOERROR qr aa rd ra", "answer long.example.com. 0 A 1.1.1.1"]);
    world.mend("upstream");
    expect(world.dig("long.example.com")[1]).toBe("answer long.example.com. 0 A 1.1.1.1");
    expect(world.dig("long.example.com")[1]).toBe("answer long.example.com. 30 A 1.1.1.1");
    await world.pass(3700);
    expect(world.dig("long.example.com")[0]).toBe("NOERROR qr rd ra");
  });

  test("prefetch asks again for what is popular before it ends", async () => {
    const world = await caching("cache 30", "  prefetch 2 1m 50%");
    world.dig("long.example.com");
    await world.pass(20.1);
    world.dig("long.example.com");
    expect(world.asked.length).toBe(1);
    expect(world.dig("long.example.com")[1]).toBe("answer long.example.com. 10 A 1.1.1.1");
    expect(world.asked.length).toBe(2);
    expect(world.dig("long.example.com")[1]).toBe("answer long.example.com. 30 A 1.1.1.1");
  });

  test("hits and misses are counted", async () => {
    const world = await caching("cache 30");
    for (let count = 0; count < 3; count++) world.dig("long.example.com");
    world.dig("none.example.com");
    const metrics = world.get("/metrics", 9153).split("\n");
    expect(metrics.filter((line) => /^coredns_cache_(entries|hits|misses|requests)/.test(line))).toEqual([
      'coredns_cache_entries{server="dns://:53",type="denial",view="",zones="."} 1',
      'coredns_cache_entries{server="dns://:53",type="success",view="",zones="."} 1',
      'coredns_cache_hits_total{server="dns://:53",type="success",view="",zones="."} 2',
      'coredns_cache_misses_total{server="dns://:53",view="",zones="."} 2',
      'coredns_cache_requests_total{server="dns://:53",view="",zones="."} 4',
    ]);
    expect(metrics).toContain(
      'coredns_dns_requests_total{family="1",proto="udp",server="dns://:53",type="A",view="",zone="."} 4',
    );
    expect(metrics).toContain(
      'coredns_dns_responses_total{plugin="",rcode="NXDOMAIN",server="dns://:53",view="",zone="."} 1',
    );
  });
});
