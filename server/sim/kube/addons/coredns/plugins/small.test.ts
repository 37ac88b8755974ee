import { describe, expect, test } from "vitest";
import type { DnsRecord } from "../../../../net/index.ts";
import { DnsWorld } from "../testing.ts";

const address = (last: number): DnsRecord => ({ name: "a.", ttl: 60, type: "A", address: `10.1.1.${last}` });

async function running(lines: string): Promise<DnsWorld> {
  const world = new DnsWorld();
  world.upstream = { "a. A": { answers: [1, 2, 3, 4].map(address) } };
  await world.start(`. {\n${lines}\n forward . 10.0.0.53\n}\n`);
  world.logs();
  return world;
}

describe("small plugins", () => {
  test("loadbalance mixes addresses", async () => {
    const world = await running(" loadbalance");
    const orders = new Set(Array.from({ length: 20 }, () => world.dig("a.").slice(1).join()));
    expect(orders.size).toBeGreaterThan(5);
    expect(new Set(world.dig("a.").slice(1)).size).toBe(4);
    const plain = await running(" errors");
    expect(new Set(Array.from({ length: 5 }, () => plain.dig("a.").join())).size).toBe(1);
  });

  test("any answers with a riddle", async () => {
    const world = await running(" any");
    expect(world.dig("a.", "ANY")).toEqual([
      "NOERROR qr aa rd",
      "answer a. 8482 TYPE13 \x0dANY obsoleted\x0cSee RFC 8482",
    ]);
  });

  test("local answers for localhost", async () => {
    const world = await running(" local");
    expect(world.dig("localhost")).toEqual(["NOERROR qr aa rd", "answer localhost. 604800 A 127.0.0.1"]);
    expect(world.dig("1.0.0.127.in-addr.arpa", "PTR")[1]).toBe("answer 1.0.0.127.in-addr.arpa. 604800 PTR localhost.");
    expect(world.dig("a.")[0]).toBe("NOERROR qr rd ra");
  });

  test("acl blocks, filters and drops", async () => {
    const world = await running(
      " acl b. {\n  block type TXT net 10.0.0.0/24\n  filter type AAAA net *\n  drop net 10.0.0.3\n }\n acl {\n  allow net 10.0.0.0/8\n  block\n }",
    );
    expect(world.dig("x.b.", "TXT")).toEqual(["REFUSED qr rd"]);
    expect(world.dig("x.b.", "AAAA")).toEqual(["NOERROR qr rd"]);
    expect(world.dig("x.b.")).toEqual(["no answer"]);
    expect(world.dig("a.")[0]).toBe("NOERROR qr rd ra");
  });

  test("log writes classes and formats that are asked for", async () => {
    const world = await running(' log b. {\n  class denial error\n }\n log c. "{type} {name} {rcode} {>rflags}"');
    world.dig("a.");
    world.dig("x.b.");
    world.dig("x.c.");
    // An upstream's NXDOMAIN without SOA is an error to it.
    expect(world.logs()).toEqual([
      expect.stringMatching(
        /^\[INFO\] 10\.0\.0\.3:\d+ - 4711 "A IN x\.b\. udp 21 false 512" NXDOMAIN qr,rd,ra 21 0\.000\d+s$/,
      ),
      "[INFO] A x.c. NXDOMAIN qr,rd,ra",
    ]);
  });

  test("log and errors write when the query is through", async () => {
    const world = await running(" log\n errors");
    world.cut("upstream");
    world.dig("a.");
    expect(world.logs()).toEqual([]);
    await world.pass(7);
    expect(world.logs()).toEqual([
      expect.stringMatching(/^\[INFO\] 10\.0\.0\.3:\d+ - 4711 "A IN a\. udp 19 false 512" - - 0 6\.000\d+s$/),
      expect.stringMatching(/^\[ERROR\] plugin\/errors: 2 a\. A: read udp .*: i\/o timeout$/),
    ]);
  });
});
